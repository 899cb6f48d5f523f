// Calls of gates: their operands, broadcasting over registers, the steps handed to the machine.
import type { Operation } from '../circuit/gate.ts';
import type { Expression, Operand, StatementOf } from './ast.ts';
import { convert } from './convert.ts';
import { GateExpander, REMEMBERED } from './gate-definitions.ts';
import type { Qubits } from './registers.ts';
import type { Scope } from './scope.ts';
import type { Position } from './source.ts';
import { floatType, toNumber } from './value.ts';

interface Cached {
  readonly args: readonly number[];
  readonly operation: Operation;
}

export abstract class GateCaller extends GateExpander {
  readonly #plain = new Map<string, Operation>();
  readonly #bySite = new Map<StatementOf<'gate-call'>, Cached>();
  operations = 0;
  protected abstract readonly maxOperations: number;

  protected callGate(s: StatementOf<'gate-call'>, scope: Scope): void {
    const entry = this.lookup(s.name, s.at, scope);
    if (entry.kind !== 'gate') {
      if (entry.kind === 'def' || entry.kind === 'extern') {
        if (s.modifiers.length > 0) this.stop('a subroutine cannot have gate modifiers', s.at, 'meaning');
        this.callSubroutine(s.name, s.args ?? [], s.operands, s.at, scope);
        return;
      }
      this.stop(`"${s.name}" is not a gate`, s.at, 'meaning');
    }
    const operation = this.#operation(s, entry.definition, scope);
    if (s.operands.length !== operation.arity)
      this.stop(
        `${s.name} acts on ${operation.arity} qubit${operation.arity === 1 ? '' : 's'}, not ${s.operands.length}`,
        s.at,
        'meaning',
      );
    if (operation.arity === 0) {
      this.#emit(operation, [], s.at);
      return;
    }
    const on = s.operands.map(o => this.operandQubits(o, scope));
    this.#broadcast(operation, on, s);
  }

  /** What a call does; remembered by name where there are no angles, and by place for the first calls with angles. */
  #operation(
    s: StatementOf<'gate-call'>,
    definition: StatementOf<'gate'> | 'standard' | 'builtin',
    scope: Scope,
  ): Operation {
    if (s.args === undefined && s.modifiers.length === 0) {
      let op = this.#plain.get(s.name);
      if (!op) {
        op = this.expanded(s.name, definition, [], s.at);
        this.#plain.set(s.name, op);
      }
      return op;
    }
    const args = (s.args ?? []).map(a => this.#angle(a, scope));
    const site = this.#bySite.get(s);
    if (site && s.modifiers.length === 0 && args.every((a, i) => Object.is(a, site.args[i]))) return site.operation;
    const base = this.expanded(s.name, definition, args, s.at);
    if (s.modifiers.length > 0) return this.modified(base, s, args, scope);
    if (this.#bySite.size < REMEMBERED) this.#bySite.set(s, { args, operation: base });
    return base;
  }

  #angle(e: Expression, scope: Scope): number {
    const x = this.evaluate(e, scope);
    this.at = e.at;
    const v = toNumber(x.type.kind === 'complex' ? convert(x, floatType, false, this.hooks) : x, this.hooks);
    if (!Number.isFinite(v)) this.stop(`${v} is not an angle`, e.at);
    return v;
  }

  #broadcast(op: Operation, on: readonly Qubits[], s: StatementOf<'gate-call'>): void {
    const wide = on.filter(q => !q.scalar);
    const n = wide[0]?.ids.length ?? 1;
    const odd = wide.find(q => q.ids.length !== n);
    if (odd) this.stop(`the registers have different lengths: ${n} and ${odd.ids.length} qubits`, s.at, 'meaning');
    const qubits = new Array<number>(on.length);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < on.length; k++) {
        const q = on[k].scalar ? on[k].ids[0] : on[k].ids[i];
        for (let m = 0; m < k; m++)
          if (qubits[m] === q) this.stop(`the same qubit is given twice to ${s.name}`, s.operands[k].at, 'meaning');
        qubits[k] = q;
      }
      this.#emit(op, qubits, s.at);
    }
  }

  #emit(op: Operation, qubits: readonly number[], at: Position): void {
    if (this.recording) {
      if (this.recording.length + op.steps.length > this.maxOperations)
        this.stop(`a gate expands to more than ${this.maxOperations} operations`, at, 'too-large');
      for (const { gate, on } of op.steps) this.recording.push({ gate, on: on.map(q => qubits[q]) });
      return;
    }
    this.count(op.steps.length, at);
    const { machine } = this;
    if (op.steps.length === 1 && op.steps[0].on.length === qubits.length && op.steps[0].on.every((q, i) => q === i)) {
      machine.gate(op.steps[0].gate, qubits);
      return;
    }
    for (const { gate, on } of op.steps)
      machine.gate(
        gate,
        on.map(q => qubits[q]),
      );
  }

  /** Adds to the operations of this run; stops when they are too many. */
  protected count(n: number, at: Position): void {
    this.operations += n;
    if (this.operations > this.maxOperations)
      this.stop(`the program takes more than the limit of ${this.maxOperations} operations`, at, 'too-large');
  }

  protected qubitsOf(operands: readonly Operand[], scope: Scope): readonly Qubits[] {
    return operands.map(o => this.operandQubits(o, scope));
  }
}
