// Piecewise curves of PyPSA 1.4 (<list>-<attribute>-pw.csv): breakpoints of a cost or an efficiency over the capacity or the power.
// The file has two headings, the component's name and "x or attribute", and a column of numbers before them.
// Traps: a cost at a breakpoint is that of the piece that ends there; an efficiency stands at its breakpoint, and what is linear between
// breakpoints is the flow, not the efficiency.
import type { Table } from '@madang/numerics';
import { EnergyError } from '../error.ts';
import { NOMINAL } from './attributes.ts';

/** Breakpoints in rising order of x (share of the capacity, or capacity), and the attribute's value at each. */
export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Name of the horizontal axis of a curve; undefined where PyPSA knows no curve of the attribute. */
export function axisOf(list: string, attribute: string): string | undefined {
  if (attribute === 'capital_cost') return NOMINAL[list];
  if (!OVER_POWER[list]?.test(attribute)) return undefined;
  return list === 'storage_units' ? 'p_dispatch_pu' : 'p_pu';
}

const OVER_POWER: Readonly<Record<string, RegExp>> = {
  generators: /^(marginal_cost|efficiency)$/,
  links: /^(marginal_cost|efficiency\d*)$/,
  processes: /^(marginal_cost|rate\d+)$/,
  storage_units: /^marginal_cost$/,
  stores: /^marginal_cost$/,
};

/** Reads the curves of one file by component. Throws EnergyError naming file and component. */
export function readCurves(table: Table, file: string, list: string, attribute: string): Map<string, Curve> {
  const axis = axisOf(list, attribute);
  if (axis === undefined)
    throw new EnergyError('unsupported', `${file}: PyPSA has no piecewise curves of ${attribute} of ${list}`);
  const kinds = table.length > 0 ? table.row(0) : [];
  const rows = Array.from({ length: Math.max(0, table.length - 1) }, (_, k) => table.row(k + 1));
  const columns = new Map<string, { x: number; y: number }>();
  for (const [at, name] of table.columns.entries()) {
    if (at === 0) continue;
    const pair = columns.get(name) ?? { x: -1, y: -1 };
    if (kinds[at] === axis) pair.x = at;
    else if (kinds[at] === attribute) pair.y = at;
    else
      throw new EnergyError('syntax', `${file}, "${name}": "${kinds[at]}" stands where ${axis} or ${attribute} should`);
    columns.set(name, pair);
  }
  const curves = new Map<string, Curve>();
  for (const [name, { x, y }] of columns) {
    const fail = (what: string) => new EnergyError('limits-contradict', `${file}, "${name}": ${what}`);
    if (x < 0 || y < 0) throw fail(`both ${axis} and ${attribute} are needed`);
    const points = rows.map(r => [r[x], r[y]]).filter(p => !p.every(isEmpty));
    const numbers = points.map(p => p.map(v => (isEmpty(v) ? Number.NaN : Number(v))));
    if (!numbers.flat().every(Number.isFinite)) throw fail('a breakpoint is not two numbers');
    if (numbers.length === 0) continue;
    numbers.sort((p, q) => p[0] - q[0]);
    if (numbers.length < 2) throw fail('a curve needs two breakpoints');
    if (numbers[0][0] > 0) throw fail(`the curve must begin at ${axis} 0, not ${numbers[0][0]}`);
    if (axis.endsWith('_pu') && numbers[numbers.length - 1][0] < 1) throw fail(`the curve must end at ${axis} 1`);
    const values = numbers.map(p => p[1]);
    if (!attribute.endsWith('_cost') && values.some(v => v < 0) && values.some(v => v > 0))
      throw fail('values of both signs are not supported');
    curves.set(name, { x: numbers.map(p => p[0]), y: values });
  }
  return curves;
}

const isEmpty = (v: string) => /^\s*(nan)?\s*$/i.test(v);

/** The two headings and the breakpoints as PyPSA writes them. */
export function formatCurves(list: string, attribute: string, curves: ReadonlyMap<string, Curve>): string {
  const axis = axisOf(list, attribute) ?? '';
  const all = [...curves];
  const longest = Math.max(0, ...all.map(([, c]) => c.x.length));
  const quoted = (s: string) => (/[",\n\r]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s);
  const lines = [
    ['name', ...all.flatMap(([name]) => [quoted(name), quoted(name)])],
    ['attribute', ...all.flatMap(() => [axis, attribute])],
    ['breakpoint', ...all.flatMap(() => ['', ''])],
    ...Array.from({ length: longest }, (_, k) => [k, ...all.flatMap(([, c]) => [c.x[k] ?? '', c.y[k] ?? ''])]),
  ];
  return `${lines.map(l => l.join(',')).join('\n')}\n`;
}
