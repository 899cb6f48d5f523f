// Definitions of gates and subroutines, calls of gates, constants, labels: what check.ts needs beside its walk.
import type { Statement, StatementOf } from './ast.ts';
import { type Known, several, type Where } from './check-names.ts';
import { ValueChecker } from './check-values.ts';
import { plainInteger } from './constant.ts';

export abstract class DefinitionChecker extends ValueChecker {
  protected abstract statements(list: readonly Statement[], where: Where): void;

  protected globalOnly(what: string, s: Statement, where: Where): void {
    if (where.kind !== 'global') this.say(`${what} can only stand at the top of a program`, s.at);
  }

  protected constant(value: NonNullable<StatementOf<'declare'>['value']>, where: Where): void {
    if (value.kind === 'measure' || value.kind === 'quantum-call' || value.kind === 'array')
      this.say('the value of a constant must be an expression that is known before the program runs', value.at);
    else this.known(value, where, 'the value of a constant');
  }

  protected returned(s: StatementOf<'return'>, where: Where): void {
    const { kind, returns } = this.body(where);
    if (kind !== 'def') this.say('return can only stand in a subroutine', s.at);
    else if (s.value && !returns)
      this.say('this subroutine returns nothing; a value needs its type after "->" in the definition', s.at);
    else if (!s.value && returns) this.say('this subroutine must return a value', s.at);
    if (s.value) this.right(s.value, where);
  }

  protected switched(s: StatementOf<'switch'>, where: Where): void {
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

  protected gate(s: StatementOf<'gate'>, where: Where): void {
    this.globalOnly('a gate', s, where);
    const names = new Map<string, Known>();
    const inner: Where = { names, outer: where, kind: 'gate', loop: false, gate: s.name };
    for (const p of s.parameters ?? [])
      this.introduce(p, { kind: 'classical', fixed: true, constant: false }, s.at, inner);
    for (const q of s.qubits) this.introduce(q, { kind: 'qubits', parts: false }, s.at, inner);
    this.statements(s.body, inner);
    // Declared after its body: a gate cannot call itself.
    this.introduce(s.name, { kind: 'gate', angles: s.parameters?.length ?? 0, qubits: s.qubits.length }, s.at, where);
  }

  protected subroutine(s: StatementOf<'def'>, where: Where): void {
    this.globalOnly('a subroutine', s, where);
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
    this.statements(s.body, inner);
  }

  protected call(s: StatementOf<'gate-call'>, where: Where): void {
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
