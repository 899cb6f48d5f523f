// What an index names: places of a register, windows of an array, numbers of a range. Values of expressions come from evaluate.ts.
import type { Machine } from '../circuit/circuit.ts';
import type { QuantumErrorCode } from '../error.ts';
import type { Expression, Index, Range } from './ast.ts';
import type { Scope } from './scope.ts';
import type { Position, Sources } from './source.ts';
import {
  type ArrayView,
  bitsOfWhole,
  bitType,
  type Hooks,
  type Type,
  toIndex,
  typeName,
  type Value,
  type Whole,
  whole,
} from './value.ts';

export abstract class Indexer {
  protected readonly machine: Machine;
  protected readonly sources: Sources;
  /** Where the program is, for messages. */
  protected at: Position = 0;
  protected readonly hooks: Hooks = {
    force: bit => (bit < 2 ? bit : this.machine.outcome(bit - 2)),
    fail: message => this.stop(message),
  };

  constructor(machine: Machine, sources: Sources) {
    this.machine = machine;
    this.sources = sources;
  }

  abstract evaluate(e: Expression, scope: Scope): Value;

  /** Ends with a message at the current place, or at another. */
  protected stop(message: string, at = this.at, code: QuantumErrorCode = 'runtime'): never {
    throw this.sources.error(code, message, at);
  }

  protected indexed(x: Value, index: Index, at: Position, scope: Scope): Value {
    this.at = at;
    const { type } = x;
    if (type.kind === 'array') return this.#arrayItem(x.v as ArrayView, type, index, at, scope);
    const bits = this.bitsOf(x);
    const chosen = this.positions(index, bits.length, scope);
    if (chosen.scalar) return { type: bitType, v: bits[chosen.at[0]] };
    return { type: { kind: 'bits', size: chosen.at.length }, v: Int32Array.from(chosen.at, i => bits[i]) };
  }

  /** A sized value as bits, lowest first. */
  protected bitsOf(x: Value): Int32Array {
    const { type } = x;
    if (type.kind === 'bits') return x.v as Int32Array;
    if (type.kind === 'int' || type.kind === 'uint' || (type.kind === 'angle' && type.size > 0))
      return bitsOfWhole(x.v as Whole, type.size || 64);
    return this.stop(`${typeName(type)} cannot be indexed`);
  }

  /** Which places of a register an index names. `scalar` for a single number. */
  positions(index: Index, length: number, scope: Scope): { at: number[]; scalar: boolean } {
    const { at: place } = this;
    const inside = (i: number): number => {
      const k = i < 0 ? i + length : i;
      if (!(k >= 0 && k < length))
        this.stop(length === 0 ? 'the register is empty' : `the index ${i} is outside 0 to ${length - 1}`, place);
      return k;
    };
    if (index.kind === 'set') {
      const items = index.items.map(e => inside(toIndex(this.evaluate(e, scope), this.hooks)));
      return { at: items, scalar: false };
    }
    if (index.items.length !== 1) this.stop('a register has one dimension', place, 'meaning');
    const [item] = index.items;
    if (item.kind !== 'range') return { at: [inside(toIndex(this.evaluate(item, scope), this.hooks))], scalar: true };
    return { at: this.#rangeIn(item, length, scope, inside), scalar: false };
  }

  #rangeIn(range: Range, length: number, scope: Scope, inside: (i: number) => number): number[] {
    const place = this.at;
    const number = (e: Expression | undefined) => (e ? toIndex(this.evaluate(e, scope), this.hooks) : undefined);
    const step = number(range.step) ?? 1;
    if (step === 0) this.stop('the step of a range is 0', place);
    const ends = [
      number(range.start) ?? (step > 0 ? 0 : length - 1),
      number(range.stop) ?? (step > 0 ? length - 1 : 0),
    ];
    // Negative ends count from the end of the register.
    const [start, stop] = ends.map(v => (v < 0 ? v + length : v));
    const out: number[] = [];
    for (let i = start; step > 0 ? i <= stop : i >= stop; i += step) out.push(inside(i));
    if (out.length === 0) this.stop('this range holds nothing', place);
    return out;
  }

  /** Numbers of a range that stands alone, as in a loop; nothing is built. Beyond 2^53 they are BigInt, so that none is lost. */
  protected span(range: Range, scope: Scope): { readonly count: number; readonly at: (i: number) => Whole } {
    if (!range.start || !range.stop) this.stop('the range of a loop needs both ends', range.at, 'meaning');
    const number = (e: Expression): Whole => {
      const x = this.evaluate(e, scope);
      return typeof x.v === 'bigint' ? x.v : toIndex(x, this.hooks);
    };
    const start = number(range.start);
    const stop = number(range.stop);
    const step = range.step ? number(range.step) : 1;
    if (Number(step) === 0) this.stop('the step of a range is 0', range.at);
    if (typeof start === 'number' && typeof stop === 'number' && typeof step === 'number') {
      const count = Math.max(0, Math.floor((stop - start) / step) + 1);
      return { count, at: i => start + i * step };
    }
    const [from, to, by] = [BigInt(start), BigInt(stop), BigInt(step)];
    const ahead = by > 0n ? to >= from : to <= from;
    return { count: ahead ? Number((to - from) / by) + 1 : 0, at: i => whole(from + BigInt(i) * by) };
  }

  /** A window or an element; what is left of the index after the last dimension chooses bits of the element. */
  #arrayItem(view: ArrayView, type: Type, index: Index, at: Position, scope: Scope): Value {
    const w = this.window(view, index, at, scope);
    if (w.shape.length > 0) return { type: { ...type, shape: w.shape }, v: w };
    return { type: type.base!, v: w.data[w.offset] } as Value;
  }

  /** The part of an array that an index names, sharing its elements. */
  protected window(view: ArrayView, index: Index, at: Position, scope: Scope): ArrayView {
    if (index.kind === 'set') this.stop('an array cannot be indexed by a set', at, 'meaning');
    if (index.items.length > view.shape.length)
      this.stop(`${index.items.length} indices for an array of ${view.shape.length} dimensions`, at, 'meaning');
    let { offset } = view;
    const shape: number[] = [];
    const strides: number[] = [];
    for (const [d, size] of view.shape.entries()) {
      const item = index.items[d];
      const stride = view.strides[d];
      this.at = at;
      if (item === undefined) {
        shape.push(size);
        strides.push(stride);
      } else {
        const { at: chosen, scalar } = this.positions({ kind: 'list', items: [item] }, size, scope);
        offset += chosen[0] * stride;
        if (scalar) continue;
        shape.push(chosen.length);
        strides.push(chosen.length > 1 ? (chosen[1] - chosen[0]) * stride : stride);
      }
    }
    return { data: view.data, offset, shape, strides };
  }
}
