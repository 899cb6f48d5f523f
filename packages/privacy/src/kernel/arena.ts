// A stack allocator over a kernel's memory: take a mark, allocate, release the mark. Tables of roots stay below every mark.
import { type FieldName, fieldParameters } from '../field/field.ts';
import { type Kernel, type Pointer, tableElements } from './kernel.ts';

/** Owns the memory of one kernel. Calls nest as a stack; nothing keeps a pointer past the release of its mark. */
export class Arena {
  readonly kernel: Kernel;
  #top: Pointer;
  #depth = 0;
  readonly #tables = new Map<string, Pointer>();

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.#top = align(kernel.base);
  }

  /** Runs `body` and frees what it allocated. */
  scope<T>(body: () => T): T {
    const mark = this.#top;
    this.#depth += 1;
    try {
      return body();
    } finally {
      this.#depth -= 1;
      this.#top = mark;
    }
  }

  /** `size` bytes, 16-byte aligned, contents undefined. */
  allocate(size: number): Pointer {
    const pointer = this.#top;
    this.#top = align(pointer + size);
    this.kernel.reserve(this.#top);
    return pointer;
  }

  /** Allocates and copies in. */
  put(bytes: Uint8Array): Pointer {
    const pointer = this.allocate(bytes.length);
    this.kernel.bytes().set(bytes, pointer);
    return pointer;
  }

  /** Copies out. */
  take(pointer: Pointer, size: number): Uint8Array {
    return this.kernel.bytes().slice(pointer, pointer + size);
  }

  fill(pointer: Pointer, size: number): void {
    this.kernel.bytes().fill(0, pointer, pointer + size);
  }

  /** The table of roots for p nodes, made once. Only outside a scope: it stays. */
  table(field: FieldName, p: number): Pointer {
    const key = `${field} ${p}`;
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    if (this.#depth > 0) throw new Error('a table of roots must be made before work starts');
    const pointer = this.allocate(tableElements(p) * fieldParameters[field].encodedSize);
    this.kernel.fields[field].fillTable(pointer, p);
    this.#tables.set(key, pointer);
    return pointer;
  }
}

function align(pointer: Pointer): Pointer {
  return Math.ceil(pointer / 16) * 16;
}
