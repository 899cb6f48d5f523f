// The range check of Histogram, SumVec and MultihotCountVec without building its wires: call k of ParallelSum(Mul, chunk) has on wire 2j
// the value r_k^(j+1) * m and on wire 2j+1 the value m - shift, for m = measurement[k * chunk + j] (0 past the end).
import { add, at, copy, lift, mul, sub, zero } from './element';
import { addProduct, evaluateGadget, fillWeights, finishProduct } from './polynomial';

const A: usize = memory.data(16, 16);
const ZERO: usize = memory.data(16, 16);

export function proveRange<T>(
  measurement: usize,
  length: u32,
  chunk: u32,
  calls: u32,
  shift: usize,
  seeds: usize,
  jointRand: usize,
  p: u32,
  table: usize,
  scratch: usize,
  out: usize,
): void {
  const a = scratch;
  const b = at<T>(scratch, p);
  const randomness = at<T>(scratch, 2 * p); // r_k, lifted
  const powers = at<T>(scratch, 2 * p + calls); // r_k^(j+1), lifted
  for (let k: u32 = 0; k < calls; k++) {
    lift<T>(at<T>(randomness, k), at<T>(jointRand, k));
    copy<T>(at<T>(powers, k), at<T>(randomness, k));
  }
  for (let i: u32 = 0; i < 2 * p; i++) zero<T>(at<T>(out, i));
  for (let j: u32 = 0; j < chunk; j++) {
    copy<T>(a, at<T>(seeds, 2 * j));
    copy<T>(b, at<T>(seeds, 2 * j + 1));
    for (let k: u32 = 0; k < calls; k++) {
      const index = k * chunk + j;
      const m = index < length ? at<T>(measurement, index) : ZERO;
      const power = at<T>(powers, k);
      mul<T>(at<T>(a, k + 1), power, m);
      sub<T>(at<T>(b, k + 1), m, shift);
      mul<T>(power, power, at<T>(randomness, k));
    }
    for (let i = calls + 1; i < p; i++) {
      zero<T>(at<T>(a, i));
      zero<T>(at<T>(b, i));
    }
    addProduct<T>(a, b, p, table, out);
  }
  finishProduct<T>(p, table, out);
}

export function queryRange<T>(
  measurement: usize,
  length: u32,
  chunk: u32,
  calls: u32,
  shift: usize,
  seeds: usize,
  jointRand: usize,
  p: u32,
  gadget: usize,
  point: usize,
  table: usize,
  scratch: usize,
  out: usize,
): u32 {
  if (fillWeights<T>(point, p, table, scratch) == 0) return 0;
  const weights = scratch;
  evaluateGadget<T>(gadget, p, table, scratch, at<T>(out, 2 * chunk));
  // What the shift takes from each odd wire.
  const constant = at<T>(scratch, 2 * p);
  const power = at<T>(scratch, 2 * p + 1);
  const r = at<T>(scratch, 2 * p + 2);
  zero<T>(A);
  for (let k: u32 = 1; k <= calls; k++) add<T>(A, A, at<T>(weights, k));
  mul<T>(constant, A, shift);
  for (let j: u32 = 0; j < chunk; j++) {
    mul<T>(at<T>(out, 2 * j), weights, at<T>(seeds, 2 * j));
    mul<T>(A, weights, at<T>(seeds, 2 * j + 1));
    sub<T>(at<T>(out, 2 * j + 1), A, constant);
  }
  for (let k: u32 = 0; k < calls; k++) {
    const weight = at<T>(weights, k + 1);
    lift<T>(r, at<T>(jointRand, k));
    mul<T>(power, weight, r); // weight * r^(j+1), lifted
    const first = k * chunk;
    const n = min<u32>(chunk, length - first);
    for (let j: u32 = 0; j < n; j++) {
      const m = at<T>(measurement, first + j);
      const even = at<T>(out, 2 * j);
      const odd = at<T>(out, 2 * j + 1);
      mul<T>(A, power, m);
      add<T>(even, even, A);
      mul<T>(A, weight, m);
      add<T>(odd, odd, A);
      mul<T>(power, power, r);
    }
  }
  return 1;
}
