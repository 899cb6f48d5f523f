// Assignment in a running program: to variables, parts of registers, bits of numbers and slices of arrays.
import type { Expression, Index, Operand, Right, StatementOf } from './ast.ts';
import { convert } from './convert.ts';
import { GateCaller } from './gate-calls.ts';
import { binary } from './operate.ts';
import type { Scope, Variable } from './scope.ts';
import type { Position } from './source.ts';
import { type ArrayView, bitType, typeName, type Value, type Whole, wholeOfBits, wrap } from './value.ts';

export abstract class Storer extends GateCaller {
  /** The value of a right-hand side. */
  protected abstract right(r: Right, scope: Scope): Value;

  protected assign(s: StatementOf<'assign'>, scope: Scope): void {
    let value = this.right(s.value, scope);
    if (s.op !== '=') {
      const old = this.#read(s.target, scope);
      this.at = s.at;
      value = binary(s.op.slice(0, -1) as Parameters<typeof binary>[0], old, value, this.hooks);
    }
    this.store(s.target, value, scope, s.at);
  }

  #read(target: Operand, scope: Scope): Value {
    let e: Expression = { kind: 'name', at: target.at, name: target.name };
    for (const index of target.indices) e = { kind: 'index', at: target.at, base: e, index };
    return this.evaluate(e, scope);
  }

  protected store(target: Operand, value: Value, scope: Scope, at: Position): void {
    const entry = this.lookup(target.name, target.at, scope);
    this.at = at;
    if (entry.kind === 'bit-alias') {
      const to = this.places(target.indices, entry.index.length, scope);
      const bits = this.#bitsFor(value, to);
      for (const [i, k] of to.at.entries()) entry.stores[k][entry.index[k]] = bits[i];
      return;
    }
    if (entry.kind !== 'variable')
      this.stop(`"${target.name}" is not a variable and cannot be assigned`, target.at, 'meaning');
    if (entry.fixed) this.stop(`"${target.name}" cannot be changed`, target.at, 'meaning');
    if (entry.type.kind === 'array') {
      this.#storeArray(entry, target, value, scope);
      return;
    }
    if (entry.type.kind === 'bits') {
      const store = entry.v as Int32Array;
      if (target.indices.length === 0) {
        store.set(convert(value, entry.type, false, this.hooks).v as Int32Array);
        return;
      }
      const to = this.places(target.indices, store.length, scope);
      const bits = this.#bitsFor(value, to);
      for (const [i, k] of to.at.entries()) store[k] = bits[i];
      return;
    }
    entry.v =
      target.indices.length === 0
        ? convert(value, entry.type, false, this.hooks).v
        : this.#withBits({ type: entry.type, v: entry.v } as Value, target.indices, value, scope);
  }

  /** A whole number or angle with some of its bits replaced. */
  #withBits(old: Value, indices: readonly Index[], value: Value, scope: Scope): Whole {
    const bits = this.bitsOf(old).slice();
    const to = this.places(indices, bits.length, scope);
    const given = this.#bitsFor(value, to);
    for (const [i, k] of to.at.entries()) bits[k] = given[i];
    return wrap(wholeOfBits(bits, this.hooks), old.type.kind === 'int' ? 'int' : 'uint', bits.length);
  }

  protected places(indices: readonly Index[], length: number, scope: Scope): { at: number[]; scalar: boolean } {
    let out = { at: Array.from({ length }, (_, i) => i), scalar: false };
    for (const index of indices) {
      if (out.scalar) this.stop('a single bit has no parts', this.at, 'meaning');
      const p = this.positions(index, out.at.length, scope);
      out = { at: p.at.map(i => out.at[i]), scalar: p.scalar };
    }
    return out;
  }

  #bitsFor(value: Value, to: { at: number[]; scalar: boolean }): Int32Array {
    if (to.scalar) return Int32Array.of(convert(value, bitType, false, this.hooks).v as number);
    return convert(value, { kind: 'bits', size: to.at.length }, false, this.hooks).v as Int32Array;
  }

  #storeArray(entry: Variable, target: Operand, value: Value, scope: Scope): void {
    let view = entry.v as ArrayView;
    const base = entry.type.base!;
    const rest = [...target.indices];
    while (rest.length > 0 && view.shape.length > 0) view = this.window(view, rest.shift()!, target.at, scope);
    this.at = target.at;
    if (rest.length > 0) {
      view.data[view.offset] = this.#withBits({ type: base, v: view.data[view.offset] } as Value, rest, value, scope);
      return;
    }
    if (view.shape.length === 0) {
      view.data[view.offset] = convert(value, base, false, this.hooks).v;
      return;
    }
    if (value.type.kind !== 'array' || value.type.shape!.join() !== view.shape.join())
      this.stop(
        `a value of type ${typeName(value.type)} does not have the shape ${view.shape.join(' x ')}`,
        target.at,
        'meaning',
      );
    const from = elements(value.v as ArrayView);
    for (const [i, k] of addresses(view).entries())
      view.data[k] = convert({ type: value.type.base!, v: from[i] } as Value, base, false, this.hooks).v;
  }
}

/** Where the elements of a window lie. */
function addresses(view: ArrayView): number[] {
  let out = [view.offset];
  for (const [d, size] of view.shape.entries())
    out = out.flatMap(k => Array.from({ length: size }, (_, i) => k + i * view.strides[d]));
  return out;
}
export const elements = (view: ArrayView): Value['v'][] => addresses(view).map(k => view.data[k]);
