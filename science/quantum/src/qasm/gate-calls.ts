// Calls of gates: definitions expanded into primitive steps, modifiers, broadcasting over registers. Expansions are kept by name and angles.

import { controlled, type Gate, inverse, joined, type Operation, raised, single } from '../circuit/gate.ts';
import { standardGate, standardGates } from '../circuit/standard.ts';
import { QuantumError } from '../error.ts';
import type { Expression, Modifier, Operand, StatementOf } from './ast.ts';
import { convert } from './convert.ts';
import { Evaluator, type Qubits } from './evaluate.ts';
import { Scope } from './scope.ts';
import type { Position } from './source.ts';
import { floatType, toIndex, toNumber } from './value.ts';

/** Expansions that are remembered; beyond it the memory is cleared (a program may use ever new angles). */
const REMEMBERED = 20_000;
const DEEPEST_GATE = 100;

interface Cached {
  readonly args: readonly number[];
  readonly operation: Operation;
}

export abstract class GateCaller extends Evaluator {
  readonly #expanded = new Map<string, Operation>();
  readonly #plain = new Map<string, Operation>();
  readonly #bySite = new Map<StatementOf<'gate-call'>, Cached>();
  #depth = 0;
  /** Where steps go while the body of a gate is being expanded. */
  #recording: { gate: Gate; on: number[] }[] | undefined;
  operations = 0;
  protected abstract readonly maxOperations: number;

  protected abstract block(body: readonly import('./ast.ts').Statement[], scope: Scope): unknown;

  /** True while the body of a gate is expanded, where only unitary steps may stand. */
  protected get inGate(): boolean {
    return this.#recording !== undefined;
  }

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
        op = this.#expand(s.name, definition, [], s.at);
        this.#plain.set(s.name, op);
      }
      return op;
    }
    const args = (s.args ?? []).map(a => this.#angle(a, scope));
    const site = this.#bySite.get(s);
    if (site && s.modifiers.length === 0 && args.every((a, i) => Object.is(a, site.args[i]))) return site.operation;
    const base = this.#expand(s.name, definition, args, s.at);
    if (s.modifiers.length > 0) return this.#modified(base, s, args, scope);
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
    if (this.#recording) {
      if (this.#recording.length + op.steps.length > this.maxOperations)
        this.stop(`a gate expands to more than ${this.maxOperations} operations`, at, 'too-large');
      for (const { gate, on } of op.steps) this.#recording.push({ gate, on: on.map(q => qubits[q]) });
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

  #modified(base: Operation, s: StatementOf<'gate-call'>, args: readonly number[], scope: Scope): Operation {
    const values = s.modifiers.map(m => this.#modifierValue(m, scope));
    const key = `${s.modifiers.map((m, i) => `${m.kind}(${values[i]})`).join('@')}@${s.name}(${args.join(',')})`;
    return this.#remember(key, () => {
      let op = base;
      for (let i = s.modifiers.length - 1; i >= 0; i--) {
        const m = s.modifiers[i];
        op = this.placed(m.at, () =>
          m.kind === 'inv'
            ? inverse(op)
            : m.kind === 'pow'
              ? raised(op, values[i])
              : controlled(op, values[i], m.kind === 'ctrl'),
        );
      }
      return op;
    });
  }

  #modifierValue(m: Modifier, scope: Scope): number {
    if (m.kind === 'inv') return 0;
    if (m.kind === 'pow') {
      const k = toNumber(this.evaluate(m.exponent, scope), this.hooks);
      if (!Number.isFinite(k)) this.stop(`pow needs a number, not ${k}`, m.at);
      return k;
    }
    const n = m.count ? toIndex(this.evaluate(m.count, scope), this.hooks) : 1;
    if (!(n >= 1)) this.stop(`${m.kind} needs a number of controls of at least 1, not ${n}`, m.at, 'meaning');
    return n;
  }

  #remember(key: string, make: () => Operation): Operation {
    let op = this.#expanded.get(key);
    if (!op) {
      if (this.#expanded.size >= REMEMBERED) this.#expanded.clear();
      op = make();
      this.#expanded.set(key, op);
    }
    return op;
  }

  #expand(
    name: string,
    definition: StatementOf<'gate'> | 'standard' | 'builtin',
    args: readonly number[],
    at: Position,
  ): Operation {
    const wanted = (n: number): void => {
      if (args.length !== n)
        this.stop(`${name} takes ${n} angle${n === 1 ? '' : 's'}, not ${args.length}`, at, 'meaning');
    };
    if (definition === 'standard' || definition === 'builtin') {
      return this.#remember(`${name}(${args.join(',')})`, () => {
        const gate = standardGate(name, ...args);
        if (!gate) {
          wanted(name === 'U' ? 3 : name === 'gphase' ? 1 : standardGates[name].parameters);
          throw new QuantumError('meaning', `there is no gate ${name}`);
        }
        return single(gate);
      });
    }
    const parameters = definition.parameters ?? [];
    wanted(parameters.length);
    return this.#remember(`${definition.at}:${name}(${args.join(',')})`, () => {
      if (this.#depth >= DEEPEST_GATE) this.stop(`gates call each other more than ${DEEPEST_GATE} deep`, at);
      const scope = new Scope(this.global, true);
      for (const [i, p] of parameters.entries())
        scope.declare(p, { kind: 'variable', type: floatType, v: args[i], fixed: true, constant: false });
      for (const [i, q] of definition.qubits.entries())
        scope.declare(q, { kind: 'qubits', ids: Int32Array.of(i), scalar: true });
      const outer = this.#recording;
      const steps: { gate: Gate; on: number[] }[] = [];
      this.#recording = steps;
      this.#depth += 1;
      try {
        this.block(definition.body, scope);
      } finally {
        this.#recording = outer;
        this.#depth -= 1;
      }
      return this.placed(at, () => joined(name, args, { arity: definition.qubits.length, steps }));
    });
  }

  protected qubitsOf(operands: readonly Operand[], scope: Scope): readonly Qubits[] {
    return operands.map(o => this.operandQubits(o, scope));
  }
}
