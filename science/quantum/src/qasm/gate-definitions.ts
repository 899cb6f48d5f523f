// Gates as primitive steps: definitions expanded, modifiers applied. Expansions are kept by name and angles.
import { controlled, type Gate, inverse, joined, type Operation, raised, single } from '../circuit/gate.ts';
import { standardGate, standardGates } from '../circuit/standard.ts';
import { QuantumError } from '../error.ts';
import type { Modifier, Statement, StatementOf } from './ast.ts';
import { Evaluator } from './evaluate.ts';
import { Scope } from './scope.ts';
import type { Position } from './source.ts';
import { floatType, toIndex, toNumber } from './value.ts';

/** Expansions that are remembered; beyond it the memory is cleared (a program may use ever new angles). */
export const REMEMBERED = 20_000;
const DEEPEST_GATE = 100;

export abstract class GateExpander extends Evaluator {
  readonly #expanded = new Map<string, Operation>();
  #depth = 0;
  /** Where steps go while the body of a gate is being expanded. */
  protected recording: { gate: Gate; on: number[] }[] | undefined;

  protected abstract block(body: readonly Statement[], scope: Scope): unknown;

  /** True while the body of a gate is expanded, where only unitary steps may stand. */
  protected get inGate(): boolean {
    return this.recording !== undefined;
  }

  protected modified(base: Operation, s: StatementOf<'gate-call'>, args: readonly number[], scope: Scope): Operation {
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

  protected expanded(
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
      const outer = this.recording;
      const steps: { gate: Gate; on: number[] }[] = [];
      this.recording = steps;
      this.#depth += 1;
      try {
        this.block(definition.body, scope);
      } finally {
        this.recording = outer;
        this.#depth -= 1;
      }
      return this.placed(at, () => joined(name, args, { arity: definition.qubits.length, steps }));
    });
  }
}
