// What can be said about a program without running it: names, kinds, numbers of qubits and angles, places where statements may stand. One walk in one file.
// Every problem is listed, also in branches that a run would not reach. Types of values are checked where they are made (value.ts).
import { standardGates } from '../circuit/standard.ts';
import type { ArrayLiteral, Expression, Index, Operand, Range, Right, Statement, StatementOf } from './ast.ts';
import { type Loaded, STANDARD_FILE } from './load.ts';
import { builtins } from './operate.ts';
import type { Position } from './source.ts';

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** What a name stands for, as far as it is known without running. */
type Known =
  | { readonly kind: 'classical'; readonly fixed: boolean; readonly constant: boolean }
  | { readonly kind: 'qubits'; readonly parts: boolean }
  | { readonly kind: 'alias' }
  | { readonly kind: 'gate'; readonly angles: number; readonly qubits: number }
  | { readonly kind: 'def' | 'extern'; readonly parameters: number };

interface Where {
  readonly names: Map<string, Known>;
  readonly outer?: Where;
  readonly kind: 'global' | 'block' | 'gate' | 'def';
  readonly loop: boolean;
}

/** All problems, in the order of the text; at most `most` (default 100). */
export function check(loaded: Loaded, most = 100): Problem[] {
  return new Checker(loaded, most).run();
}

class Checker {
  readonly #loaded: Loaded;
  readonly #most: number;
  readonly #problems: Problem[] = [];

  constructor(loaded: Loaded, most: number) {
    this.#loaded = loaded;
    this.#most = most;
  }

  run(): Problem[] {
    const names = new Map<string, Known>();
    for (const c of ['pi', 'π', 'tau', 'τ', 'euler', 'ℇ'])
      names.set(c, { kind: 'classical', fixed: true, constant: true });
    names.set('U', { kind: 'gate', angles: 3, qubits: 1 });
    names.set('gphase', { kind: 'gate', angles: 1, qubits: 0 });
    this.#body(this.#loaded.program.body, { names, kind: 'global', loop: false });
    return this.#problems;
  }

  #say(message: string, at: Position): void {
    if (this.#problems.length < this.#most) this.#problems.push({ ...this.#loaded.sources.place(at), message });
  }

  #body(list: readonly Statement[], where: Where): void {
    for (const s of list) {
      if (this.#problems.length >= this.#most) return;
      this.#statement(s, where);
    }
  }

  #block(list: readonly Statement[], where: Where, loop = where.loop): void {
    this.#body(list, { names: new Map(), outer: where, kind: 'block', loop });
  }

  #one(s: Statement, where: Where, loop = where.loop): void {
    this.#block(s.kind === 'scope' ? s.body : [s], where, loop);
  }

  /** The closest gate or subroutine body, or the program. */
  #home(where: Where): 'global' | 'gate' | 'def' {
    for (let w: Where | undefined = where; w; w = w.outer) if (w.kind !== 'block') return w.kind;
    return 'global';
  }

  #find(name: string, where: Where): Known | undefined {
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

  #declare(name: string, known: Known, at: Position, where: Where): void {
    if (where.names.has(name)) this.#say(`"${name}" is declared already`, at);
    else where.names.set(name, known);
  }

  #globalOnly(what: string, s: Statement, where: Where): void {
    if (where.kind !== 'global') this.#say(`${what} can only stand at the top of a program`, s.at);
  }

  #statement(s: Statement, where: Where): void {
    const home = this.#home(where);
    const allowed = [
      'gate-call',
      'barrier',
      'nop',
      'delay',
      'box',
      'for',
      'while',
      'if',
      'switch',
      'scope',
      'break',
      'continue',
      'pragma',
    ];
    if (home === 'gate' && !allowed.includes(s.kind)) {
      this.#say(
        `a gate may hold only gates and loops over them, not ${s.kind === 'measure-into' ? 'a measurement' : `"${s.kind}"`}`,
        s.at,
      );
      return;
    }
    switch (s.kind) {
      case 'scope':
        this.#block(s.body, where);
        return;
      case 'box':
        if (s.duration) this.#value(s.duration, where);
        this.#block(s.body, where);
        return;
      case 'include':
        this.#globalOnly('include', s, where);
        if (s.target === STANDARD_FILE)
          for (const [name, d] of Object.entries(standardGates)) {
            const before = where.names.get(name);
            if (before && before.kind !== 'gate')
              this.#say(`${STANDARD_FILE} defines "${name}", which is declared already`, s.at);
            else where.names.set(name, { kind: 'gate', angles: d.parameters, qubits: d.controls + d.targets });
          }
        return;
      case 'declare':
        if (s.type.kind === 'array-type') this.#globalOnly('an array', s, where);
        this.#type(s.type, where);
        if (s.value) this.#right(s.value, where);
        this.#declare(s.name, { kind: 'classical', fixed: s.constant, constant: s.constant }, s.at, where);
        return;
      case 'io':
        this.#globalOnly(s.way, s, where);
        this.#type(s.type, where);
        this.#declare(s.name, { kind: 'classical', fixed: false, constant: false }, s.at, where);
        return;
      case 'old-register':
        if (s.size) this.#value(s.size, where);
        if (s.type === 'qreg') {
          this.#globalOnly('a qubit', s, where);
          this.#declare(s.name, { kind: 'qubits', parts: s.size !== undefined }, s.at, where);
        } else this.#declare(s.name, { kind: 'classical', fixed: false, constant: false }, s.at, where);
        return;
      case 'qubit':
        this.#globalOnly('a qubit', s, where);
        if (s.size) this.#value(s.size, where);
        this.#declare(s.name, { kind: 'qubits', parts: s.size !== undefined }, s.at, where);
        return;
      case 'alias':
        for (const p of s.parts) this.#any(p, where);
        this.#declare(s.name, { kind: 'alias' }, s.at, where);
        return;
      case 'gate':
        this.#gate(s, where);
        return;
      case 'def':
        this.#def(s, where);
        return;
      case 'extern':
        this.#globalOnly('extern', s, where);
        this.#declare(s.name, { kind: 'extern', parameters: s.parameters.length }, s.at, where);
        return;
      case 'assign': {
        this.#right(s.value, where);
        for (const i of s.target.indices) this.#index(i, where);
        const k = this.#find(s.target.name, where);
        if (!k) this.#say(`"${s.target.name}" is not declared`, s.target.at);
        else if (k.kind !== 'classical' && k.kind !== 'alias')
          this.#say(`"${s.target.name}" is not a variable and cannot be assigned`, s.target.at);
        else if (k.kind === 'classical' && k.fixed) this.#say(`"${s.target.name}" cannot be changed`, s.target.at);
        return;
      }
      case 'measure-into':
        this.#right(s.value, where);
        if (s.target) this.#target(s.target, where);
        return;
      case 'gate-call':
        this.#call(s, where);
        return;
      case 'reset':
        this.#qubits(s.operand, where);
        return;
      case 'barrier':
      case 'nop':
        for (const o of s.operands) this.#qubits(o, where);
        return;
      case 'delay':
        this.#value(s.duration, where);
        for (const o of s.operands) this.#qubits(o, where);
        return;
      case 'expression':
        this.#value(s.value, where);
        return;
      case 'break':
      case 'continue':
        if (!where.loop) this.#say(`${s.kind} can only stand in a loop`, s.at);
        return;
      case 'return':
        if (home !== 'def') this.#say('return can only stand in a subroutine', s.at);
        if (s.value) this.#right(s.value, where);
        return;
      case 'for': {
        if (s.values.kind === 'range') this.#range(s.values, where);
        else if (s.values.kind === 'set') for (const e of s.values.items) this.#value(e, where);
        else this.#value(s.values, where);
        const inner: Where = { names: new Map(), outer: where, kind: 'block', loop: true };
        inner.names.set(s.name, { kind: 'classical', fixed: false, constant: false });
        this.#one(s.body, inner);
        return;
      }
      case 'while':
        this.#value(s.condition, where);
        this.#one(s.body, where, true);
        return;
      case 'if':
        this.#value(s.condition, where);
        this.#one(s.then, where);
        if (s.otherwise) this.#one(s.otherwise, where);
        return;
      case 'switch': {
        this.#value(s.value, where);
        if (!s.cases.some(c => c.labels)) this.#say('switch needs at least one case', s.at);
        if (s.cases.filter(c => !c.labels).length > 1) this.#say('switch may have one default', s.at);
        for (const c of s.cases) {
          for (const l of c.labels ?? []) this.#value(l, where);
          this.#block(c.body, where);
        }
        return;
      }
      case 'end':
      case 'pragma':
      case 'cal':
      case 'defcal':
      case 'defcalgrammar':
        return;
    }
  }

  #gate(s: StatementOf<'gate'>, where: Where): void {
    this.#globalOnly('a gate', s, where);
    const names = new Map<string, Known>();
    const inner: Where = { names, outer: where, kind: 'gate', loop: false };
    for (const p of s.parameters ?? [])
      this.#declare(p, { kind: 'classical', fixed: true, constant: false }, s.at, inner);
    for (const q of s.qubits) this.#declare(q, { kind: 'qubits', parts: false }, s.at, inner);
    this.#body(s.body, inner);
    // Declared after its body: a gate cannot call itself.
    this.#declare(s.name, { kind: 'gate', angles: s.parameters?.length ?? 0, qubits: s.qubits.length }, s.at, where);
  }

  #def(s: StatementOf<'def'>, where: Where): void {
    this.#globalOnly('a subroutine', s, where);
    const inner: Where = { names: new Map(), outer: where, kind: 'def', loop: false };
    for (const p of s.parameters) {
      const t = p.type;
      const quantum = t.kind === 'qubit' || t.kind === 'qreg';
      if ('size' in t && t.size) this.#value(t.size, where);
      const fixed = t.kind === 'array-reference' && t.access === 'readonly';
      const known: Known = quantum
        ? { kind: 'qubits', parts: t.size !== undefined }
        : { kind: 'classical', fixed, constant: false };
      this.#declare(p.name, known, p.at, inner);
    }
    this.#body(s.body, inner);
    this.#declare(s.name, { kind: 'def', parameters: s.parameters.length }, s.at, where);
  }

  #call(s: StatementOf<'gate-call'>, where: Where): void {
    for (const a of s.args ?? []) this.#any(a, where);
    for (const o of s.operands) this.#qubits(o, where);
    const k = this.#find(s.name, where);
    const given = s.args?.length ?? 0;
    if (!k)
      this.#say(
        `"${s.name}" is not declared${standardGates[s.name] ? `; it is in ${STANDARD_FILE}: include "${STANDARD_FILE}";` : ''}`,
        s.at,
      );
    else if (k.kind === 'def' || k.kind === 'extern') {
      if (s.modifiers.length > 0) this.#say('a subroutine cannot have gate modifiers', s.at);
      if (given + s.operands.length !== k.parameters)
        this.#say(`${s.name} takes ${k.parameters} arguments, not ${given + s.operands.length}`, s.at);
      if (this.#home(where) === 'gate') this.#say('a gate cannot call a subroutine', s.at);
    } else if (k.kind !== 'gate') this.#say(`"${s.name}" is not a gate`, s.at);
    else {
      if (given !== k.angles)
        this.#say(`${s.name} takes ${k.angles} angle${k.angles === 1 ? '' : 's'}, not ${given}`, s.at);
      let controls: number | undefined = 0;
      for (const m of s.modifiers) {
        if (m.kind === 'pow') this.#value(m.exponent, where);
        if (m.kind !== 'ctrl' && m.kind !== 'negctrl') continue;
        if (m.count) this.#value(m.count, where);
        const n =
          m.count === undefined ? 1 : m.count.kind === 'integer' ? Number(m.count.text.replaceAll('_', '')) : undefined;
        controls = controls === undefined || n === undefined ? undefined : controls + n;
      }
      if (controls !== undefined && s.operands.length !== k.qubits + controls)
        this.#say(
          `${s.name} acts on ${k.qubits + controls} qubit${k.qubits + controls === 1 ? '' : 's'}, not ${s.operands.length}`,
          s.at,
        );
      const seen = new Set<string>();
      for (const o of s.operands) {
        if (o.indices.length > 0) continue;
        if (seen.has(o.name)) this.#say(`"${o.name}" is given twice to ${s.name}`, o.at);
        seen.add(o.name);
      }
    }
  }

  #qubits(o: Operand, where: Where): void {
    for (const i of o.indices) this.#index(i, where);
    if (o.name.startsWith('$')) {
      if (this.#home(where) === 'gate') this.#say('a gate cannot name hardware qubits', o.at);
      return;
    }
    const k = this.#find(o.name, where);
    if (!k) this.#say(`"${o.name}" is not declared`, o.at);
    else if (k.kind !== 'qubits' && k.kind !== 'alias') this.#say(`"${o.name}" is not a qubit`, o.at);
    else if (k.kind === 'qubits' && !k.parts && o.indices.length > 0)
      this.#say(`"${o.name}" is a single qubit and has no parts`, o.at);
  }

  #target(o: Operand, where: Where): void {
    for (const i of o.indices) this.#index(i, where);
    const k = this.#find(o.name, where);
    if (!k) this.#say(`"${o.name}" is not declared`, o.at);
    else if (k.kind !== 'classical' && k.kind !== 'alias')
      this.#say(`"${o.name}" cannot take the outcome of a measurement`, o.at);
    else if (k.kind === 'classical' && k.fixed) this.#say(`"${o.name}" cannot be changed`, o.at);
  }

  #right(r: Right | ArrayLiteral, where: Where): void {
    if (r.kind === 'measure') this.#qubits(r.operand, where);
    else if (r.kind === 'array') for (const x of r.items) this.#right(x, where);
    else if (r.kind === 'quantum-call') {
      for (const a of r.args) this.#any(a, where);
      for (const o of r.operands) this.#qubits(o, where);
      const k = this.#find(r.name, where);
      if (!k) this.#say(`"${r.name}" is not declared`, r.at);
      else if (k.kind !== 'def' && k.kind !== 'extern') this.#say(`"${r.name}" is not a subroutine`, r.at);
    } else this.#value(r, where);
  }

  /** An expression that may name qubits as a whole: arguments and aliases. */
  #any(e: Expression, where: Where): void {
    if (e.kind === 'hardware') return;
    if (e.kind === 'name' && this.#find(e.name, where)?.kind === 'qubits') return;
    if (e.kind === 'index') {
      this.#any(e.base, where);
      this.#index(e.index, where);
      return;
    }
    if (e.kind === 'group') this.#any(e.inner, where);
    else this.#value(e, where);
  }

  #value(e: Expression, where: Where): void {
    switch (e.kind) {
      case 'name': {
        const k = this.#find(e.name, where);
        if (!k) this.#say(`"${e.name}" is not declared`, e.at);
        else if (k.kind === 'qubits') this.#say(`"${e.name}" is a qubit; its value can only be had by measuring`, e.at);
        else if (k.kind === 'gate' || k.kind === 'def' || k.kind === 'extern')
          this.#say(`"${e.name}" is not a value`, e.at);
        return;
      }
      case 'hardware':
        this.#say(`$${e.index} is a qubit; its value can only be had by measuring`, e.at);
        return;
      case 'group':
        this.#value(e.inner, where);
        return;
      case 'index':
        this.#value(e.base, where);
        this.#index(e.index, where);
        return;
      case 'unary':
        this.#value(e.operand, where);
        return;
      case 'binary':
        this.#value(e.left, where);
        this.#value(e.right, where);
        return;
      case 'cast':
        this.#type(e.type, where);
        this.#value(e.operand, where);
        return;
      case 'durationof':
        this.#block(e.body, where);
        return;
      case 'call': {
        for (const a of e.args) this.#any(a, where);
        const k = this.#find(e.name, where);
        const b = builtins[e.name];
        if (!k && b) {
          if (e.args.length < b[0] || e.args.length > b[1])
            this.#say(
              `${e.name} takes ${b[0] === b[1] ? b[0] : `${b[0]} or ${b[1]}`} arguments, not ${e.args.length}`,
              e.at,
            );
        } else if (!k) this.#say(`"${e.name}" is not declared`, e.at);
        else if (k.kind !== 'def' && k.kind !== 'extern') this.#say(`"${e.name}" is not a subroutine`, e.at);
        else if (e.args.length !== k.parameters)
          this.#say(`${e.name} takes ${k.parameters} arguments, not ${e.args.length}`, e.at);
        return;
      }
      default:
        return;
    }
  }

  #index(i: Index, where: Where): void {
    for (const x of i.items) {
      if (x.kind === 'range') this.#range(x, where);
      else this.#value(x, where);
    }
  }

  #range(r: Range, where: Where): void {
    for (const e of [r.start, r.step, r.stop]) if (e) this.#value(e, where);
  }

  #type(t: StatementOf<'declare'>['type'], where: Where): void {
    if (t.kind === 'array-type') {
      for (const d of t.dimensions) this.#value(d, where);
      this.#type(t.base, where);
    } else if ('size' in t && t.size) this.#value(t.size, where);
  }
}
