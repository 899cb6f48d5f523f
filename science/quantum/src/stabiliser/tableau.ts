// A stabiliser state as a tableau of destabilisers and stabilisers (Aaronson and Gottesman, Phys. Rev. A 70:052328, 2004).
// Stored by qubit: for each qubit one bit string of X parts and one of Z parts over all 2n rows, so that a gate is a few word operations.
// Rows 0 … n-1 are destabilisers, rows from `half` words on are stabilisers, both padded to whole words.
import type { Random } from '@madang/numerics';
import type { Primitive } from './clifford.ts';

export interface Tableau {
  readonly qubits: number;
  apply(p: Primitive, qubits: ArrayLike<number>): void;
  /** Measures in the Z basis. `random` draws only when the outcome is not fixed; without it such outcomes are 0. */
  measure(qubit: number, random?: Random): number;
  /** True when the outcome of measuring is not fixed. */
  isRandom(qubit: number): boolean;
  /** Measures an unfixed outcome as told. */
  force(qubit: number, outcome: number): void;
  save(): Uint32Array;
  restore(saved: Uint32Array): void;
}

/** Bytes that a tableau takes. */
export const tableauBytes = (qubits: number): number => qubits * Math.ceil(qubits / 32) * 16;

export function tableau(n: number): Tableau {
  const half = Math.ceil(n / 32);
  const W = 2 * half;
  // x of qubit q at q W, z of qubit q at (n + q) W, signs at 2 n W.
  const d = new Uint32Array((2 * n + 1) * W);
  const xs = 0;
  const zs = n * W;
  const rs = 2 * n * W;
  for (let q = 0; q < n; q++) {
    d[xs + q * W + (q >>> 5)] = 1 << (q & 31);
    d[zs + q * W + half + (q >>> 5)] = 1 << (q & 31);
  }
  const one = new Uint32Array(W);
  const two = new Uint32Array(W);

  function gate(kind: Primitive['kind'], a: number, b: number): void {
    const xa = xs + a * W;
    const za = zs + a * W;
    if (kind === 'h') {
      for (let w = 0; w < W; w++) {
        const x = d[xa + w];
        const z = d[za + w];
        d[rs + w] ^= x & z;
        d[xa + w] = z;
        d[za + w] = x;
      }
    } else if (kind === 's') {
      for (let w = 0; w < W; w++) {
        const x = d[xa + w];
        d[rs + w] ^= x & d[za + w];
        d[za + w] ^= x;
      }
    } else if (kind === 'cx') {
      const xb = xs + b * W;
      const zb = zs + b * W;
      for (let w = 0; w < W; w++) {
        const x = d[xa + w];
        const z = d[zb + w];
        d[rs + w] ^= x & z & ~(d[xb + w] ^ d[za + w]);
        d[xb + w] ^= x;
        d[za + w] ^= z;
      }
    } else {
      const from = kind === 'x' ? za : xa;
      for (let w = 0; w < W; w++) d[rs + w] ^= d[from + w];
    }
  }

  /** First stabiliser row with an X on this qubit, or -1. */
  function pivot(q: number): number {
    for (let w = half; w < W; w++) {
      const bits = d[xs + q * W + w];
      if (bits) return w * 32 + 31 - Math.clz32(bits & -bits);
    }
    return -1;
  }

  function force(q: number, outcome: number): void {
    const p = pivot(q);
    if (p < 0) throw new RangeError('the outcome of this measurement is fixed');
    const pw = p >>> 5;
    const pb = p & 31;
    // Rows that anticommute with Z of the qubit, without the pivot, are multiplied by it.
    const mask = d.slice(xs + q * W, xs + q * W + W);
    mask[pw] &= ~(1 << pb);
    // The pivot's destabiliser becomes the pivot itself below; leave it out of the products.
    mask[pw - half] &= ~(1 << pb);
    one.fill(0);
    two.fill(0);
    for (let c = 0; c < n; c++) {
      const xc = xs + c * W;
      const zc = zs + c * W;
      const px = (d[xc + pw] >>> pb) & 1;
      const pz = (d[zc + pw] >>> pb) & 1;
      if (!px && !pz) continue;
      for (let w = 0; w < W; w++) {
        const m = mask[w];
        if (m === 0) continue;
        const x = d[xc + w];
        const z = d[zc + w];
        // Power of i that row * pivot gives on this qubit: +1 in `plus`, -1 in `minus`; counted modulo 4 in two bit strings.
        let plus: number;
        let minus: number;
        if (px && pz) {
          plus = ~x & z;
          minus = x & ~z;
        } else if (px) {
          plus = x & z;
          minus = z & ~x;
          // Order: pivot acts after the row.
        } else {
          plus = x & ~z;
          minus = x & z;
        }
        plus &= m;
        minus &= m;
        // Add 1 where plus, 3 where minus.
        const any = plus | minus;
        two[w] ^= (one[w] & any) ^ minus;
        one[w] ^= any;
        if (px) d[xc + w] = x ^ m;
        if (pz) d[zc + w] = z ^ m;
      }
    }
    const pr = (d[rs + pw] >>> pb) & 1;
    for (let w = 0; w < W; w++) d[rs + w] ^= two[w] ^ (pr ? mask[w] : 0);
    // The pivot moves to the destabilisers; the stabiliser becomes ±Z of the qubit.
    const dw = pw - half;
    const bit = 1 << pb;
    for (let c = 0; c < n; c++) {
      for (const base of [xs + c * W, zs + c * W]) {
        d[base + dw] = (d[base + dw] & ~bit) | (d[base + pw] & bit);
        d[base + pw] &= ~bit;
      }
    }
    d[zs + q * W + pw] |= bit;
    d[rs + dw] = (d[rs + dw] & ~bit) | (d[rs + pw] & bit);
    d[rs + pw] = outcome ? d[rs + pw] | bit : d[rs + pw] & ~bit;
  }

  /** The fixed outcome: sign of the product of the stabilisers whose destabilisers anticommute with Z of the qubit. */
  function fixed(q: number): number {
    const chosen = d.subarray(xs + q * W, xs + q * W + half);
    let phase = 0;
    for (let w = 0; w < half; w++) phase += 2 * parity(d[rs + half + w] & chosen[w]);
    for (let c = 0; c < n; c++) {
      const xc = xs + c * W + half;
      const zc = zs + c * W + half;
      // Each row is i^(xz) X^x Z^z; moving Z's right past later X's gives a sign: the parity of x with an odd number of z before it.
      let carry = 0;
      let odd = 0;
      let ys = 0;
      for (let w = 0; w < half; w++) {
        const m = chosen[w];
        if (m === 0) continue;
        const x = d[xc + w] & m;
        const z = d[zc + w] & m;
        if ((x | z) === 0) continue;
        ys += popcount(x & z);
        let before = z;
        before ^= before << 1;
        before ^= before << 2;
        before ^= before << 4;
        before ^= before << 8;
        before ^= before << 16;
        const all = before >>> 31;
        before = (before << 1) ^ carry;
        odd ^= parity(x & before);
        if (all) carry = ~carry;
      }
      phase += ys + 2 * odd;
    }
    return (phase >> 1) & 1;
  }

  return {
    qubits: n,
    apply(p, on) {
      gate(p.kind, on[p.a], on[p.b]);
    },
    measure(q, random) {
      if (pivot(q) < 0) return fixed(q);
      const outcome = random ? random.uint32() & 1 : 0;
      force(q, outcome);
      return outcome;
    },
    isRandom: q => pivot(q) >= 0,
    force,
    save: () => d.slice(),
    restore: saved => d.set(saved),
  };
}

function popcount(v: number): number {
  let x = v - ((v >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
function parity(v: number): number {
  let x = v ^ (v >>> 16);
  x ^= x >>> 8;
  x ^= x >>> 4;
  return (0x6996 >>> (x & 15)) & 1;
}
