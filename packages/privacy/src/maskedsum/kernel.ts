// The arithmetic of masked sum behind one small port: fixed-point encoding against a mask, and an accumulator. Compiled (assembly/maskedsum.ts,
// SIMD) with a plain twin for engines without it. Both give the same bytes: round half to even, two's complement, little-endian.
import { wasmBase64 } from '../generated/maskedsum.wasm.ts';

export type Ring = 32 | 64;

/** Sums share after share into one chunk. Made for a size in bytes; reused chunk after chunk. */
export interface Accumulator {
  /** Sets the first `bytes` bytes to zero. */
  clear(bytes: number): void;
  /** Adds `source` to the bytes from `offset` on. Both multiples of 16, but for the last part of a chunk. */
  add(source: Uint8Array, offset: number): void;
  /** Copies the first `bytes` bytes out, into `into` if given. */
  take(bytes: number, into?: Uint8Array): Uint8Array;
  /** Gives it back, to be the next one that is made; it is not used any more after that. */
  release(): void;
}

export interface SumKernel {
  readonly kind: 'wasm' | 'twin';
  /**
   * out = round(clip(values) * scale) - mask, modulo 2^ring; mask and out have ring / 8 bytes a value and may be the same.
   * Returns how many values were clipped, or -1 if one is no number.
   */
  encode(
    values: Float32Array | Float64Array,
    mask: Uint8Array,
    out: Uint8Array,
    ring: Ring,
    clip: number,
    scale: number,
  ): number;
  /** target -= source, modulo 2^ring in each place. */
  subtract(target: Uint8Array, source: Uint8Array, ring: Ring): void;
  accumulator(ring: Ring, bytes: number): Accumulator;
}

/** The compiled kernel, or the twin where WebAssembly SIMD is missing. One for each thread. */
export function sumKernel(kind?: 'wasm' | 'twin'): SumKernel {
  if (kind === 'twin') return twin;
  try {
    shared ??= wasmSumKernel();
    return shared;
  } catch (error) {
    if (kind === 'wasm') throw error;
    return twin;
  }
}

let shared: SumKernel | undefined;

/** Accumulators kept for the next sum. */
const MOST_IDLE = 6;

/** Values handled at once: small enough for values and mask to stay in the second-level cache. */
const blockValues = 16384;

type Encode = (values: number, mask: number, n: number, clip: number, scale: number) => number;
type Combine = (target: number, source: number, bytes: number) => void;

function wasmSumKernel(): SumKernel {
  const module = new WebAssembly.Module(Uint8Array.from(atob(wasmBase64), c => c.charCodeAt(0)));
  const start = () => {
    const { exports } = new WebAssembly.Instance(module, { env: { abort } });
    const memory = exports['memory'] as WebAssembly.Memory;
    const base = Math.ceil((exports['base'] as () => number)() / 64) * 64;
    return { exports: exports as Record<string, unknown>, memory, base };
  };
  const { exports, memory, base } = start();
  const second = base + 8 * blockValues;
  const idle: { readonly ring: Ring; readonly size: number; readonly accumulator: Accumulator }[] = [];
  memory.grow(Math.ceil((second + 8 * blockValues) / 65536));
  const bytes = new Uint8Array(memory.buffer);
  return {
    kind: 'wasm',
    encode(values, mask, out, ring, clip, scale) {
      const encode = exports[`encode${ring}from${values.BYTES_PER_ELEMENT * 8}`] as Encode;
      const width = ring / 8;
      const source = bytesOf(values);
      let clipped = 0;
      for (let i = 0; i < values.length; i += blockValues) {
        const n = Math.min(blockValues, values.length - i);
        const padded = Math.ceil(n / 4) * 4;
        bytes.set(source.subarray(i * values.BYTES_PER_ELEMENT, (i + n) * values.BYTES_PER_ELEMENT), base);
        if (padded > n) bytes.fill(0, base + n * values.BYTES_PER_ELEMENT, base + padded * values.BYTES_PER_ELEMENT);
        bytes.set(mask.subarray(i * width, (i + n) * width), second);
        const found = encode(base, second, padded, clip, scale);
        if (found < 0) return -1;
        clipped += found;
        out.set(bytes.subarray(second, second + n * width), i * width);
      }
      return clipped;
    },
    subtract(target, source, ring) {
      const combine = exports[`sub${ring}`] as Combine;
      const block = 8 * blockValues;
      for (let i = 0; i < target.length; i += block) {
        const n = Math.min(block, target.length - i);
        bytes.set(target.subarray(i, i + n), base);
        bytes.set(source.subarray(i, i + n), second);
        combine(base, second, Math.ceil(n / 16) * 16);
        target.set(bytes.subarray(base, base + n), i);
      }
    },
    accumulator(ring, size) {
      const known = idle.findIndex(i => i.ring === ring && i.size >= size);
      if (known >= 0) return idle.splice(known, 1)[0].accumulator;
      // An instance of its own: its memory is the chunk. Instances are dear, so some are kept.
      const own = start();
      const add = own.exports[`add${ring}`] as Combine;
      const block = 4 * blockValues;
      const total = own.base + block;
      own.memory.grow(Math.ceil((total + size + 16) / 65536));
      const view = new Uint8Array(own.memory.buffer);
      const accumulator: Accumulator = {
        clear: n => void view.fill(0, total, total + n + 16),
        add(source, offset) {
          for (let i = 0; i < source.length; i += block) {
            const n = Math.min(block, source.length - i);
            const padded = Math.ceil(n / 16) * 16;
            view.set(n === source.length ? source : source.subarray(i, i + n), own.base);
            if (padded > n) view.fill(0, own.base + n, own.base + padded);
            add(total + offset + i, own.base, padded);
          }
        },
        take: (n, into) => copyOut(view.subarray(total, total + n), into),
        release() {
          if (idle.length < MOST_IDLE) idle.push({ ring, size, accumulator });
        },
      };
      return accumulator;
    },
  };
}

function abort(): never {
  throw new Error('the masked-sum kernel stopped');
}

const twin: SumKernel = {
  kind: 'twin',
  encode(values, mask, out, ring, clip, scale) {
    const masks = words(mask);
    const result = new Uint32Array(masks.length);
    let clipped = 0;
    for (let i = 0; i < values.length; i++) {
      const x = values[i];
      if (Number.isNaN(x)) return -1;
      if (x > clip || x < -clip) clipped += 1;
      const q = roundHalfToEven(Math.max(-clip, Math.min(clip, x)) * scale);
      if (ring === 32) {
        result[i] = q - masks[i];
      } else {
        const high = Math.floor(q / 2 ** 32);
        const low = q - high * 2 ** 32;
        const borrow = low < masks[2 * i] ? 1 : 0;
        result[2 * i] = low - masks[2 * i];
        result[2 * i + 1] = high - masks[2 * i + 1] - borrow;
      }
    }
    out.set(bytesOf(result));
    return clipped;
  },
  subtract(target, source, ring) {
    const a = words(target);
    const b = words(source);
    for (let i = 0; i < a.length; i += ring / 32) {
      const borrow = a[i] < b[i] ? 1 : 0;
      a[i] -= b[i];
      if (ring === 64) a[i + 1] -= b[i + 1] + borrow;
    }
    target.set(bytesOf(a));
  },
  accumulator(ring, size) {
    const total = new Uint32Array(Math.ceil(size / 4));
    return {
      clear: n => void total.fill(0, 0, Math.ceil(n / 4)),
      add(source, offset) {
        const b = words(source);
        const at = offset / 4;
        for (let i = 0; i < b.length; i += ring / 32) {
          const sum = total[at + i] + b[i];
          total[at + i] = sum;
          if (ring === 64) total[at + i + 1] += b[i + 1] + (sum >= 2 ** 32 ? 1 : 0);
        }
      },
      take: (n, into) => copyOut(bytesOf(total).subarray(0, n), into),
      release: () => undefined,
    };
  },
};

/** The nearest whole number, the even one of two equally near; exact for any double. */
function roundHalfToEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest < 0.5) return down;
  if (rest > 0.5) return down + 1;
  return down % 2 === 0 ? down : down + 1;
}

function copyOut(bytes: Uint8Array, into: Uint8Array | undefined): Uint8Array {
  if (!into) return bytes.slice();
  into.set(bytes);
  return into.subarray(0, bytes.length);
}

function words(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(new Uint8Array(bytes).buffer);
}

function bytesOf(array: Float32Array | Float64Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
