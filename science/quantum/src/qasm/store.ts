// The variables of a running program: declarations, aliases, assignments to variables, parts of registers, bits of numbers and slices of arrays.
import { standardGates } from '../circuit/standard.ts';
import type { ArrayLiteral, Expression, Index, Operand, Right, Statement, StatementOf } from './ast.ts';
import type { ExecuteOptions } from './execute.ts';
import { GateCaller } from './gate-calls.ts';
import { STANDARD_FILE } from './load.ts';
import { binary } from './operate.ts';
import type { Entry, Scope, Variable } from './scope.ts';
import type { Position } from './source.ts';
import {
  type ArrayView,
  bitType,
  convert,
  type Type,
  typeName,
  type Value,
  type Whole,
  wholeOfBits,
  wrap,
  zero,
} from './value.ts';

export abstract class Storer extends GateCaller {
  protected abstract readonly options: ExecuteOptions;
  /** Classical variables of the global scope, in order of declaration. */
  protected readonly order: string[] = [];

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
      const to = this.#places(target.indices, entry.index.length, scope);
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
      const to = this.#places(target.indices, store.length, scope);
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
    const to = this.#places(indices, bits.length, scope);
    const given = this.#bitsFor(value, to);
    for (const [i, k] of to.at.entries()) bits[k] = given[i];
    return wrap(wholeOfBits(bits, this.hooks), old.type.kind === 'int' ? 'int' : 'uint', bits.length);
  }

  #places(indices: readonly Index[], length: number, scope: Scope): { at: number[]; scalar: boolean } {
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

  protected addName(s: Statement, scope: Scope): void {
    const add = (name: string, entry: Entry): void => {
      if (!scope.declare(name, entry)) this.stop(`"${name}" is declared already`, s.at, 'meaning');
      if (entry.kind === 'variable' && scope === this.global && !entry.constant) this.order.push(name);
    };
    switch (s.kind) {
      case 'declare': {
        const type = this.type(s.type, scope);
        const v = s.value === undefined ? zero(type).v : this.#initial(s.value, type, scope);
        add(s.name, { kind: 'variable', type, v, fixed: s.constant, constant: s.constant });
        return;
      }
      case 'io': {
        const type = this.type(s.type, scope);
        const given = this.options.inputs?.[s.name];
        if (s.way === 'input' && given === undefined)
          this.stop(`no value is given for the input "${s.name}" of type ${typeName(type)}`, s.at, 'runtime');
        this.at = s.at;
        const v = s.way === 'input' ? convert(given!, type, true, this.hooks).v : zero(type).v;
        add(s.name, { kind: 'variable', type, v, fixed: false, constant: false, role: s.way });
        return;
      }
      case 'old-register': {
        const n = s.size ? this.size(s.size, scope) : undefined;
        if (s.type === 'qreg') {
          add(s.name, { kind: 'qubits', ids: this.#newQubits(n ?? 1, s.at), scalar: n === undefined });
          return;
        }
        const type: Type = n === undefined ? bitType : { kind: 'bits', size: n };
        add(s.name, { kind: 'variable', type, v: zero(type).v, fixed: false, constant: false });
        return;
      }
      case 'qubit': {
        const n = s.size ? this.size(s.size, scope) : undefined;
        add(s.name, { kind: 'qubits', ids: this.#newQubits(n ?? 1, s.at), scalar: n === undefined });
        return;
      }
      case 'alias':
        add(s.name, this.#alias(s, scope));
        return;
      case 'gate':
      case 'def':
      case 'extern':
        add(s.name, { kind: s.kind, definition: s } as Entry);
        return;
      case 'include':
        if (s.target === STANDARD_FILE)
          for (const name of Object.keys(standardGates))
            if (!this.global.declare(name, { kind: 'gate', definition: 'standard' })) {
              const e = this.global.get(name);
              if (e?.kind !== 'gate' || e.definition !== 'standard')
                this.stop(`${STANDARD_FILE} defines "${name}", which is declared already`, s.at, 'meaning');
            }
    }
  }

  #newQubits(n: number, at: Position): Int32Array {
    return this.allocate(n, at, this.options.maxQubits ?? 100_000);
  }

  #initial(value: Right | ArrayLiteral, type: Type, scope: Scope): Value['v'] {
    if (value.kind === 'array') {
      if (type.kind !== 'array')
        return this.stop(`a list of values cannot be assigned to ${typeName(type)}`, value.at, 'meaning');
      const fresh = zero(type).v as ArrayView;
      this.#fill(fresh, type, value, 0, 0, scope);
      return fresh;
    }
    const x = this.right(value, scope);
    this.at = value.at;
    if (type.kind !== 'array') {
      const v = convert(x, type, false, this.hooks).v;
      return v instanceof Int32Array ? v.slice() : v;
    }
    if (x.type.kind !== 'array' || x.type.shape!.join() !== type.shape!.join())
      return this.stop(
        `a value of type ${typeName(x.type)} cannot be assigned to ${typeName(type)}`,
        value.at,
        'meaning',
      );
    const fresh = zero(type).v as ArrayView;
    for (const [i, v] of elements(x.v as ArrayView).entries())
      fresh.data[i] = convert({ type: x.type.base!, v } as Value, type.base!, false, this.hooks).v;
    return fresh;
  }

  #fill(view: ArrayView, type: Type, list: ArrayLiteral, depth: number, offset: number, scope: Scope): void {
    const shape = type.shape!;
    if (list.items.length !== shape[depth])
      this.stop(`${list.items.length} values for a dimension of ${shape[depth]}`, list.at, 'meaning');
    for (const [i, item] of list.items.entries()) {
      const at = offset + i * view.strides[depth];
      if (item.kind === 'array') {
        if (depth + 1 >= shape.length) this.stop(`the array has only ${shape.length} dimensions`, item.at, 'meaning');
        this.#fill(view, type, item, depth + 1, at, scope);
        continue;
      }
      const x = this.evaluate(item, scope);
      this.at = item.at;
      if (depth + 1 === shape.length) view.data[at] = convert(x, type.base!, false, this.hooks).v;
      else {
        if (x.type.kind !== 'array' || x.type.shape!.join() !== shape.slice(depth + 1).join())
          this.stop(`a value of type ${typeName(x.type)} does not fill a row of ${typeName(type)}`, item.at, 'meaning');
        for (const [k, v] of elements(x.v as ArrayView).entries())
          view.data[at + k] = convert({ type: x.type.base!, v } as Value, type.base!, false, this.hooks).v;
      }
    }
  }

  #alias(s: StatementOf<'alias'>, scope: Scope): Entry {
    const quantum = s.parts.map(p => this.expressionQubits(p, scope));
    if (quantum.every(q => q !== undefined)) {
      if (quantum.length === 1) return { kind: 'qubits', ...quantum[0] };
      const ids = Int32Array.from(quantum.flatMap(q => [...q.ids]));
      if (new Set(ids).size !== ids.length)
        this.stop('a register cannot be joined with a part of itself', s.at, 'meaning');
      return { kind: 'qubits', ids, scalar: false };
    }
    if (quantum.some(q => q !== undefined)) this.stop('qubits and classical bits cannot be joined', s.at, 'meaning');
    const stores: Int32Array[] = [];
    const index: number[] = [];
    for (const part of s.parts) {
      const [base, indices] = spine(part);
      const entry = base === undefined ? undefined : this.lookup(base, part.at, scope);
      this.at = part.at;
      const isBits = entry?.kind === 'variable' && entry.type.kind === 'bits';
      if (!entry || (!isBits && entry.kind !== 'bit-alias')) {
        // A value that is no register: the alias is a copy of it.
        if (s.parts.length > 1)
          return this.stop('only registers of bits or of qubits can be joined', part.at, 'meaning');
        const x = this.evaluate(part, scope);
        return { kind: 'variable', type: x.type, v: x.v, fixed: true, constant: false };
      }
      const length = entry.kind === 'variable' ? (entry.v as Int32Array).length : entry.index.length;
      for (const k of this.#places(indices, length, scope).at) {
        stores.push(entry.kind === 'variable' ? (entry.v as Int32Array) : entry.stores[k]);
        index.push(entry.kind === 'variable' ? k : entry.index[k]);
      }
    }
    return { kind: 'bit-alias', stores, index };
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

/** The name at the bottom of an indexed expression, and its indices in order. */
function spine(e: Expression): [string | undefined, Index[]] {
  if (e.kind === 'name') return [e.name, []];
  if (e.kind === 'group') return spine(e.inner);
  if (e.kind !== 'index') return [undefined, []];
  const [name, indices] = spine(e.base);
  return [name, [...indices, e.index]];
}
