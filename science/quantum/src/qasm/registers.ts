// Names of a running program and the qubits behind them: registers, `$n`, parts of registers.
import type { Machine } from '../circuit/circuit.ts';
import { QuantumError } from '../error.ts';
import type { Expression, Index, Operand } from './ast.ts';
import { Indexer } from './indices.ts';
import { type Entry, Scope } from './scope.ts';
import type { Position, Sources } from './source.ts';
import { floatType } from './value.ts';

const constants: Readonly<Record<string, number>> = {
  pi: Math.PI,
  π: Math.PI,
  tau: 2 * Math.PI,
  τ: 2 * Math.PI,
  euler: Math.E,
  ℇ: Math.E,
};

/** A register of qubits, or one qubit. */
export interface Qubits {
  readonly ids: Int32Array;
  readonly scalar: boolean;
}

export abstract class Registers extends Indexer {
  protected readonly global = new Scope();
  /** Qubits so far: declared ones and `$n`. */
  qubits = 0;
  readonly #hardware = new Map<string, number>();

  constructor(machine: Machine, sources: Sources) {
    super(machine, sources);
    for (const [name, v] of Object.entries(constants))
      this.global.put(name, { kind: 'variable', type: floatType, v, fixed: true, constant: true });
    for (const name of ['U', 'gphase']) this.global.put(name, { kind: 'gate', definition: 'builtin' });
  }

  /** Runs something that knows no places and gives its errors one. */
  protected placed<T>(at: Position, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (error instanceof QuantumError && error.line === undefined)
        throw this.sources.error(error.code, error.message, at);
      throw error;
    }
  }

  protected lookup(name: string, at: Position, scope: Scope): Entry {
    const e = scope.get(name);
    if (e) return e;
    return this.stop(
      `"${name}" is not declared${this.global.get(name) ? ' here: bodies of gates and subroutines see only constants, gates and subroutines of the program' : ''}`,
      at,
      'meaning',
    );
  }

  /** New qubits, all |0>. */
  protected allocate(count: number, at: Position, most: number): Int32Array {
    if (this.qubits + count > most)
      this.stop(`${this.qubits + count} qubits are more than the limit of ${most}`, at, 'too-large');
    const first = this.qubits;
    this.qubits += count;
    return Int32Array.from({ length: count }, (_, i) => first + i);
  }

  protected hardwareQubit(name: string): number {
    let id = this.#hardware.get(name);
    if (id === undefined) {
      id = this.qubits++;
      this.#hardware.set(name, id);
    }
    return id;
  }

  /** The qubits an operand names. */
  operandQubits(o: Operand, scope: Scope): Qubits {
    if (o.name.startsWith('$')) return { ids: Int32Array.of(this.hardwareQubit(o.name)), scalar: true };
    const entry = this.lookup(o.name, o.at, scope);
    if (entry.kind !== 'qubits') return this.stop(`"${o.name}" is not a qubit`, o.at, 'meaning');
    let out: Qubits = entry;
    for (const index of o.indices) out = this.#part(out, index, o, scope);
    return out;
  }

  #part(q: Qubits, index: Index, o: { at: Position; name?: string }, scope: Scope): Qubits {
    if (q.scalar) this.stop(`${o.name ? `"${o.name}"` : 'this'} is a single qubit and has no parts`, o.at, 'meaning');
    this.at = o.at;
    const { at, scalar } = this.positions(index, q.ids.length, scope);
    if (index.kind === 'set' && new Set(at).size !== at.length) this.stop('a qubit is there twice in this set', o.at);
    return { ids: Int32Array.from(at, i => q.ids[i]), scalar };
  }

  /** The qubits an expression names, or undefined when it is classical. */
  protected expressionQubits(e: Expression, scope: Scope): Qubits | undefined {
    if (e.kind === 'group') return this.expressionQubits(e.inner, scope);
    if (e.kind === 'hardware') return { ids: Int32Array.of(this.hardwareQubit(`$${e.index}`)), scalar: true };
    if (e.kind === 'name') {
      const entry = scope.get(e.name);
      return entry?.kind === 'qubits' ? entry : undefined;
    }
    if (e.kind !== 'index') return undefined;
    const base = this.expressionQubits(e.base, scope);
    return base && this.#part(base, e.index, { at: e.at }, scope);
  }
}
