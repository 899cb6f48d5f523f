// Sums of members' integer vectors modulo 2^32, of which only the total may be seen. The science fixes what is summed and in what unit;
// how the addends are hidden (pairwise masks, secret shares) belongs to the study layer, which passes its own `SecureSum`.
import type { Random } from '@madang/numerics';

/** Adds the members' vectors of one length element by element modulo 2^32; the total must lie within +-2^31. */
export type SecureSum = (parts: readonly Int32Array[]) => Int32Array;

/** The bare sum: what a hidden sum gives, without the hiding. */
export const plainSum: SecureSum = parts => {
  const length = parts[0]?.length ?? 0;
  for (const part of parts)
    if (part.length !== length) throw new RangeError(`a member sent ${part.length} numbers, others ${length}`);
  const odd = parts.length % 2;
  const total = odd ? Int32Array.from(parts[0]) : new Int32Array(length);
  for (let k = odd; k < parts.length; k += 2) addTwo(total, parts[k], parts[k + 1]);
  return total;
};

/** Two at a time, so that the total is read and written half as often. */
function addTwo(total: Int32Array, a: Int32Array, b: Int32Array): void {
  const n = total.length;
  for (let i = 0; i < n; i++) total[i] = (((total[i] + a[i]) | 0) + b[i]) | 0;
}

/**
 * Pairwise additive masks, for simulations and tests: each pair of members shares a stream, one adds it, the other takes it away. What the
 * adder sees of any single member is uniform; `inspect` receives exactly that.
 */
export function maskedSum(
  pairStream: (a: number, b: number) => Random,
  inspect?: (parts: Int32Array[]) => void,
): SecureSum {
  return parts => {
    const masked = parts.map(p => p.slice());
    for (let a = 0; a < parts.length; a++) {
      for (let b = a + 1; b < parts.length; b++) {
        const stream = pairStream(a, b);
        for (let i = 0; i < masked[a].length; i++) {
          const m = stream.uint32() | 0;
          masked[a][i] = (masked[a][i] + m) | 0;
          masked[b][i] = (masked[b][i] - m) | 0;
        }
      }
    }
    inspect?.(masked);
    return plainSum(masked);
  };
}

/** Most that a value of `bits` fraction bits may be when `members` are added. */
export const mostToSend = (bits: number, members: number): number => (2 ** 31 / members - 1) / 2 ** bits;

/**
 * Fixed point: `by` times each value times 2^bits rounded, checked against the share of the range that each of `members` may use; into `out` of their
 * length. Throws RangeError beyond it.
 */
export function encode(
  values: ArrayLike<number>,
  bits: number,
  members: number,
  by = 1,
  out: Int32Array = new Int32Array(values.length),
): Int32Array {
  const limit = mostToSend(bits, members) / Math.abs(by);
  const scale = by * 2 ** bits;
  for (let i = 0; i < out.length; i++) {
    const v = values[i];
    if (!(Math.abs(v) <= limit)) throw tooLarge(by * v, bits, members);
    out[i] = Math.floor(v * scale + 0.5);
  }
  return out;
}

export const tooLarge = (value: number, bits: number, members: number): RangeError =>
  new RangeError(`encode: ${value} does not fit ${bits} fraction bits for ${members} members`);

/** The inverse of `encode` for a total. */
export function decode(total: Int32Array, bits: number): Float64Array {
  const scale = 2 ** -bits;
  const out = new Float64Array(total.length);
  for (let i = 0; i < out.length; i++) out[i] = total[i] * scale;
  return out;
}
