// Exact coins and exact uniform integers from a stream of random bytes: the only source of chance in this folder.
// Every quantity is an integer (held in a double below 2^53, or a BigInt), so no rounding can leak (Mironov 2012).
// Trap: `x % y` on doubles holding integers is exact, `Math.floor(x / y)` is not.

/** Gives n fresh random bytes from a cryptographic source, e.g. `n => crypto.getRandomValues(new Uint8Array(n))`. Asked for at most 8,192 at once. */
export type RandomBytes = (n: number) => Uint8Array;

/** A buffered reader of random bytes. */
export interface Entropy {
  /** Uniform in 0..255. */
  byte(): number;
  /** Uniform integer in [0, n), 1 <= n <= 2^45. */
  below(n: number): number;
  /** Uniform integer in [0, n), n >= 1. */
  belowBig(n: bigint): bigint;
}

const BLOCK_MIN = 64;
const BLOCK_MAX = 8192;

/** Wraps a byte source; blocks grow from 64 to 8,192 bytes, so that one draw does not cost a large request. */
export function entropy(randomBytes: RandomBytes): Entropy {
  let block: Uint8Array = new Uint8Array(0);
  let at = 0;
  let size = BLOCK_MIN;
  const byte = () => {
    if (at === block.length) {
      block = randomBytes(size);
      if (block.length !== size)
        throw new RangeError(`random source: asked for ${size} bytes, got ${block.length}; noise was not drawn`);
      at = 0;
      size = Math.min(2 * size, BLOCK_MAX);
    }
    return block[at++];
  };
  return {
    byte,
    below(n) {
      let span = 1;
      let value = 0;
      for (;;) {
        while (span < n) {
          value = value * 256 + byte();
          span *= 256;
        }
        // span < 256 n; multiples of n below span are unbiased.
        const limit = span - (span % n);
        if (value < limit) return value % n;
        span = 1;
        value = 0;
      }
    },
    belowBig(n) {
      const bits = n.toString(2).length;
      const bytes = Math.ceil(bits / 8);
      const mask = (1n << BigInt(bits)) - 1n;
      for (;;) {
        let value = 0n;
        for (let i = 0; i < bytes; i++) value = (value << 8n) | BigInt(byte());
        value &= mask;
        if (value < n) return value;
      }
    },
  };
}

/** Denominators below this leave room for 256 k with k < 512 in a double; a series that long has probability 1/512!. */
export const SMALL_LIMIT = 2 ** 36;

/** True with probability p / q, integers 0 <= p <= q < 2^45: compares random base-256 digits with those of p / q until one differs. */
export function coin(e: Entropy, p: number, q: number): boolean {
  if (p >= q) return true;
  let rest = p;
  for (;;) {
    if (rest === 0) return false;
    const scaled = rest * 256;
    rest = scaled % q;
    const digit = (scaled - rest) / q;
    const b = e.byte();
    if (b !== digit) return b < digit;
  }
}

/** True with probability p / q for integers of any size, 0 <= p <= q. */
export function coinBig(e: Entropy, p: bigint, q: bigint): boolean {
  if (p >= q) return true;
  let rest = p;
  for (;;) {
    if (rest === 0n) return false;
    const scaled = rest << 32n;
    const digit = Number(scaled / q);
    rest = scaled % q;
    const b = ((e.byte() << 24) | (e.byte() << 16) | (e.byte() << 8) | e.byte()) >>> 0;
    if (b !== digit) return b < digit;
  }
}

/** True with probability exp(-p / q), 0 <= p, 0 < q, q < SMALL_LIMIT (Canonne, Kamath, Steinke 2020, algorithm 1). */
export function coinExp(e: Entropy, p: number, q: number): boolean {
  let rest = p;
  for (; rest >= q; rest -= q) if (!coinExpUnit(e, 1, 1)) return false;
  return coinExpUnit(e, rest, q);
}

/** As coinExp, for 0 <= p <= q: the first k with no success at probability p / (q k) is odd with probability exp(-p / q). */
function coinExpUnit(e: Entropy, p: number, q: number): boolean {
  let k = 1;
  while (coin(e, p, q * k)) k += 1;
  return k % 2 === 1;
}

/** As coinExp, for integers of any size. */
export function coinExpBig(e: Entropy, p: bigint, q: bigint): boolean {
  for (let whole = p / q; whole > 0n; whole--) if (!coinExpUnit(e, 1, 1)) return false;
  const rest = p % q;
  let k = 1n;
  while (coinBig(e, rest, q * k)) k += 1n;
  return k % 2n === 1n;
}
