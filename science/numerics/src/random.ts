// Seeded random numbers: xoshiro128** (Blackman and Vigna, ACM TOMS 47:36, 2021), seeded by splitmix32 over the seed's text or number.
// The same seed gives the same bits on every machine; `normal` and `poisson` take Math.log and Math.exp, whose last bit may differ between engines.
// Not for secrets.

export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform 32-bit unsigned integer. */
  uint32(): number;
  /** Uniform integer in [0, n), 1 <= n <= 2^32, without bias. */
  below(n: number): number;
  /** Standard normal (Marsaglia's polar method). */
  normal(): number;
  /** Poisson with mean >= 0 (exact: products of uniform numbers, Knuth's method, in chunks of mean 30). */
  poisson(mean: number): number;
  /** An independent stream named by a label; the same label gives the same stream. */
  fork(label: string): Random;
}

export function random(seed: number | string): Random {
  const text = String(seed);
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  const mix = () => {
    h = (h + 0x9e3779b9) | 0;
    let z = h;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  let a = mix();
  let b = mix();
  let c = mix();
  let d = mix() | 1;
  let spare: number | undefined;
  const uint32 = () => {
    const x = Math.imul(b, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const uniform = () => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992;
  const self: Random = {
    uint32,
    uniform,
    below(n) {
      const limit = 4294967296 - (4294967296 % n);
      for (;;) {
        const x = uint32();
        if (x < limit) return x % n;
      }
    },
    normal() {
      if (spare !== undefined) {
        const s = spare;
        spare = undefined;
        return s;
      }
      for (;;) {
        const u = 2 * uniform() - 1;
        const v = 2 * uniform() - 1;
        const s = u * u + v * v;
        if (s > 0 && s < 1) {
          const f = Math.sqrt((-2 * Math.log(s)) / s);
          spare = v * f;
          return u * f;
        }
      }
    },
    poisson(mean) {
      if (!(mean >= 0)) throw new RangeError(`poisson: the mean must be at least 0, not ${mean}`);
      let left = mean;
      let count = 0;
      while (left > 0) {
        const step = Math.min(left, 30);
        left -= step;
        const limit = Math.exp(-step);
        for (let p = uniform(); p > limit; p *= uniform()) count += 1;
      }
      return count;
    },
    fork: label => random(`${text}/${label}`),
  };
  return self;
}
