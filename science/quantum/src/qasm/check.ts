// What can be said about a program without running it: names, kinds, numbers of qubits and angles, places where statements may stand.
// Every problem is listed, also in branches that a run would not reach. Types of values are checked where they are made (value.ts).
import { standardGates } from '../circuit/standard.ts';
import type { Statement } from './ast.ts';
import { DefinitionChecker } from './check-definitions.ts';
import type { Known, Problem, Where } from './check-names.ts';
import { type Loaded, STANDARD_FILE } from './load.ts';

export type { Problem } from './check-names.ts';

/** All problems, in the order of the text; at most `most` (default 100). */
export function check(loaded: Loaded, most = 100): Problem[] {
  return new Checker(loaded, most).run();
}

class Checker extends DefinitionChecker {
  run(): Problem[] {
    const names = new Map<string, Known>();
    for (const c of ['pi', 'π', 'tau', 'τ', 'euler', 'ℇ'])
      names.set(c, { kind: 'classical', fixed: true, constant: true });
    names.set('U', { kind: 'gate', angles: 3, qubits: 1 });
    names.set('gphase', { kind: 'gate', angles: 1, qubits: 0 });
    this.statements(this.loaded.program.body, { names, kind: 'global', loop: false });
    return this.problems;
  }

  protected statements(list: readonly Statement[], where: Where): void {
    for (const s of list) {
      if (this.problems.length >= this.most) return;
      this.#statement(s, where);
    }
  }

  protected override block(list: readonly Statement[], where: Where, loop = where.loop): void {
    this.statements(list, { names: new Map(), outer: where, kind: 'block', loop });
  }

  #one(s: Statement, where: Where, loop = where.loop): void {
    this.block(s.kind === 'scope' ? s.body : [s], where, loop);
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
        this.globalOnly('include', s, where);
        if (s.target === STANDARD_FILE)
          for (const [name, d] of Object.entries(standardGates)) {
            const before = where.names.get(name);
            if (before && before.kind !== 'gate')
              this.say(`${STANDARD_FILE} defines "${name}", which is declared already`, s.at);
            else
              where.names.set(name, {
                kind: 'gate',
                angles: d.parameters,
                qubits: d.controls + d.targets,
                standard: true,
              });
          }
        return;
      case 'declare':
        if (s.type.kind === 'array-type') this.globalOnly('an array', s, where);
        this.type(s.type, where);
        if (s.value) this.right(s.value, where);
        if (s.constant && s.value) this.constant(s.value, where);
        this.introduce(s.name, { kind: 'classical', fixed: s.constant, constant: s.constant }, s.at, where);
        return;
      case 'io':
        this.globalOnly(s.way, s, where);
        this.type(s.type, where);
        this.introduce(s.name, { kind: 'classical', fixed: false, constant: false }, s.at, where);
        return;
      case 'old-register':
        if (s.size) this.size(s.size, where);
        if (s.type === 'qreg') {
          this.globalOnly('a qubit', s, where);
          this.introduce(s.name, { kind: 'qubits', parts: s.size !== undefined }, s.at, where);
        } else this.introduce(s.name, { kind: 'classical', fixed: false, constant: false }, s.at, where);
        return;
      case 'qubit':
        this.globalOnly('a qubit', s, where);
        if (s.size) this.size(s.size, where);
        this.introduce(s.name, { kind: 'qubits', parts: s.size !== undefined }, s.at, where);
        return;
      case 'alias':
        for (const p of s.parts) this.any(p, where);
        this.introduce(s.name, { kind: 'alias' }, s.at, where);
        return;
      case 'gate':
        this.gate(s, where);
        return;
      case 'def':
        this.subroutine(s, where);
        return;
      case 'extern':
        this.globalOnly('extern', s, where);
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
        this.call(s, where);
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
        this.returned(s, where);
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
        this.switched(s, where);
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
}
