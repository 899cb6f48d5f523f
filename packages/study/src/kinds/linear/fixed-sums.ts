// Sums of rows' outer products in fixed point. Each product is rounded by itself, so the total does not depend on who holds which row, and with the
// usual 32 binary places it stays within 1e-9 of a float64 sum. Doubles carry it exactly for a block of rows, then it moves to 64-bit integers.

/** Binary places unless a study says otherwise. */
export const SUM_BITS = 32;
/** Adding and taking away 1.5 * 2^52 rounds a double below 2^51 to the nearest whole number. */
const ROUND = 6755399441055744;

/** Collects blocks of `length` whole-number doubles; a product may be up to `bound` in size. */
export class FixedSums {
  readonly block: Float64Array;
  readonly #total: BigInt64Array;
  readonly #rowsABlock: number;
  #rows = 0;

  constructor(length: number, bound: number, bits: number) {
    this.block = new Float64Array(length);
    this.#total = new BigInt64Array(length);
    this.#rowsABlock = Math.floor(2 ** 53 / (bound * 2 ** bits + 1));
    if (this.#rowsABlock < 1)
      throw new RangeError(`sums: a row of up to ${bound} does not fit; lower the row norm or the target's bound`);
  }

  /** Call after each row that was added to `block`. */
  endRow(): void {
    this.#rows += 1;
    if (this.#rows >= this.#rowsABlock) this.#flush();
  }

  total(): BigInt64Array {
    this.#flush();
    return this.#total;
  }

  #flush(): void {
    for (let i = 0; i < this.block.length; i++) if (this.block[i] !== 0) this.#total[i] += BigInt(this.block[i]);
    this.block.fill(0);
    this.#rows = 0;
  }
}

/** Adds w v v' (upper triangle, row after row) to `out` from `at` on, as whole numbers; returns the place after it. */
export function addOuter(out: Float64Array, at: number, v: Float64Array, w: number, bits: number): number {
  let place = at;
  for (let i = 0; i < v.length; i++) {
    const scaled = 2 ** bits * w * v[i];
    for (let j = i; j < v.length; j++) out[place++] += scaled * v[j] + ROUND - ROUND;
  }
  return place;
}

/** Adds w v to `out` from `at` on; returns the place after it. */
export function addScaled(out: Float64Array, at: number, v: Float64Array, w: number, bits: number): number {
  const scaled = 2 ** bits * w;
  for (let i = 0; i < v.length; i++) out[at + i] += scaled * v[i] + ROUND - ROUND;
  return at + v.length;
}

export function triangle(n: number): number {
  return (n * (n + 1)) / 2;
}

/** Whole numbers back to reals. */
export function fromSums(sum: ArrayLike<number | bigint>, bits: number, from = 0, to = sum.length): Float64Array {
  return Float64Array.from({ length: to - from }, (_, i) => Number(sum[from + i]) / 2 ** bits);
}

/** D^2 of a block whose real-valued squared diameter is `real`, with half a unit of rounding a coordinate on each side. */
export function fixedDiameterSquared(real: number, length: number, bits: number): bigint {
  const root = BigInt(Math.ceil(Math.sqrt(real) * 2 ** bits)) + BigInt(Math.ceil(Math.sqrt(length)));
  return root * root;
}

/** Largest size of one node's coordinate. */
export function fixedSumLimit(bound: number, maxRows: number, bits: number): bigint {
  return BigInt(maxRows) * (BigInt(Math.ceil(bound)) * (1n << BigInt(bits)) + 1n);
}
