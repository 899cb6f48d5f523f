// Operations on vectors of elements, and the rejection sampling that turns sponge output into elements.
import { add, at, copy, isReduced, lift, mul, size, sub, zero } from './element';
import { xofRead } from './keccak';

const A: usize = memory.data(16, 16);
const B: usize = memory.data(16, 16);

export function addVector<T>(target: usize, source: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) add<T>(at<T>(target, i), at<T>(target, i), at<T>(source, i));
}

export function subVector<T>(target: usize, source: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) sub<T>(at<T>(target, i), at<T>(target, i), at<T>(source, i));
}

export function reduced<T>(vector: usize, n: u32): u32 {
  let good = true;
  for (let i: u32 = 0; i < n; i++) good = good && isReduced<T>(at<T>(vector, i));
  return u32(good);
}

export function sum<T>(out: usize, vector: usize, n: u32): void {
  zero<T>(A);
  for (let i: u32 = 0; i < n; i++) add<T>(A, A, at<T>(vector, i));
  copy<T>(out, A);
}

/** Both plain: the sum of the products is off by 1 / R, so it is lifted at the end. */
export function dot<T>(out: usize, a: usize, b: usize, n: u32): void {
  zero<T>(A);
  for (let i: u32 = 0; i < n; i++) {
    mul<T>(B, at<T>(a, i), at<T>(b, i));
    add<T>(A, A, B);
  }
  lift<T>(out, A);
}

export function pairDot<T>(out: usize, a: usize, n: u32): void {
  zero<T>(A);
  for (let i: u32 = 0; i < n; i++) {
    mul<T>(B, at<T>(a, 2 * i), at<T>(a, 2 * i + 1));
    add<T>(A, A, B);
  }
  lift<T>(out, A);
}

export function weighBits<T>(out: usize, vector: usize, n: u32, bits: u32, lastWeight: usize): void {
  const weight = A;
  const term = B;
  lift<T>(weight, lastWeight);
  for (let i: u32 = 0; i < n; i++) {
    const group = at<T>(vector, i * bits);
    const total = at<T>(out, i);
    zero<T>(total);
    for (let l = i32(bits) - 2; l >= 0; l--) {
      add<T>(total, total, total);
      add<T>(total, total, at<T>(group, l));
    }
    mul<T>(term, weight, at<T>(group, bits - 1));
    add<T>(total, total, term);
  }
}

/** Elements that are not below the modulus are dropped and the ones after them move up: rare, but a vector with one must come out right. */
export function expand<T>(state: usize, out: usize, n: u32): void {
  let good: u32 = 0;
  while (good < n) {
    xofRead(state, at<T>(out, good), (n - good) * u32(size<T>()));
    const end = n;
    let i = good;
    while (i < end) {
      if (isReduced<T>(at<T>(out, i))) {
        if (i != good) copy<T>(at<T>(out, good), at<T>(out, i));
        good++;
      }
      i++;
    }
  }
}
