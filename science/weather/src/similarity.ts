// How alike two days are: a Matern 3/2 kernel of the distance between their features.
import type { Arena, Block, Singles } from './dense/products.ts';
import { isEveryDay, type TakeDistances } from './distances.ts';

/** Kernel between every day and the landmark days, and between the landmarks. */
export interface Similarity {
  /** landmarks x days. */
  readonly byLandmark: Block;
  /** landmarks x landmarks; lower triangle. */
  readonly among: Block;
  readonly days: number;
  readonly landmarks: number;
}

/** Length scale of the kernel in units of the mean distance. */
const SHAPE = 0.5;

/** Squared distances, in units of `size`, become the kernel, in place; none to itself is left by rounding. */
export function toKernel(squared: Block, size: number): void {
  for (let i = 0; i < squared.length; i++) {
    const q = SHAPE * Math.sqrt(Math.max(0, squared[i] / size));
    squared[i] = (1 + q) * Math.exp(-q);
  }
}

/** Gathers the kernel to the landmarks at `keep` (rising) of those that come. */
export function gatherLandmarks(
  arena: Arena,
  landmarks: Int32Array,
  keep: Int32Array,
  days: number,
): { readonly take: TakeDistances; finish(): Similarity } {
  const n = keep.length;
  const byLandmark = arena.alloc(n * days);
  const among = arena.alloc(n * n);
  const dayOf = Int32Array.from(keep, k => landmarks[k]);
  const nthOf = new Map(Array.from(dayOf, (d, i) => [d, i]));
  return {
    take(from, rows, cols, kernel) {
      let within = 0;
      while (within < n && keep[within] < cols) within += 1;
      for (let j = 0; j < within; j++)
        for (let i = 0; i < rows; i++) byLandmark[j * days + from + i] = kernel[i * cols + keep[j]];
      if (!isEveryDay(landmarks)) return;
      for (let i = 0; i < rows; i++) {
        const nth = nthOf.get(from + i);
        if (nth !== undefined) byLandmark.set(kernel.subarray(i * cols, (i + 1) * cols), nth * days);
      }
    },
    finish() {
      dayOf.forEach((d, i) => {
        byLandmark[i * days + d] = 1;
      });
      for (let r = 0; r < n; r++) for (let c = 0; c <= r; c++) among[r * n + c] = byLandmark[r * days + dayOf[c]];
      return { byLandmark, among, days, landmarks: n };
    },
  };
}

/** Kernel between all training days, for a fit that leaves none out. */
export interface Whole {
  /** Training days x training days in the order asked for, lower triangle. */
  readonly among: Singles;
  /** Days after training x training days in that order. */
  readonly later: Singles;
}

/** Gathers the kernel between the training days `order` (a permutation of the first days) and from later days to them; every day must be a landmark. */
export function gatherWhole(
  arena: Arena,
  order: Int32Array,
  days: number,
): { readonly take: TakeDistances; readonly whole: Whole } {
  const n = order.length;
  const among = arena.singles(n * n);
  const later = arena.singles((days - n) * n);
  const placeOf = new Int32Array(n);
  order.forEach((d, place) => {
    placeOf[d] = place;
  });
  const take: TakeDistances = (from, rows, cols, kernel) => {
    for (let i = 0; i < rows; i++) {
      const d = from + i;
      const row = i * cols;
      if (d >= n) {
        const at = (d - n) * n;
        for (let c = 0; c < n; c++) later[at + placeOf[c]] = kernel[row + c];
        continue;
      }
      const p = placeOf[d];
      for (let c = 0; c < d; c++) {
        const q = placeOf[c];
        among[p > q ? p * n + q : q * n + p] = kernel[row + c];
      }
      among[p * n + p] = 1;
    }
  };
  return { take, whole: { among, later } };
}

/** Doubles of arena that `gatherLandmarks` keeps. */
export const similarityDoubles = (days: number, landmarks: number): number => days * landmarks + landmarks ** 2 + 8;

/** Doubles of arena that `gatherWhole` keeps. */
export const wholeDoubles = (days: number, trained: number): number => Math.ceil((days * trained) / 2) + 8;
