// Gradient histograms of several tree nodes at one data holder: the hot loop of boosting. Compiled (assembly/trees.ts) where there is one gradient a row
// and WebAssembly has SIMD, else plain; both give the same bytes, since all numbers are whole.
import { wasmBase64 } from '../../generated/trees.wasm.ts';

export interface BinnedRows {
  readonly features: number;
  /** Bins a feature. */
  readonly bins: number;
  /** Numbers a bin: gradients and second derivative. */
  readonly channels: number;
  /** Row-major, one byte a feature. */
  readonly binned: Uint8Array;
  /** Row-major, `channels` a row. */
  readonly gradients: Float64Array;
}

/** Which rows a tree node holds: places `from` to `to` - 1 of a list of row numbers. */
export interface Segment {
  readonly from: number;
  readonly to: number;
}

/** One histogram after the other, features x bins x channels each, over the rows of each segment of `order`. */
export function gradientHistograms(
  rows: BinnedRows,
  order: Int32Array,
  segments: readonly Segment[],
  kernel: 'wasm' | 'twin' = wasm() ? 'wasm' : 'twin',
): Float64Array {
  const size = rows.features * rows.bins * rows.channels;
  const out = new Float64Array(segments.length * size);
  const compiled = kernel === 'wasm' && rows.channels === 2 ? wasm() : undefined;
  if (compiled) compiled(rows, order, segments, out, size);
  else for (const [slot, segment] of segments.entries()) addPlain(rows, order, segment, out, slot * size);
  return out;
}

function addPlain(rows: BinnedRows, order: Int32Array, { from, to }: Segment, out: Float64Array, start: number): void {
  const { features, channels, binned, gradients } = rows;
  const stride = rows.bins * channels;
  for (let k = from; k < to; k++) {
    const row = order[k];
    for (let j = 0; j < features; j++) {
      const at = start + j * stride + binned[row * features + j] * channels;
      for (let c = 0; c < channels; c++) out[at + c] += gradients[row * channels + c];
    }
  }
}

type Compiled = (
  rows: BinnedRows,
  order: Int32Array,
  segments: readonly Segment[],
  out: Float64Array,
  size: number,
) => void;

let made: Compiled | undefined | null;

/** Undefined where WebAssembly SIMD is missing. One memory serves all nodes of a process: what they work on is copied in, a fraction of the work itself. */
function wasm(): Compiled | undefined {
  if (made === undefined) {
    try {
      made = compile();
    } catch {
      made = null;
    }
  }
  return made ?? undefined;
}

function compile(): Compiled {
  const module = new WebAssembly.Module(Uint8Array.from(atob(wasmBase64), c => c.charCodeAt(0)));
  const { exports } = new WebAssembly.Instance(module, { env: { abort } });
  const memory = exports['memory'] as WebAssembly.Memory;
  const histogram = exports['histogram'] as (...numbers: number[]) => void;
  const base = Math.ceil((exports['base'] as () => number)() / 16) * 16;
  return (rows, order, segments, out, size) => {
    const bytes = new Layout(base);
    const cells = bytes.take(out.byteLength);
    const pairs = bytes.take(rows.gradients.byteLength);
    const list = bytes.take(order.byteLength);
    const bins = bytes.take(rows.binned.length);
    const missing = bytes.end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    const doubles = new Float64Array(memory.buffer);
    doubles.fill(0, cells / 8, cells / 8 + out.length);
    doubles.set(rows.gradients, pairs / 8);
    new Int32Array(memory.buffer).set(order, list / 4);
    new Uint8Array(memory.buffer).set(rows.binned, bins);
    for (const [slot, { from, to }] of segments.entries())
      histogram(list + 4 * from, to - from, bins, rows.features, pairs, 16 * rows.bins, cells + 8 * slot * size);
    out.set(doubles.subarray(cells / 8, cells / 8 + out.length));
  };
}

/** Places one after the other in a memory, each at a multiple of 16. */
class Layout {
  end: number;
  constructor(start: number) {
    this.end = start;
  }
  take(bytes: number): number {
    const at = this.end;
    this.end = Math.ceil((at + bytes) / 16) * 16;
    return at;
  }
}

function abort(): never {
  throw new Error('the histogram kernel stopped');
}
