// Matrices on amplitudes: 2 x 2 in three shapes (any, real, and real diagonal with imaginary rest, as rx has), under controls, 4 x 4, and larger.
import { im, opened, re, swapped, times } from './complex';

/** 2 x 2 matrix on qubit q of n. */
export function apply1(p: usize, n: u32, q: u32, m: usize): void {
  const step = (<usize>1) << (q + 4);
  const end = p + ((<usize>1) << (n + 4));
  const ar = re(m, 0);
  const ai = im(m, 0);
  const br = re(m, 1);
  const bi = im(m, 1);
  const cr = re(m, 2);
  const ci = im(m, 2);
  const dr = re(m, 3);
  const di = im(m, 3);
  for (let block = p; block < end; block += step << 1) {
    for (let i = block; i < block + step; i += 16) {
      const x = v128.load(i);
      const y = v128.load(i + step);
      const sx = swapped(x);
      const sy = swapped(y);
      v128.store(i, f64x2.add(f64x2.add(f64x2.mul(x, ar), f64x2.mul(sx, ai)), f64x2.add(f64x2.mul(y, br), f64x2.mul(sy, bi))));
      v128.store(i + step, f64x2.add(f64x2.add(f64x2.mul(x, cr), f64x2.mul(sx, ci)), f64x2.add(f64x2.mul(y, dr), f64x2.mul(sy, di))));
    }
  }
}

/** Real 2 x 2 matrix on qubit q of n: half the work. */
export function apply1real(p: usize, n: u32, q: u32, m: usize): void {
  const step = (<usize>1) << (q + 4);
  const end = p + ((<usize>1) << (n + 4));
  const a = re(m, 0);
  const b = re(m, 1);
  const c = re(m, 2);
  const d = re(m, 3);
  for (let block = p; block < end; block += step << 1) {
    for (let i = block; i < block + step; i += 16) {
      const x = v128.load(i);
      const y = v128.load(i + step);
      v128.store(i, f64x2.add(f64x2.mul(x, a), f64x2.mul(y, b)));
      v128.store(i + step, f64x2.add(f64x2.mul(x, c), f64x2.mul(y, d)));
    }
  }
}

/** 2 x 2 matrix with a real diagonal and imaginary numbers beside it. */
export function apply1cross(p: usize, n: u32, q: u32, m: usize): void {
  const step = (<usize>1) << (q + 4);
  const end = p + ((<usize>1) << (n + 4));
  const a = re(m, 0);
  const b = im(m, 1);
  const c = im(m, 2);
  const d = re(m, 3);
  for (let block = p; block < end; block += step << 1) {
    for (let i = block; i < block + step; i += 16) {
      const x = v128.load(i);
      const y = v128.load(i + step);
      v128.store(i, f64x2.add(f64x2.mul(x, a), f64x2.mul(swapped(y), b)));
      v128.store(i + step, f64x2.add(f64x2.mul(swapped(x), c), f64x2.mul(y, d)));
    }
  }
}

/** 2 x 2 matrix on qubit q where the bits of a mask read `wanted`. `bits`: the sorted places of q and of the mask, `count` of them. */
export function applyControlled(p: usize, n: u32, q: u32, wanted: u32, bits: usize, count: u32, m: usize): void {
  const groups = (<u32>1) << (n - count);
  const step = (<usize>1) << (q + 4);
  const ar = re(m, 0);
  const ai = im(m, 0);
  const br = re(m, 1);
  const bi = im(m, 1);
  const cr = re(m, 2);
  const ci = im(m, 2);
  const dr = re(m, 3);
  const di = im(m, 3);
  const run = min((<u32>1) << load<u32>(bits), groups);
  for (let g: u32 = 0; g < groups; g += run) {
    const first = p + ((<usize>(opened(g, bits, count) | wanted)) << 4);
    const last = first + ((<usize>run) << 4);
    for (let i = first; i < last; i += 16) {
      const x = v128.load(i);
      const y = v128.load(i + step);
      v128.store(i, f64x2.add(times(x, ar, ai), times(y, br, bi)));
      v128.store(i + step, f64x2.add(times(x, cr, ci), times(y, dr, di)));
    }
  }
}

/** Exchanges the amplitudes `apart` bytes from each other where the sorted bits read `wanted`: X, CX, CCX, and swaps. */
export function applyExchange(p: usize, n: u32, apart: isize, wanted: u32, bits: usize, count: u32): void {
  const groups = (<u32>1) << (n - count);
  const run = min((<u32>1) << load<u32>(bits), groups);
  for (let g: u32 = 0; g < groups; g += run) {
    const first = p + ((<usize>(opened(g, bits, count) | wanted)) << 4);
    const last = first + ((<usize>run) << 4);
    for (let i = first; i < last; i += 16) {
      const x = v128.load(i);
      v128.store(i, v128.load(i + apart));
      v128.store(i + apart, x);
    }
  }
}

/** 4 x 4 matrix on qubits a (low bit of the matrix) and b. */
export function apply2(p: usize, n: u32, a: u32, b: u32, m: usize): void {
  const sa = (<usize>1) << (a + 4);
  const sb = (<usize>1) << (b + 4);
  const sl = min(sa, sb);
  const sh = max(sa, sb);
  const end = p + ((<usize>1) << (n + 4));
  for (let i = p; i < end; i += sh << 1)
    for (let j = i; j < i + sh; j += sl << 1)
      for (let k = j; k < j + sl; k += 16) {
        const v0 = v128.load(k);
        const v1 = v128.load(k + sa);
        const v2 = v128.load(k + sb);
        const v3 = v128.load(k + sa + sb);
        const w0 = swapped(v0);
        const w1 = swapped(v1);
        const w2 = swapped(v2);
        const w3 = swapped(v3);
        for (let r: u32 = 0; r < 4; r++) {
          const t = r << 2;
          const x = f64x2.add(f64x2.mul(v0, re(m, t)), f64x2.mul(w0, im(m, t)));
          const y = f64x2.add(f64x2.mul(v1, re(m, t + 1)), f64x2.mul(w1, im(m, t + 1)));
          const z = f64x2.add(f64x2.mul(v2, re(m, t + 2)), f64x2.mul(w2, im(m, t + 2)));
          const u = f64x2.add(f64x2.mul(v3, re(m, t + 3)), f64x2.mul(w3, im(m, t + 3)));
          v128.store(k + (r & 1 ? sa : 0) + (r & 2 ? sb : 0), f64x2.add(f64x2.add(x, y), f64x2.add(z, u)));
        }
      }
}

/** 2^t matrix on any targets where the mask reads `wanted`. `offsets`: for each row the byte offset of its amplitude; `work`: 2^t vectors. */
export function applyMany(p: usize, n: u32, t: u32, wanted: u32, bits: usize, count: u32, offsets: usize, m: usize, work: usize): void {
  const groups = (<u32>1) << (n - count);
  const rows = (<u32>1) << t;
  for (let g: u32 = 0; g < groups; g++) {
    const first = p + ((<usize>(opened(g, bits, count) | wanted)) << 4);
    for (let r: u32 = 0; r < rows; r++) v128.store(work + (r << 4), v128.load(first + load<u32>(offsets + (r << 2))));
    for (let r: u32 = 0; r < rows; r++) {
      let sum = f64x2.splat(0);
      let at = m + ((<usize>(r * rows)) << 4);
      for (let c: u32 = 0; c < rows; c++) {
        sum = f64x2.add(sum, times(v128.load(work + (c << 4)), re(at, 0), im(at, 0)));
        at += 16;
      }
      v128.store(first + load<u32>(offsets + (r << 2)), sum);
    }
  }
}
