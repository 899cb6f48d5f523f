// Names as a running program declares them: variables with their first values, registers, aliases, definitions, the standard gates.
import { standardGates } from '../circuit/standard.ts';
import type { ArrayLiteral, Expression, Index, Right, Statement, StatementOf } from './ast.ts';
import { convert } from './convert.ts';
import type { ExecuteOptions } from './execute.ts';
import { STANDARD_FILE } from './load.ts';
import type { Entry, Scope } from './scope.ts';
import type { Position } from './source.ts';
import { elements, Storer } from './store.ts';
import { type ArrayView, bitType, type Type, typeName, type Value, zero } from './value.ts';

export abstract class Declarer extends Storer {
  protected abstract readonly options: ExecuteOptions;

  /** Classical variables of the global scope, in order of declaration. */
  protected readonly order: string[] = [];

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
      for (const k of this.places(indices, length, scope).at) {
        stores.push(entry.kind === 'variable' ? (entry.v as Int32Array) : entry.stores[k]);
        index.push(entry.kind === 'variable' ? k : entry.index[k]);
      }
    }
    return { kind: 'bit-alias', stores, index };
  }
}

/** The name at the bottom of an indexed expression, and its indices in order. */
function spine(e: Expression): [string | undefined, Index[]] {
  if (e.kind === 'name') return [e.name, []];
  if (e.kind === 'group') return spine(e.inner);
  if (e.kind !== 'index') return [undefined, []];
  const [name, indices] = spine(e.base);
  return [name, [...indices, e.index]];
}
