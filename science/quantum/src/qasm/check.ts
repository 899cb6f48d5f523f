// What can be said about a program without running it: names, kinds, numbers of qubits and angles, places where statements may stand. One walk in one file.
// Every problem is listed, also in branches that a run would not reach. Types of values are checked where they are made (value.ts).
import { standardGates } from '../circuit/standard.ts';
import type { Statement, StatementOf } from './ast.ts';
import { type Known, type Problem, several, ValueChecker, type Where } from './check-values.ts';
import { plainInteger } from './constant.ts';
import { type Loaded, STANDARD_FILE } from './load.ts';

export type { Problem } from './check-values.ts';

/** All problems, in the order of the text; at most `most` (default 100). */
export function check(loaded: Loaded, most = 100): Problem[] {
  return new Checker(loaded, most).run();
}

class Checker extends ValueChecker {
  run(): Problem[] {
    const names = new Map<string, Known>();
    for (const c of ['pi', 'π', 'tau', 'τ', 'euler', 'ℇ'])
      names.set(c, { kind: 'classical', fixed: true, constant: true });
    names.set('U', { kind: 'gate', angles: 3, qubits: 1 });
    names.set('gphase', { kind: 'gate', angles: 1, qubits: 0 });
    this.#body(this.loaded.program.body, { names, kind: 'global', loop: false });
    return this.problems;
  }

  #body(list: readonly Statement[], where: Where): void {
    for (const s of list) {
      if (this.problems.length >= this.most) return;
      this.#statement(s, where);
    }
  }

  protected override block(list: readonly Statement[], where: Where, loop = where.loop): void {
    this.#body(list, { names: new Map(), outer: where, kind: 'block', loop });
  }

  #one(s: Statement, where: Where, loop = where.loop): void {
    this.block(s.kind === 'scope' ? s.body : [s], where, loop);
  }

  #globalOnly(what: string, s: Statement, where: Where): void {
    if (where.kind !== 'global') this.say(`${what} can only stand at the top of a program`, s.at);
  }

  #statement(s: Statement, where: Where): void {
    const home = this.home(where);
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
      this.say(
        `a gate may hold only gates and loops over them, not ${s.kind === 'measure-into' ? 'a measurement' : `"${s.kind}"`}`,
        s.at,
      );
      return;
    }
    switch (s.kind) {
      case 'scope':
        this.block(s.body, where);
        return;
      case 'box':
        if (s.duration) this.value(s.duration, where);
        this.block(s.body, where);
        return;
      case 'include':
        this.#globalOnly('include', s, where);
        if (s.target === STANDARD_FILE)
          for (const [name, d] of Object.entries(standardGates)) {
            const before = where.names.get(name);
            if (before && before.kind !== 'gate')
              this.say(`${STANDARD_FILE} defines "${name}", which is declared already`, s.at);
            else where.names.set(name, { kind: 'gate', angles: d.parameters, qubits: d.controls + d.targets });
          }
        return;
      case 'declare':
        if (s.type.kind === 'array-type') this.#globalOnly('an array', s, where);
        this.type(s.type, where);
        if (s.value) this.right(s.value, where);
        if (s.constant && s.value) this.#constant(s.value, where);
        this.introduce(s.name, { kind: 'classical', fixed: s.constant, constant: s.constant }, s.at, where);
        return;
      case 'io':
        this.#globalOnly(s.way, s, where);
        this.type(s.type, where);
        this.introduce(s.name, { kind: 'classical', fixed: false, constant: false }, s.at, where);
        return;
      case 'old-register':
        if (s.size) this.size(s.size, where);
        if (s.type === 'qreg') {
          this.#globalOnly('a qubit', s, where);
          this.introduce(s.name, { kind: 'qubits', parts: s.size !== undefined }, s.at, where);
        } else this.introduce(s.name, { kind: 'classical', fixed: false, constant: false }, s.at, where);
        return;
      case 'qubit':
        this.#globalOnly('a qubit', s, where);
        if (s.size) this.size(s.size, where);
        this.introduce(s.name, { kind: 'qubits', parts: s.size !== undefined }, s.at, where);
        return;
      case 'alias':
        for (const p of s.parts) this.any(p, where);
        this.introduce(s.name, { kind: 'alias' }, s.at, where);
        return;
      case 'gate':
        this.#gate(s, where);
        return;
      case 'def':
        this.#def(s, where);
        return;
      case 'extern':
        this.#globalOnly('extern', s, where);
        this.introduce(s.name, { kind: 'extern', parameters: s.parameters.length }, s.at, where);
        return;
      case 'assign': {
        this.right(s.value, where);
        for (const i of s.target.indices) this.index(i, where);
        const k = this.find(s.target.name, where);
        if (!k) this.say(`"${s.target.name}" is not declared`, s.target.at);
        else if (k.kind !== 'classical' && k.kind !== 'alias')
          this.say(`"${s.target.name}" is not a variable and cannot be assigned`, s.target.at);
        else if (k.kind === 'classical' && k.fixed) this.say(`"${s.target.name}" cannot be changed`, s.target.at);
        return;
      }
      case 'measure-into':
        this.right(s.value, where);
        if (s.target) this.target(s.target, where);
        return;
      case 'gate-call':
        this.#call(s, where);
        return;
      case 'reset':
        this.qubits(s.operand, where);
        return;
      case 'barrier':
      case 'nop':
        for (const o of s.operands) this.qubits(o, where);
        return;
      case 'delay':
        this.value(s.duration, where);
        for (const o of s.operands) this.qubits(o, where);
        return;
      case 'expression':
        this.value(s.value, where);
        return;
      case 'break':
      case 'continue':
        if (!where.loop) this.say(`${s.kind} can only stand in a loop`, s.at);
        return;
      case 'return':
        this.#return(s, where);
        return;
      case 'for': {
        if (s.values.kind === 'range') this.range(s.values, where);
        else if (s.values.kind === 'set') for (const e of s.values.items) this.value(e, where);
        else this.value(s.values, where);
        const inner: Where = { names: new Map(), outer: where, kind: 'block', loop: true };
        inner.names.set(s.name, { kind: 'classical', fixed: false, constant: false });
        this.#one(s.body, inner);
        return;
      }
      case 'while':
        this.value(s.condition, where);
        this.#one(s.body, where, true);
        return;
      case 'if':
        this.value(s.condition, where);
        this.#one(s.then, where);
        if (s.otherwise) this.#one(s.otherwise, where);
        return;
      case 'switch':
        this.#switch(s, where);
        return;
      case 'end':
      case 'pragma':
      case 'cal':
      case 'defcalgrammar':
        return;
      case 'defcal':
        this.calibrated.add(s.target);
        return;
    }
  }

  #constant(value: NonNullable<StatementOf<'declare'>['value']>, where: Where): void {
    if (value.kind === 'measure' || value.kind === 'quantum-call' || value.kind === 'array')
      this.say('the value of a constant must be an expression that is known before the program runs', value.at);
    else this.known(value, where, 'the value of a constant');
  }

  #return(s: StatementOf<'return'>, where: Where): void {
    const { kind, returns } = this.body(where);
    if (kind !== 'def') this.say('return can only stand in a subroutine', s.at);
    else if (s.value && !returns)
      this.say('this subroutine returns nothing; a value needs its type after "->" in the definition', s.at);
    else if (!s.value && returns) this.say('this subroutine must return a value', s.at);
    if (s.value) this.right(s.value, where);
  }

  #switch(s: StatementOf<'switch'>, where: Where): void {
    this.value(s.value, where);
    if (!s.cases.some(c => c.labels)) this.say('switch needs at least one case', s.at);
    if (s.cases.filter(c => !c.labels).length > 1) this.say('switch may have one default', s.at);
    else if (s.cases.slice(0, -1).some(c => !c.labels)) this.say('default must be the last part of a switch', s.at);
    const seen = new Set<bigint>();
    for (const c of s.cases) {
      for (const l of c.labels ?? []) {
        this.value(l, where);
        this.known(l, where, 'the value of a case');
        const v = plainInteger(l);
        if (v === undefined) continue;
        if (seen.has(v)) this.say(`the case ${v} is there twice`, l.at);
        seen.add(v);
      }
      this.block(c.body, where);
    }
  }

  #gate(s: StatementOf<'gate'>, where: Where): void {
    this.#globalOnly('a gate', s, where);
    const names = new Map<string, Known>();
    const inner: Where = { names, outer: where, kind: 'gate', loop: false, gate: s.name };
    for (const p of s.parameters ?? [])
      this.introduce(p, { kind: 'classical', fixed: true, constant: false }, s.at, inner);
    for (const q of s.qubits) this.introduce(q, { kind: 'qubits', parts: false }, s.at, inner);
    this.#body(s.body, inner);
    // Declared after its body: a gate cannot call itself.
    this.introduce(s.name, { kind: 'gate', angles: s.parameters?.length ?? 0, qubits: s.qubits.length }, s.at, where);
  }

  #def(s: StatementOf<'def'>, where: Where): void {
    this.#globalOnly('a subroutine', s, where);
    // Known to its own body: a subroutine may call itself.
    this.introduce(s.name, { kind: 'def', parameters: s.parameters.length }, s.at, where);
    const inner: Where = { names: new Map(), outer: where, kind: 'def', loop: false, returns: s.returns !== undefined };
    for (const p of s.parameters) {
      const t = p.type;
      const quantum = t.kind === 'qubit' || t.kind === 'qreg';
      if ('size' in t && t.size) this.size(t.size, where);
      const fixed = t.kind === 'array-reference' && t.access === 'readonly';
      const known: Known = quantum
        ? { kind: 'qubits', parts: t.size !== undefined }
        : { kind: 'classical', fixed, constant: false };
      this.introduce(p.name, known, p.at, inner);
    }
    this.#body(s.body, inner);
  }

  #call(s: StatementOf<'gate-call'>, where: Where): void {
    for (const a of s.args ?? []) this.any(a, where);
    for (const o of s.operands) this.qubits(o, where);
    const k = this.find(s.name, where);
    const given = s.args?.length ?? 0;
    if (!k) this.undeclaredGate(s.name, s.at, where);
    else if (k.kind === 'def' || k.kind === 'extern') {
      if (s.modifiers.length > 0) this.say('a subroutine cannot have gate modifiers', s.at);
      if (given + s.operands.length !== k.parameters)
        this.say(`${s.name} takes ${several(k.parameters, 'argument')}, not ${given + s.operands.length}`, s.at);
      if (this.home(where) === 'gate') this.say('a gate cannot call a subroutine', s.at);
    } else if (k.kind !== 'gate') this.say(`"${s.name}" is not a gate`, s.at);
    else {
      if (given !== k.angles) this.say(`${s.name} takes ${several(k.angles, 'angle')}, not ${given}`, s.at);
      let controls: number | undefined = 0;
      for (const m of s.modifiers) {
        if (m.kind === 'pow') this.value(m.exponent, where);
        if (m.kind !== 'ctrl' && m.kind !== 'negctrl') continue;
        if (m.count) this.value(m.count, where);
        const n =
          m.count === undefined ? 1 : m.count.kind === 'integer' ? Number(m.count.text.replaceAll('_', '')) : undefined;
        controls = controls === undefined || n === undefined ? undefined : controls + n;
      }
      if (controls !== undefined && s.operands.length !== k.qubits + controls)
        this.say(`${s.name} acts on ${several(k.qubits + controls, 'qubit')}, not ${s.operands.length}`, s.at);
      const seen = new Set<string>();
      for (const o of s.operands) {
        if (o.indices.length > 0) continue;
        if (seen.has(o.name)) this.say(`"${o.name}" is given twice to ${s.name}`, o.at);
        seen.add(o.name);
      }
    }
  }
}
