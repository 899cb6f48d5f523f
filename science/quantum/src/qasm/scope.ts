// Names and what they stand for. Blocks see everything outside; bodies of gates and subroutines see only constants, gates and subroutines.
import type { StatementOf } from './ast.ts';
import type { Type, Value } from './value.ts';

export type Entry =
  | Variable
  | { readonly kind: 'qubits'; readonly ids: Int32Array /** Declared without a size. */; readonly scalar: boolean }
  /** `let` on classical bits: bit i is element `index[i]` of `stores[i]`. */
  | { readonly kind: 'bit-alias'; readonly stores: readonly Int32Array[]; readonly index: readonly number[] }
  | { readonly kind: 'gate'; readonly definition: StatementOf<'gate'> | 'standard' | 'builtin' }
  | { readonly kind: 'def'; readonly definition: StatementOf<'def'> }
  | { readonly kind: 'extern'; readonly definition: StatementOf<'extern'> };

export interface Variable {
  readonly kind: 'variable';
  readonly type: Type;
  v: Value['v'];
  /** May not be assigned: const, input, or an array given as readonly. */
  readonly fixed: boolean;
  /** Known to bodies of gates and subroutines. */
  readonly constant: boolean;
  /** What it is for, in the global scope. */
  readonly role?: 'input' | 'output';
}

export class Scope {
  #names: Map<string, Entry> | undefined;
  readonly parent: Scope | undefined;
  readonly #closed: boolean;

  /** `closed`: the body of a gate or subroutine. */
  constructor(parent?: Scope, closed = false) {
    this.parent = parent;
    this.#closed = closed;
  }

  get(name: string): Entry | undefined {
    let closed = false;
    for (let s: Scope | undefined = this; s; s = s.parent) {
      const e = s.#names?.get(name);
      if (e) {
        const seen = !closed || (e.kind === 'variable' ? e.constant : e.kind !== 'qubits' && e.kind !== 'bit-alias');
        if (seen) return e;
      }
      closed ||= s.#closed;
    }
    return undefined;
  }

  /** False when this very scope has the name already. */
  declare(name: string, entry: Entry): boolean {
    this.#names ??= new Map();
    if (this.#names.has(name)) return false;
    this.#names.set(name, entry);
    return true;
  }

  /** Sets a name whatever it was: the variable of a loop. */
  put(name: string, entry: Entry): void {
    this.#names ??= new Map();
    this.#names.set(name, entry);
  }

  entries(): Iterable<[string, Entry]> {
    return this.#names ?? [];
  }
}
