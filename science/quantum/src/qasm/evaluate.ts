// Expressions of a running program: values, indices, registers of qubits. Statements are in execute.ts. One walk in one file.
import type { Machine } from '../circuit/circuit.ts';
import { QuantumError } from '../error.ts';
import type { ArrayType, Expression, Index, Operand, ScalarType } from './ast.ts';
import { builtins, callBuiltin } from './builtins.ts';
import { convert } from './convert.ts';
import { Indexer } from './indices.ts';
import { literal } from './literal.ts';
import { binary, unary } from './operate.ts';
import { type Entry, Scope } from './scope.ts';
import type { Position, Sources } from './source.ts';
import {
  type ArrayView,
  bitType,
  boolType,
  complexType,
  durationType,
  floatType,
  type Type,
  toIndex,
  truth,
  uintType,
  type Value,
} from './value.ts';

/** Bits in one register; larger declarations are refused before memory is taken. */
export const MAX_REGISTER = 10_000_000;

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

export abstract class Evaluator extends Indexer {
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

  protected abstract callSubroutine(
    name: string,
    args: readonly Expression[],
    operands: readonly Operand[],
    at: Position,
    scope: Scope,
  ): Value | undefined;

  protected lookup(name: string, at: Position, scope: Scope): Entry {
    const e = scope.get(name);
    if (e) return e;
    return this.stop(
      `"${name}" is not declared${this.global.get(name) ? ' here: bodies of gates and subroutines see only constants, gates and subroutines of the program' : ''}`,
      at,
      'meaning',
    );
  }

  evaluate(e: Expression, scope: Scope): Value {
    switch (e.kind) {
      case 'integer':
      case 'float':
      case 'imaginary':
      case 'boolean':
      case 'bits':
      case 'time':
        return literal(e);
      case 'group':
        return this.evaluate(e.inner, scope);
      case 'name': {
        const entry = this.lookup(e.name, e.at, scope);
        if (entry.kind === 'variable')
          return entry.type.kind === 'bits'
            ? { type: entry.type, v: (entry.v as Int32Array).slice() }
            : ({ type: entry.type, v: entry.v } as Value);
        if (entry.kind === 'bit-alias') return readAlias(entry);
        this.at = e.at;
        if (entry.kind === 'qubits')
          return this.stop(`"${e.name}" is a qubit; its value can only be had by measuring`, e.at, 'meaning');
        return this.stop(
          `"${e.name}" is a ${entry.kind === 'gate' ? 'gate' : 'subroutine'}, not a value`,
          e.at,
          'meaning',
        );
      }
      case 'unary': {
        const x = this.evaluate(e.operand, scope);
        this.at = e.at;
        return unary(e.op, x, this.hooks);
      }
      case 'binary': {
        const a = this.evaluate(e.left, scope);
        if (e.op === '&&' || e.op === '||') {
          this.at = e.at;
          const first = truth(a, this.hooks);
          if (first === (e.op === '||')) return { type: boolType, v: first ? 1 : 0 };
          return { type: boolType, v: truth(this.evaluate(e.right, scope), this.hooks) ? 1 : 0 };
        }
        const b = this.evaluate(e.right, scope);
        this.at = e.at;
        return binary(e.op, a, b, this.hooks);
      }
      case 'cast': {
        const type = this.type(e.type, scope);
        const x = this.evaluate(e.operand, scope);
        this.at = e.at;
        // bit[n] without a size is one bit; the cast of a register to a longer integer is spelled out by slicing.
        return convert(x, type, true, this.hooks);
      }
      case 'index':
        return this.indexed(this.evaluate(e.base, scope), e.index, e.at, scope);
      case 'call':
        return this.#call(e, scope);
      case 'durationof':
        // Gates take no time here.
        return { type: durationType, v: { nanoseconds: 0, dt: 0 } };
      case 'hardware':
        return this.stop(`$${e.index} is a qubit; its value can only be had by measuring`, e.at, 'meaning');
    }
  }

  #call(e: Expression & { kind: 'call' }, scope: Scope): Value {
    const range = builtins[e.name];
    if (range && scope.get(e.name) === undefined) {
      if (e.args.length < range[0] || e.args.length > range[1])
        this.stop(
          `${e.name} takes ${range[0] === range[1] ? range[0] : `${range[0]} or ${range[1]}`} arguments, not ${e.args.length}`,
          e.at,
          'meaning',
        );
      const args = e.args.map(a => this.evaluate(a, scope));
      this.at = e.at;
      if (e.name !== 'sizeof') return callBuiltin(e.name, args, this.hooks);
      if (args[0].type.kind !== 'array') this.stop('sizeof takes an array', e.at, 'meaning');
      const { shape } = args[0].v as ArrayView;
      const d = args[1] ? toIndex(args[1], this.hooks) : 0;
      if (!(d >= 0 && d < shape.length))
        this.stop(`the array has ${shape.length} dimensions; there is no dimension ${d}`, e.at);
      return { type: uintType, v: shape[d] };
    }
    const v = this.callSubroutine(e.name, e.args, [], e.at, scope);
    return v ?? this.stop(`${e.name} returns nothing, so it has no value`, e.at, 'meaning');
  }

  /** A written type with its sizes worked out. */
  protected type(t: ScalarType | ArrayType, scope: Scope): Type {
    if (t.kind === 'array-type') {
      const base = this.type(t.base, scope);
      const shape = t.dimensions.map(d => this.#size(d, scope, 0));
      if (shape.length > 7) this.stop('an array has at most 7 dimensions', t.at, 'meaning');
      if (shape.reduce((a, b) => a * b, 1) > MAX_REGISTER)
        this.stop(`the array has more than ${MAX_REGISTER} elements`, t.at, 'too-large');
      return { kind: 'array', size: 0, base, shape };
    }
    switch (t.kind) {
      case 'bool':
        return boolType;
      case 'duration':
      case 'stretch':
        return durationType;
      case 'complex': {
        if (!t.part) return complexType;
        const part = this.type(t.part, scope);
        if (part.kind !== 'float') this.stop('the parts of a complex number are of type float', t.at, 'meaning');
        return { kind: 'complex', size: part.size };
      }
      case 'bit':
        if (!t.size) return bitType;
        return { kind: 'bits', size: this.#size(t.size, scope, 0) };
      case 'float':
        return t.size ? { kind: 'float', size: this.#size(t.size, scope, 1) } : floatType;
      default: {
        if (!t.size) return { kind: t.kind, size: 0 };
        const size = this.#size(t.size, scope, 1);
        if (size > 65536) this.stop(`${t.kind}[${size}] is wider than 65,536 bits`, t.at, 'too-large');
        return { kind: t.kind, size };
      }
    }
  }

  #size(e: Expression, scope: Scope, least: number): number {
    const n = toIndex(this.evaluate(e, scope), { ...this.hooks, fail: m => this.stop(m, e.at, 'meaning') });
    if (!(n >= least)) this.stop(`a size must be at least ${least}, not ${n}`, e.at, 'meaning');
    if (n > MAX_REGISTER) this.stop(`a size of ${n} is more than the limit of ${MAX_REGISTER}`, e.at, 'too-large');
    return n;
  }

  /** Size of a register as written, 0 or more. */
  protected size(e: Expression, scope: Scope): number {
    return this.#size(e, scope, 0);
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
    for (const index of o.indices) out = this.#pick(out, index, o, scope);
    return out;
  }

  #pick(q: Qubits, index: Index, o: { at: Position; name?: string }, scope: Scope): Qubits {
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
    return base && this.#pick(base, e.index, { at: e.at }, scope);
  }
}

/** Bits behind an alias, as a value. */
export function readAlias(entry: Entry & { kind: 'bit-alias' }): Value {
  return {
    type: { kind: 'bits', size: entry.index.length },
    v: Int32Array.from(entry.index, (k, i) => entry.stores[i][k]),
  };
}
