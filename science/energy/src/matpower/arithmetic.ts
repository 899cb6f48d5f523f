// The little arithmetic that MATPOWER's distribution cases do at their end: index names, scalars, and columns times or divided by a scalar
// (ohm to per unit, kW to MW). Nothing else is evaluated.
import type { Matrix } from './case.ts';

/** MATPOWER's names of columns (idx_bus, idx_gen, idx_brch), in order; the manual's tables B-1 to B-3. */
const INDEX: Readonly<Record<string, readonly string[]>> = {
  bus: 'BUS_I BUS_TYPE PD QD GS BS BUS_AREA VM VA BASE_KV ZONE VMAX VMIN'.split(' '),
  gen: 'GEN_BUS PG QG QMAX QMIN VG MBASE GEN_STATUS PMAX PMIN'.split(' '),
  branch: 'F_BUS T_BUS BR_R BR_X BR_B RATE_A RATE_B RATE_C TAP SHIFT BR_STATUS ANGMIN ANGMAX'.split(' '),
};

const FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  sqrt: Math.sqrt,
  sin: Math.sin,
  cos: Math.cos,
  acos: Math.acos,
  tan: Math.tan,
};

/** What an expression may refer to. */
export interface Scope {
  readonly scalars: ReadonlyMap<string, number>;
  readonly matrices: Readonly<Record<string, Matrix>>;
  readonly baseMva: number | undefined;
}

/** The value of a scalar expression; undefined when it is none. */
export function evaluate(text: string, scope: Scope): number | undefined {
  const tokens =
    text.match(/\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|[A-Za-z]\w*(?:\.\w+)*|[-+*/^(),]|\S/g) ?? [];
  let at = 0;
  const take = (token: string): boolean => {
    if (tokens[at] !== token) return false;
    at += 1;
    return true;
  };
  const sum = (): number => {
    let x = product();
    for (;;) {
      if (take('+')) x += product();
      else if (take('-')) x -= product();
      else return x;
    }
  };
  const product = (): number => {
    let x = power();
    for (;;) {
      if (take('*')) x *= power();
      else if (take('/')) x /= power();
      else return x;
    }
  };
  const power = (): number => {
    if (take('-')) return -power();
    if (take('+')) return power();
    let x = atom();
    while (take('^')) x **= atom();
    return x;
  };
  const atom = (): number => {
    const token = tokens[at++] ?? '';
    if (token === '(') {
      const x = sum();
      return take(')') ? x : Number.NaN;
    }
    if (/^[\d.]/.test(token)) return Number(token);
    if (token === 'mpc.baseMVA' || token === 'baseMVA') return scope.baseMva ?? Number.NaN;
    const field = /^mpc\.(\w+)$/.exec(token)?.[1];
    if (field !== undefined) return element(field);
    if (token in FUNCTIONS && take('(')) {
      const x = FUNCTIONS[token](sum());
      return take(')') ? x : Number.NaN;
    }
    return token === 'pi' ? Math.PI : (scope.scalars.get(token) ?? Number.NaN);
  };
  /** mpc.bus(1, BASE_KV) */
  const element = (field: string): number => {
    const m = scope.matrices[field];
    if (!m || !take('(')) return Number.NaN;
    const row = Number(tokens[at++]) - 1;
    const column = take(',') ? columnOf(field, tokens[at++] ?? '') : -1;
    return take(')') && row >= 0 && row < m.rows && column >= 0 && column < m.columns
      ? m.data[row * m.columns + column]
      : Number.NaN;
  };
  const x = sum();
  return at === tokens.length && Number.isFinite(x) ? x : undefined;
}

/** Does `mpc.M(:, columns) = mpc.M(:, columns) * scalar` (or `/`) in place; false when the text is nothing of the kind. */
export function scaleColumns(text: string, scope: Scope): boolean {
  const match = /^mpc\.(\w+)\(\s*:\s*,([^)]*)\)\s*=\s*mpc\.(\w+)\(\s*:\s*,([^)]*)\)\s*([*/])(.*)$/s.exec(text);
  const m = match && match[1] === match[3] ? scope.matrices[match[1]] : undefined;
  if (!match || !m) return false;
  const columns = (list: string) =>
    list
      .replaceAll(/[[\],]/g, ' ')
      .trim()
      .split(/\s+/)
      .map(name => columnOf(match[1], name));
  const to = columns(match[2]);
  const from = columns(match[4]);
  const scalar = evaluate(match[6], scope);
  if (scalar === undefined || to.length !== from.length || [...to, ...from].some(c => c < 0 || c >= m.columns))
    return false;
  for (let i = 0; i < m.rows; i++) {
    const old = from.map(c => m.data[i * m.columns + c]);
    for (const [k, c] of to.entries()) m.data[i * m.columns + c] = match[5] === '*' ? old[k] * scalar : old[k] / scalar;
  }
  return true;
}

function columnOf(field: string, name: string): number {
  return /^\d+$/.test(name) ? Number(name) - 1 : (INDEX[field]?.indexOf(name) ?? -1);
}
