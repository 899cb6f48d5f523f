// Expressions and types of a running program. Registers of qubits are in registers.ts, statements in execute.ts.
import type { ArrayType, Expression, Operand, ScalarType } from './ast.ts';
import { builtins, callBuiltin } from './builtins.ts';
import { convert } from './convert.ts';
import { literal } from './literal.ts';
import { binary, unary } from './operate.ts';
import { Registers } from './registers.ts';
import type { Entry, Scope } from './scope.ts';
import type { Position } from './source.ts';
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

export abstract class Evaluator extends Registers {
  protected abstract callSubroutine(
    name: string,
    args: readonly Expression[],
    operands: readonly Operand[],
    at: Position,
    scope: Scope,
  ): Value | undefined;

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
}

/** Bits behind an alias, as a value. */
export function readAlias(entry: Entry & { kind: 'bit-alias' }): Value {
  return {
    type: { kind: 'bits', size: entry.index.length },
    v: Int32Array.from(entry.index, (k, i) => entry.stores[i][k]),
  };
}
