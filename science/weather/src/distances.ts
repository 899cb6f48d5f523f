// Squared distances between days, a block of days at a time. They are sums over members, so a secure sum of each member's part gives them exactly and shows nobody's weather.
import { type Arena, arena as arenaOf, type Block } from './dense/products.ts';
import { besides, type Part } from './parts.ts';
import { mostToSend, type SecureSum, tooLarge } from './secure-sum.ts';

/**
 * Takes the squared distances of `rows` days from `from` on to the first `cols` landmarks (rows x cols). Blocks come in the order of days. `cols` is all landmarks; where all
 * days from the first on are landmarks it ends with the block's last day, since the later ones come again as rows.
 */
export type TakeDistances = (from: number, rows: number, cols: number, squared: Block) => void;

/** Where distances come from, and what they take to make. */
export interface DistanceSource {
  /** Whether several stations are behind them. */
  readonly shared: boolean;
  /** Expected squared length of a day's features: distances are seen in this unit. */
  readonly size: number;
  /** Doubles of arena that `each` uses while it runs. */
  doubles(landmarks: number, days: number): number;
  each(memory: Arena, landmarks: Int32Array, days: number, take: TakeDistances): void;
}

const FRACTION_BITS = 12;
/** Days whose distances are made at a time. */
const STEP = 64;

/** Whether every day from the first to the last landmark is one. */
export const isEveryDay = (landmarks: Int32Array): boolean => landmarks[landmarks.length - 1] === landmarks.length - 1;

/** Blocks of days, each with how many landmarks are to be compared with it. */
function forBlocks(landmarks: Int32Array, days: number, run: (from: number, rows: number, cols: number) => void): void {
  const m = landmarks.length;
  const every = isEveryDay(landmarks);
  for (let from = 0; from < days; from += STEP) {
    const rows = Math.min(STEP, days - from);
    run(from, rows, every ? Math.min(m, from + rows) : m);
  }
}

/**
 * From the members' parts. With `sum`, each member's squared distances are rounded to integers and only their total is seen; without, the parts are used as they are
 * (pooled rows). `open` everybody knows.
 */
export function ofMembers(parts: readonly Part[], open: Part, sum: SecureSum | undefined): DistanceSource {
  const together = sum ? [open, ...parts] : [[...parts, open].reduce(besides)];
  const each = (memory: Arena, landmarks: Int32Array, days: number, take: TakeDistances) =>
    memory.scope(() => {
      const scratch = memory.alloc(STEP * landmarks.length);
      const total = memory.alloc(STEP * landmarks.length);
      const [known, ...members] = together.map(p => prepare(memory, p, landmarks));
      const sent = members.map(() => memory.wholes(STEP * landmarks.length));
      forBlocks(landmarks, days, (from, rows, cols) => {
        const squared = total.subarray(0, rows * cols);
        distances(memory, known, from, rows, cols, squared);
        const blocks = sent.map(v => v.subarray(0, rows * cols));
        members.forEach((p, k) => {
          distances(memory, p, from, rows, cols, scratch);
          const most = memory.fix(scratch, 2 ** FRACTION_BITS, blocks[k]);
          if (most > mostToSend(FRACTION_BITS, parts.length)) throw tooLarge(most, FRACTION_BITS, parts.length);
        });
        const seen = sum?.(blocks);
        if (seen) for (let i = 0; i < seen.length; i++) squared[i] += seen[i] * 2 ** -FRACTION_BITS;
        take(from, rows, cols, squared);
      });
    });
  return {
    shared: parts.length > 1,
    size: sizeOf([...parts, open]),
    doubles: roomFor(together, sum ? parts.length : 0),
    each,
  };
}

/** From the published totals of `distancesToSend` (all days in order); `size` is the sum of the parts' sizes. */
export function ofTotals(totals: ArrayLike<number>, size: number, open: Part): DistanceSource {
  const each = (memory: Arena, landmarks: Int32Array, days: number, take: TakeDistances) =>
    memory.scope(() => {
      const m = landmarks.length;
      const block = memory.alloc(STEP * m);
      const known = prepare(memory, open, landmarks);
      forBlocks(landmarks, days, (from, rows, cols) => {
        const squared = block.subarray(0, rows * cols);
        distances(memory, known, from, rows, cols, squared);
        for (let i = 0; i < rows; i++)
          for (let j = 0; j < cols; j++) squared[i * cols + j] += totals[(from + i) * m + j] * 2 ** -FRACTION_BITS;
        take(from, rows, cols, squared);
      });
    });
  return { shared: true, size: size + open.size, doubles: roomFor([open], 0), each };
}

const sizeOf = (parts: readonly Part[]): number => parts.reduce((s, p) => s + p.size, 0);

const roomFor = (parts: readonly Part[], sent: number) => (landmarks: number, days: number) =>
  parts.reduce((s, p) => s + (days + landmarks) * (p.width + 2) + 2, 0) + STEP * landmarks * (2 + sent / 2) + sent + 4;

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
  const memory = arenaOf(roomFor([part], 0)(m, part.rows.length / part.width));
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

/** Squared distances of days [d0, d0 + rows) to the first `cols` landmarks. */
function distances(arena: Arena, p: Ready, d0: number, rows: number, cols: number, out: Block): void {
  const { width } = p;
  out.fill(0, 0, rows * cols);
  arena.abt({
    c: out,
    ldc: cols,
    a: p.rows,
    a0: d0 * width,
    lda: width,
    rows,
    b: p.marks,
    ldb: width,
    cols,
    depth: width,
    scale: 1,
  });
}
