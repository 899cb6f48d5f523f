// How alike two days are: a Matern 3/2 kernel of the weighted distance between all members' agreed features of today and yesterday.
// The squared distance is a sum over members, so a secure sum of each member's part gives it exactly and shows nobody's weather.
import { type Arena, arena as arenaOf, type Block } from './dense/products.ts';
import { transpose } from './dense/transpose.ts';
import type { Network } from './network.ts';
import { mostToSend, type SecureSum, tooLarge } from './secure-sum.ts';

/** Kernel between every day and the landmark days, in both layouts, and between the landmarks. */
export interface Similarity {
  /** days x landmarks. */
  readonly byDay: Block;
  /** landmarks x days. */
  readonly byLandmark: Block;
  /** landmarks x landmarks. */
  readonly among: Block;
  readonly days: number;
  readonly landmarks: number;
}

/** Features of one member: days x width, row-major, already weighted. */
export interface Part {
  readonly rows: Float64Array;
  readonly width: number;
  /** Expected squared length of a row: the sum of the squared weights. */
  readonly size: number;
}

/** Length scale of the kernel in units of the mean distance. */
const SHAPE = 0.5;
const SEASON_WEIGHT = 6;
const FRACTION_BITS = 12;

/** Today's and yesterday's standardised values of some series, weighted as the table of variables says. */
export function memberPart(network: Network, z: readonly Float64Array[], series: readonly number[]): Part {
  const width = 2 * series.length;
  const rows = new Float64Array(network.days * width);
  let size = 0;
  series.forEach((k, c) => {
    const { weight, lagWeight } = network.series[k].variable;
    size += weight ** 2 * (1 + lagWeight ** 2);
    const v = z[k];
    for (let i = 0; i < network.days; i++) {
      const today = v[i];
      const yesterday = i > 0 ? v[i - 1] : 0;
      rows[i * width + 2 * c] = Number.isNaN(today) ? 0 : weight * today;
      rows[i * width + 2 * c + 1] = Number.isNaN(yesterday) ? 0 : weight * lagWeight * yesterday;
    }
  });
  return { rows, width, size };
}

/** The season as a feature that everybody knows: cosine and sine of the day's angle. */
export function seasonPart(angles: Float64Array, size: number): Part {
  const scale = SEASON_WEIGHT * Math.sqrt(size / REFERENCE_SIZE);
  const rows = new Float64Array(angles.length * 2);
  for (let i = 0; i < angles.length; i++) {
    rows[2 * i] = scale * Math.cos(angles[i]);
    rows[2 * i + 1] = scale * Math.sin(angles[i]);
  }
  return { rows, width: 2, size: scale ** 2 };
}

/** Features of both, one after the other. */
export function besides(a: Part, b: Part): Part {
  if (b.width === 0) return a;
  const width = a.width + b.width;
  const days = a.rows.length / a.width;
  const rows = new Float64Array(days * width);
  for (let d = 0; d < days; d++) {
    rows.set(a.rows.subarray(d * a.width, (d + 1) * a.width), d * width);
    rows.set(b.rows.subarray(d * b.width, (d + 1) * b.width), d * width + a.width);
  }
  return { rows, width, size: a.size + b.size };
}

/** Size of the 18-station network on which the season's weight was chosen; smaller networks keep the same balance. */
export const REFERENCE_SIZE = 190;

/** Days spread evenly over the training days, at most `most`. */
export function chooseLandmarks(trainEnd: number, most: number): Int32Array {
  const count = Math.min(trainEnd, most);
  return Int32Array.from({ length: count }, (_, i) => Math.floor((i * trainEnd) / count));
}

/**
 * Similarity from the members' parts. With `sum`, each member's squared distances are rounded to integers and only their total is seen;
 * without, the parts are used as they are (pooled rows).
 */
export function similarity(
  arena: Arena,
  parts: readonly Part[],
  open: Part,
  landmarks: Int32Array,
  days: number,
  sum: SecureSum | undefined,
): Similarity {
  const m = landmarks.length;
  const size = parts.reduce((s, p) => s + p.size, open.size);
  return fromDistances(arena, landmarks, days, size, byDay => {
    if (!sum) {
      distances(arena, prepare(arena, [...parts, open].reduce(besides), landmarks), 0, days, m, byDay);
      return;
    }
    const [season, ...members] = [open, ...parts].map(p => prepare(arena, p, landmarks));
    const scratch = arena.alloc(STEP * m);
    const sent = members.map(() => arena.wholes(STEP * m));
    for (let d0 = 0; d0 < days; d0 += STEP) {
      const rows = Math.min(STEP, days - d0);
      const total = byDay.subarray(d0 * m, (d0 + rows) * m);
      const blocks = sent.map(v => v.subarray(0, rows * m));
      members.forEach((p, k) => {
        distances(arena, p, d0, rows, m, scratch);
        const most = arena.fix(scratch, 2 ** FRACTION_BITS, blocks[k]);
        if (most > mostToSend(FRACTION_BITS, parts.length)) throw tooLarge(most, FRACTION_BITS, parts.length);
      });
      distances(arena, season, d0, rows, m, total);
      if (parts.length === 0) continue;
      const seen = sum(blocks);
      for (let i = 0; i < seen.length; i++) total[i] += seen[i] * 2 ** -FRACTION_BITS;
    }
  });
}

/** Doubles of arena that `similarity` uses while it runs, beside what it keeps; `width` is that of all parts and what is open together. */
export const buildDoubles = (days: number, landmarks: number, width: number, parts: number): number =>
  (days + landmarks) * (width + 2 * (parts + 1)) + STEP * landmarks * (1 + parts / 2) + 4 * (parts + 2);

/** Days whose distances are made at a time. */
const STEP = 64;

/** A member's squared distances of days [from, to) to the landmarks, as the whole numbers that are summed; none is larger than `most`. */
export function distancesToSend(
  part: Part,
  landmarks: Int32Array,
  from: number,
  to: number,
  most: number,
): Float64Array {
  const m = landmarks.length;
  const out = new Float64Array((to - from) * m);
  const memory = arenaOf(buildDoubles(part.rows.length / part.width, m, part.width, 0));
  const ready = prepare(memory, part, landmarks);
  const scratch = memory.alloc(STEP * m);
  for (let d0 = from; d0 < to; d0 += STEP) {
    const rows = Math.min(STEP, to - d0);
    distances(memory, ready, d0, rows, m, scratch);
    for (let i = 0; i < rows * m; i++)
      out[(d0 - from) * m + i] = Math.max(0, Math.min(most, Math.round(scratch[i] * 2 ** FRACTION_BITS)));
  }
  return out;
}

/** Largest number that a part of this size gives: every feature at one end of its clip, the landmark's at the other. */
export const mostDistance = (size: number, clip: number): number =>
  Math.ceil(4 * clip * clip * size * 2 ** FRACTION_BITS);

/** Similarity from the published totals of `distancesToSend` (all days in order); `size` is the sum of the parts' sizes. */
export function similarityOfTotals(
  arena: Arena,
  totals: ArrayLike<number>,
  size: number,
  open: Part,
  landmarks: Int32Array,
  days: number,
): Similarity {
  const m = landmarks.length;
  return fromDistances(arena, landmarks, days, size + open.size, byDay => {
    const season = prepare(arena, open, landmarks);
    const scratch = arena.alloc(STEP * m);
    for (let d0 = 0; d0 < days; d0 += STEP) {
      const rows = Math.min(STEP, days - d0);
      distances(arena, season, d0, rows, m, scratch);
      for (let i = 0; i < rows * m; i++) byDay[d0 * m + i] = scratch[i] + totals[d0 * m + i] * 2 ** -FRACTION_BITS;
    }
  });
}

/** `fill` writes the squared distances, days x landmarks; they become the kernel, in all the layouts that are used. */
function fromDistances(
  arena: Arena,
  landmarks: Int32Array,
  days: number,
  size: number,
  fill: (byDay: Block) => void,
): Similarity {
  const m = landmarks.length;
  const byDay = arena.alloc(days * m);
  const byLandmark = arena.alloc(m * days);
  const among = arena.alloc(m * m);
  arena.scope(() => fill(byDay));
  for (let i = 0; i < byDay.length; i++) {
    // Rounding can leave a distance to itself of a few units; it is 0.
    const q = SHAPE * Math.sqrt(Math.max(0, byDay[i] / size));
    byDay[i] = (1 + q) * Math.exp(-q);
  }
  landmarks.forEach((d, r) => {
    byDay[d * m + r] = 1;
  });
  transpose(byDay, 0, m, days, m, byLandmark, days);
  for (let r = 0; r < m; r++)
    for (let c = 0; c < m; c++) among[r * m + c] = (byDay[landmarks[r] * m + c] + byDay[landmarks[c] * m + r]) / 2;
  return { byDay, byLandmark, among, days, landmarks: m };
}

/** Doubles of arena that a similarity keeps. */
export const similarityDoubles = (days: number, landmarks: number): number => 2 * days * landmarks + landmarks ** 2 + 8;

/** The same similarity with the landmarks `keep` (rising) alone. */
export function thin(arena: Arena, s: Similarity, keep: Int32Array): Similarity {
  const n = keep.length;
  const byDay = arena.alloc(s.days * n);
  const byLandmark = arena.alloc(n * s.days);
  const among = arena.alloc(n * n);
  keep.forEach((from, to) => {
    byLandmark.set(s.byLandmark.subarray(from * s.days, (from + 1) * s.days), to * s.days);
  });
  for (let d = 0; d < s.days; d++) for (let i = 0; i < n; i++) byDay[d * n + i] = s.byDay[d * s.landmarks + keep[i]];
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) among[i * n + j] = s.among[keep[i] * s.landmarks + keep[j]];
  return { byDay, byLandmark, among, days: s.days, landmarks: n };
}

interface Ready {
  readonly rows: Block;
  readonly marks: Block;
  readonly width: number;
}

/** Rows (x, |x|^2, 1) of days and (-2 y, 1, |y|^2) of landmarks: their product is the squared distance. */
function prepare(arena: Arena, part: Part, landmarks: Int32Array): Ready {
  const width = part.width + 2;
  const days = part.width === 0 ? 0 : part.rows.length / part.width;
  const rows = arena.alloc(days * width);
  for (let d = 0; d < days; d++) {
    const x = part.rows.subarray(d * part.width, (d + 1) * part.width);
    rows.set(x, d * width);
    for (const v of x) rows[d * width + part.width] += v * v;
    rows[d * width + part.width + 1] = 1;
  }
  const marks = arena.alloc(landmarks.length * width);
  landmarks.forEach((d, r) => {
    for (let k = 0; k < part.width; k++) marks[r * width + k] = -2 * rows[d * width + k];
    marks[r * width + part.width] = 1;
    marks[r * width + part.width + 1] = rows[d * width + part.width];
  });
  return { rows, marks, width };
}

/** Squared distances of days [d0, d0 + rows) to the landmarks. */
function distances(arena: Arena, p: Ready, d0: number, rows: number, m: number, out: Block): void {
  const { width } = p;
  out.fill(0, 0, rows * m);
  arena.abt({
    c: out,
    ldc: m,
    a: p.rows,
    a0: d0 * width,
    lda: width,
    rows,
    b: p.marks,
    ldb: width,
    cols: m,
    depth: width,
    scale: 1,
  });
}
