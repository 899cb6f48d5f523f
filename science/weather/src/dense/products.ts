// C += s A B' and rounding to fixed point, in WebAssembly (assembly/abt.ts) or in plain TypeScript, over one arena of memory. Both give the same sums up to rounding.
// The trap: WebAssembly memory cannot move under live views, so an arena's size is fixed when it is made.
import { wasmBase64 } from '../generated/abt.wasm.ts';

/** A block of doubles inside the arena it came from; only blocks of an arena may be given to its `abt`. */
export type Block = Float64Array<ArrayBufferLike>;
/** The same in single precision: half the memory, twice the speed. */
export type Singles = Float32Array<ArrayBufferLike>;
export type Reals = Block | Singles;

/** Working memory with the product that everything else is built on. */
export interface Arena {
  readonly kind: 'wasm' | 'plain';
  /** A zeroed block of `length` doubles. Throws RangeError when the arena is full. */
  alloc(length: number): Block;
  /** Frees everything allocated inside `run` after it. */
  scope<T>(run: () => T): T;
  /**
   * C[i,j] += scale * sum over k < depth of A[i,k] B[j,k]; row-major with row lengths ldc, lda, ldb. Starts are element offsets in the block. All three are of one precision.
   */
  abt(p: Product): void;
  /** A zeroed block of `length` singles; takes the room of half as many doubles. */
  singles(length: number): Singles;
  /** A block for `length` whole numbers of 32 bits; takes the room of half as many doubles. */
  wholes(length: number): Int32Array<ArrayBufferLike>;
  /** to[i] = floor(from[i] scale + 1/2) for i < length of `to`, a block from `wholes`. The largest |from[i]| is returned, Infinity where one is no number; what does not fit 32 bits means nothing. */
  fix(from: Block, scale: number, to: Int32Array<ArrayBufferLike>): number;
}

export interface Product {
  readonly c: Reals;
  readonly c0?: number;
  readonly ldc: number;
  readonly a: Reals;
  readonly a0?: number;
  readonly lda: number;
  readonly rows: number;
  readonly b: Reals;
  readonly b0?: number;
  readonly ldb: number;
  readonly cols: number;
  readonly depth: number;
  readonly scale: number;
}

/** An arena of `doubles` numbers: WebAssembly with SIMD where the platform has it, else plain. */
export function arena(doubles: number, kind: 'wasm' | 'plain' = supportsSimd() ? 'wasm' : 'plain'): Arena {
  return kind === 'wasm' ? wasmArena(doubles) : plainArena(doubles);
}

let compiled: WebAssembly.Module | undefined | null;

function supportsSimd(): boolean {
  if (compiled === undefined) {
    try {
      compiled = new WebAssembly.Module(Uint8Array.from(atob(wasmBase64), ch => ch.charCodeAt(0)));
    } catch {
      compiled = null;
    }
  }
  return compiled !== null;
}

function wasmArena(doubles: number): Arena {
  if (!supportsSimd() || !compiled) throw new Error('this platform has no WebAssembly SIMD');
  const instance = new WebAssembly.Instance(compiled, { env: { abort() {} } });
  const memory = instance.exports['memory'] as WebAssembly.Memory;
  const doubly = instance.exports['abt64'] as (...n: number[]) => void;
  const singly = instance.exports['abt32'] as (...n: number[]) => void;
  const fix = instance.exports['fix'] as (...n: number[]) => number;
  const first = 65536;
  memory.grow(Math.ceil((first + doubles * 8 - memory.buffer.byteLength) / 65536) + 1);
  const blocks = bump(new Float64Array(memory.buffer, first, doubles));
  return {
    kind: 'wasm',
    ...blocks,
    abt(p) {
      const at = (x: Reals, start = 0) => x.byteOffset + start * x.BYTES_PER_ELEMENT;
      const abt = p.c instanceof Float32Array ? singly : doubly;
      abt(at(p.c, p.c0), p.ldc, at(p.a, p.a0), p.lda, p.rows, at(p.b, p.b0), p.ldb, p.cols, p.depth, p.scale);
    },
    fix: (from, scale, to) => fix(from.byteOffset, to.byteOffset, to.length, scale),
  };
}

function plainArena(doubles: number): Arena {
  return { kind: 'plain', ...bump(new Float64Array(doubles)), abt: plainAbt, fix: plainFix };
}

function plainFix(from: Block, scale: number, to: Int32Array): number {
  let most = 0;
  for (let i = 0; i < to.length; i++) {
    const size = Math.abs(from[i]);
    if (!(size <= most)) most = Number.isNaN(size) ? Number.POSITIVE_INFINITY : size;
    to[i] = Math.floor(from[i] * scale + 0.5);
  }
  return most;
}

function plainAbt({ c, c0 = 0, ldc, a, a0 = 0, lda, rows, b, b0 = 0, ldb, cols, depth, scale }: Product): void {
  for (let i = 0; i < rows; i++) {
    const pa = a0 + i * lda;
    for (let j = 0; j < cols; j++) {
      const pb = b0 + j * ldb;
      let s = 0;
      for (let k = 0; k < depth; k++) s += a[pa + k] * b[pb + k];
      c[c0 + i * ldc + j] += scale * s;
    }
  }
}

function bump(all: Block): Pick<Arena, 'alloc' | 'singles' | 'wholes' | 'scope'> {
  let used = 0;
  // Memory is zero at first; what lies below this has been used.
  let touched = 0;
  const alloc = (length: number): Block => {
    if (used + length > all.length)
      throw new RangeError(`arena of ${all.length} doubles is full: ${length} more asked`);
    const block = all.subarray(used, used + length);
    if (touched > used) block.fill(0, 0, Math.min(length, touched - used));
    // Rows start on 16 bytes, as the SIMD loads like it.
    used += length + (length & 1);
    touched = Math.max(touched, used);
    return block;
  };
  return {
    alloc,
    singles: length => new Float32Array(all.buffer, alloc(Math.ceil(length / 2)).byteOffset, length),
    wholes: length => new Int32Array(all.buffer, alloc(Math.ceil(length / 2)).byteOffset, length),
    scope(run) {
      const mark = used;
      try {
        return run();
      } finally {
        used = mark;
      }
    },
  };
}
