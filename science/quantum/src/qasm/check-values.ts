// Names, values and places in a program that is being checked: what check.ts needs to walk its statements.
import { standardGates } from '../circuit/standard.ts';
import type { ArrayLiteral, Expression, Index, Operand, Range, Right, Statement, StatementOf } from './ast.ts';
import { builtins } from './builtins.ts';
import { runtimePart } from './constant.ts';
import { type Loaded, STANDARD_FILE } from './load.ts';
import type { Position } from './source.ts';

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** What a name stands for, as far as it is known without running. */
export type Known =
  | { readonly kind: 'classical'; readonly fixed: boolean; readonly constant: boolean }
  | { readonly kind: 'qubits'; readonly parts: boolean }
  | { readonly kind: 'alias' }
  | { readonly kind: 'gate'; readonly angles: number; readonly qubits: number; readonly standard?: boolean }
  | { readonly kind: 'def' | 'extern'; readonly parameters: number };

export interface Where {
  readonly names: Map<string, Known>;
  readonly outer?: Where;
  readonly kind: 'global' | 'block' | 'gate' | 'def';
  readonly loop: boolean;
  /** Of a gate: its name, which its body may not call. Of a subroutine: whether it returns a value. */
  readonly gate?: string;
  readonly returns?: boolean;
}

/** "1 angle", "2 angles". */
export const several = (n: number | string, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

export abstract class ValueChecker {
  protected readonly loaded: Loaded;
  protected readonly most: number;
  protected readonly problems: Problem[] = [];
  /** Gates that have a calibration; a call of one that has nothing else is told so. */
  protected readonly calibrated = new Set<string>();

  constructor(loaded: Loaded, most: number) {
    this.loaded = loaded;
    this.most = most;
  }

  protected abstract block(list: readonly Statement[], where: Where): void;

  protected say(message: string, at: Position): void {
    if (this.problems.length < this.most) this.problems.push({ ...this.loaded.sources.place(at), message });
  }

  /** The closest gate or subroutine body, or the program. */
  protected body(where: Where): Where {
    let w = where;
    while (w.kind === 'block' && w.outer) w = w.outer;
    return w;
  }

  protected home(where: Where): 'global' | 'block' | 'gate' | 'def' {
    return this.body(where).kind;
  }

  protected find(name: string, where: Where): Known | undefined {
    let closed = false;
    for (let w: Where | undefined = where; w; w = w.outer) {
      const k = w.names.get(name);
      if (
        k &&
        (!closed ||
          k.kind === 'gate' ||
          k.kind === 'def' ||
          k.kind === 'extern' ||
          (k.kind === 'classical' && k.constant))
      )
        return k;
      if (w.kind === 'gate' || w.kind === 'def') closed = true;
    }
    return undefined;
  }

  protected introduce(name: string, known: Known, at: Position, where: Where): void {
    const before = where.names.get(name);
    if (!before) where.names.set(name, known);
    else
      this.say(
        `"${name}" is declared already${before.kind === 'gate' && before.standard ? ` by ${STANDARD_FILE}` : ''}`,
        at,
      );
  }

  protected undeclaredGate(name: string, at: Position, where: Where): void {
    const hint =
      this.body(where).gate === name
        ? ': a gate cannot call itself'
        : this.calibrated.has(name)
          ? ' as a gate: it has only a calibration (defcal), which is not run here; give it a gate definition too'
          : standardGates[name]
            ? `; it is in ${STANDARD_FILE}: include "${STANDARD_FILE}";`
            : '';
    this.say(`"${name}" is not declared${hint}`, at);
  }

  protected qubits(o: Operand, where: Where): void {
    for (const i of o.indices) this.index(i, where);
    if (o.name.startsWith('$')) {
      if (this.home(where) === 'gate') this.say('a gate cannot name hardware qubits', o.at);
      return;
    }
    const k = this.find(o.name, where);
    if (!k) this.say(`"${o.name}" is not declared`, o.at);
    else if (k.kind !== 'qubits' && k.kind !== 'alias') this.say(`"${o.name}" is not a qubit`, o.at);
    else if (k.kind === 'qubits' && !k.parts && o.indices.length > 0)
      this.say(`"${o.name}" is a single qubit and has no parts`, o.at);
  }

  protected target(o: Operand, where: Where): void {
    for (const i of o.indices) this.index(i, where);
    const k = this.find(o.name, where);
    if (!k) this.say(`"${o.name}" is not declared`, o.at);
    else if (k.kind !== 'classical' && k.kind !== 'alias')
      this.say(`"${o.name}" cannot take the outcome of a measurement`, o.at);
    else if (k.kind === 'classical' && k.fixed) this.say(`"${o.name}" cannot be changed`, o.at);
  }

  protected right(r: Right | ArrayLiteral, where: Where): void {
    if (r.kind === 'measure') this.qubits(r.operand, where);
    else if (r.kind === 'array') for (const x of r.items) this.right(x, where);
    else if (r.kind === 'quantum-call') {
      for (const a of r.args) this.any(a, where);
      for (const o of r.operands) this.qubits(o, where);
      const k = this.find(r.name, where);
      if (!k) this.say(`"${r.name}" is not declared`, r.at);
      else if (k.kind !== 'def' && k.kind !== 'extern') this.say(`"${r.name}" is not a subroutine`, r.at);
    } else this.value(r, where);
  }

  /** An expression that may name qubits as a whole: arguments and aliases. */
  protected any(e: Expression, where: Where): void {
    if (e.kind === 'hardware') return;
    if (e.kind === 'name' && this.find(e.name, where)?.kind === 'qubits') return;
    if (e.kind === 'index') {
      this.any(e.base, where);
      this.index(e.index, where);
      return;
    }
    if (e.kind === 'group') this.any(e.inner, where);
    else this.value(e, where);
  }

  protected value(e: Expression, where: Where): void {
    switch (e.kind) {
      case 'name': {
        const k = this.find(e.name, where);
        if (!k) this.say(`"${e.name}" is not declared`, e.at);
        else if (k.kind === 'qubits') this.say(`"${e.name}" is a qubit; its value can only be had by measuring`, e.at);
        else if (k.kind === 'gate' || k.kind === 'def' || k.kind === 'extern')
          this.say(`"${e.name}" is not a value`, e.at);
        return;
      }
      case 'hardware':
        this.say(`$${e.index} is a qubit; its value can only be had by measuring`, e.at);
        return;
      case 'group':
        this.value(e.inner, where);
        return;
      case 'index':
        this.value(e.base, where);
        this.index(e.index, where);
        return;
      case 'unary':
        this.value(e.operand, where);
        return;
      case 'binary':
        this.value(e.left, where);
        this.value(e.right, where);
        return;
      case 'cast':
        this.type(e.type, where);
        this.value(e.operand, where);
        return;
      case 'durationof':
        this.block(e.body, where);
        return;
      case 'call': {
        for (const a of e.args) this.any(a, where);
        const k = this.find(e.name, where);
        const b = builtins[e.name];
        if (!k && b) {
          if (e.args.length < b[0] || e.args.length > b[1])
            this.say(
              `${e.name} takes ${several(b[0] === b[1] ? b[0] : `${b[0]} or ${b[1]}`, 'argument')}, not ${e.args.length}`,
              e.at,
            );
        } else if (!k) this.say(`"${e.name}" is not declared`, e.at);
        else if (k.kind !== 'def' && k.kind !== 'extern') this.say(`"${e.name}" is not a subroutine`, e.at);
        else if (e.args.length !== k.parameters)
          this.say(`${e.name} takes ${several(k.parameters, 'argument')}, not ${e.args.length}`, e.at);
        return;
      }
      default:
        return;
    }
  }

  protected index(i: Index, where: Where): void {
    for (const x of i.items) {
      if (x.kind === 'range') this.range(x, where);
      else this.value(x, where);
    }
  }

  protected range(r: Range, where: Where): void {
    for (const e of [r.start, r.step, r.stop]) if (e) this.value(e, where);
  }

  protected type(t: StatementOf<'declare'>['type'], where: Where): void {
    if (t.kind === 'array-type') {
      for (const d of t.dimensions) this.size(d, where);
      if (t.base.kind === 'bit') this.say('an array cannot hold bits; bool can be used instead', t.at);
      this.type(t.base, where);
    } else if ('size' in t && t.size) this.size(t.size, where);
    else if (t.kind === 'complex' && t.part) this.type(t.part, where);
  }

  /** A size in a type or declaration. */
  protected size(e: Expression, where: Where): void {
    this.value(e, where);
    this.known(e, where, 'a size');
  }

  /** Says so when an expression can only be known by running. */
  protected known(e: Expression, where: Where, what: string): void {
    const part = runtimePart(e, name => {
      const k = this.find(name, where);
      return !k || (k.kind === 'classical' && k.constant);
    });
    if (!part) return;
    const cause = part.kind === 'name' ? `"${part.name}" is not const` : 'this part is not';
    this.say(`${what} must be known before the program runs, and ${cause}`, part.at);
  }
}
