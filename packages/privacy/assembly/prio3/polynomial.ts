// Polynomials in the Lagrange basis: doubling the number of values by an inverse and a shifted transform, and evaluation at a point by
// weights from products of differences, without inversion. draft-irtf-cfrg-vdaf, "FLP"; Faz-Hernandez, ePrint 2025/1727.
import { add, at, copy, equal, halve, lift, liftedOne, mul, sub, wide, zero } from './element';
import { GENERATOR_HIGH, GENERATOR_LOW } from './field128';
import { GENERATOR64 } from './field64';

const A: usize = memory.data(16, 16);
const B: usize = memory.data(16, 16);
const C: usize = memory.data(16, 16);
const ONE: usize = memory.data(16, 16);
const POINT: usize = memory.data(16, 16);
const POWER: usize = memory.data(16, 16);

// The table for p nodes, 4p elements, all lifted:
//   0 .. 2p-1    the 2p-th roots of unity w^i
//   2p .. 3p-2   twiddles of the shifted transform, stage by stage: blocks of 2h values use h twiddles w_4h^(1 + 2i), at 2p + h - 1
//   3p-1         R^2, that makes the product of two plain elements plain again
//   3p .. 4p-2   twiddles of the inverse transform: blocks of 2h values use w_2h^(-i), at 3p + h - 1
//   4p-1         R^2 / p^2, the same and for two factors that carry p

export function fillTable<T>(table: usize, p: u32): void {
  // w, of order 2p
  if (wide<T>()) {
    store<u64>(A, GENERATOR_LOW);
    store<u64>(A, GENERATOR_HIGH, 8);
  } else store<u64>(A, GENERATOR64);
  let log = (wide<T>() ? 66 : 32) - u32(ctz(p)) - 1;
  for (; log > 0; log--) mul<T>(A, A, A);
  liftedOne<T>(table);
  for (let i: u32 = 1; i < 2 * p; i++) mul<T>(at<T>(table, i), at<T>(table, i - 1), A);
  for (let h: u32 = 1; h < p; h *= 2)
    for (let i: u32 = 0; i < h; i++) {
      copy<T>(at<T>(table, 2 * p + h - 1 + i), at<T>(table, (1 + 2 * i) * (p / (2 * h))));
      copy<T>(at<T>(table, 3 * p + h - 1 + i), at<T>(table, (2 * p - i * (p / h)) & (2 * p - 1)));
    }
  liftedOne<T>(A);
  lift<T>(A, A);
  copy<T>(at<T>(table, 3 * p - 1), A);
  for (let n = p; n > 1; n >>= 1) {
    halve<T>(A, A);
    halve<T>(A, A);
  }
  copy<T>(at<T>(table, 4 * p - 1), A);
}

/** From p values at the p-th roots of unity to p times the values at the odd 2p-th roots, in place. */
export function shiftValues<T>(values: usize, p: u32, table: usize): void {
  // Inverse transform, natural order in, bit-reversed coefficients (times p) out.
  for (let h = p >> 1; h > 1; h >>= 1) {
    const twiddles = at<T>(table, 3 * p + h - 1);
    for (let start: u32 = 0; start < p; start += 2 * h) {
      let u = at<T>(values, start);
      let v = at<T>(values, start + h);
      // the first twiddle is one
      copy<T>(A, u);
      add<T>(u, A, v);
      sub<T>(v, A, v);
      for (let i: u32 = 1; i < h; i++) {
        u = at<T>(values, start + i);
        v = at<T>(values, start + h + i);
        sub<T>(A, u, v);
        add<T>(u, u, v);
        mul<T>(v, A, at<T>(twiddles, i));
      }
    }
  }
  // The inverse transform's last stage and the shifted one's first, on pairs: the twiddle is a fourth root of unity.
  const fourth = at<T>(table, 2 * p);
  for (let i: u32 = 0; i < p; i += 2) {
    const u = at<T>(values, i);
    const v = at<T>(values, i + 1);
    sub<T>(A, u, v);
    add<T>(B, u, v);
    mul<T>(A, A, fourth);
    add<T>(u, B, A);
    sub<T>(v, B, A);
  }
  for (let h: u32 = 2; h < p; h *= 2) {
    const twiddles = at<T>(table, 2 * p + h - 1);
    for (let start: u32 = 0; start < p; start += 2 * h)
      for (let i: u32 = 0; i < h; i++) {
        const u = at<T>(values, start + i);
        const v = at<T>(values, start + h + i);
        mul<T>(A, v, at<T>(twiddles, i));
        sub<T>(v, u, A);
        add<T>(u, u, A);
      }
  }
}

/** Adds the product of two polynomials to `out` (2p values, off by factors that `finishProduct` mends). Changes a and b. */
export function addProduct<T>(a: usize, b: usize, p: u32, table: usize, out: usize): void {
  for (let i: u32 = 0; i < p; i++) {
    mul<T>(A, at<T>(a, i), at<T>(b, i));
    add<T>(at<T>(out, 2 * i), at<T>(out, 2 * i), A);
  }
  shiftValues<T>(a, p, table);
  shiftValues<T>(b, p, table);
  for (let i: u32 = 0; i < p; i++) {
    mul<T>(A, at<T>(a, i), at<T>(b, i));
    add<T>(at<T>(out, 2 * i + 1), at<T>(out, 2 * i + 1), A);
  }
}

export function finishProduct<T>(p: u32, table: usize, out: usize): void {
  const even = at<T>(table, 3 * p - 1);
  const odd = at<T>(table, 4 * p - 1);
  for (let i: u32 = 0; i < 2 * p; i += 2) {
    mul<T>(at<T>(out, i), at<T>(out, i), even);
    mul<T>(at<T>(out, i + 1), at<T>(out, i + 1), odd);
  }
}

/** out = sum of the pairs' products, 2p values. */
export function product<T>(wires: usize, pairs: u32, p: u32, table: usize, out: usize): void {
  for (let i: u32 = 0; i < 2 * p; i++) zero<T>(at<T>(out, i));
  for (let j: u32 = 0; j < pairs; j++)
    addProduct<T>(at<T>(wires, 2 * j * p), at<T>(wires, (2 * j + 1) * p), p, table, out);
  finishProduct<T>(p, table, out);
}

/**
 * Weights for evaluation at `point`, lifted. scratch[i] for i below p is the Lagrange weight of the i-th p-th root of unity; scratch[p + i]
 * the same product over the odd 2p-th roots, for w^(2i + 1). Returns 0 if the point is a p-th root of unity.
 * Weight of node x among n: x / n times the product of (point - y) over the other nodes y.
 */
export function fillWeights<T>(point: usize, p: u32, table: usize, scratch: usize): u32 {
  lift<T>(POINT, point);
  copy<T>(POWER, POINT);
  for (let n = p; n > 1; n >>= 1) mul<T>(POWER, POWER, POWER);
  liftedOne<T>(ONE);
  if (equal<T>(POWER, ONE)) return 0;
  const differences = at<T>(scratch, 2 * p);
  for (let parity: u32 = 0; parity < 2; parity++) {
    const weights = at<T>(scratch, parity * p);
    copy<T>(A, ONE);
    for (let n = p; n > 1; n >>= 1) halve<T>(A, A);
    for (let i: u32 = 0; i < p; i++) {
      copy<T>(at<T>(weights, i), A);
      sub<T>(at<T>(differences, i), POINT, at<T>(table, 2 * i + parity));
      mul<T>(A, A, at<T>(differences, i));
    }
    copy<T>(A, ONE);
    for (let i = i32(p) - 1; i >= 0; i--) {
      const weight = at<T>(weights, i);
      mul<T>(weight, weight, A);
      mul<T>(weight, weight, at<T>(table, 2 * i + parity));
      mul<T>(A, A, at<T>(differences, i));
    }
  }
  return 1;
}

/** The gadget polynomial, given by all its values but the last, at the point of `fillWeights`. Its degree is at most 2p - 2. */
export function evaluateGadget<T>(gadget: usize, p: u32, table: usize, scratch: usize, out: usize): void {
  const even = scratch;
  const odd = at<T>(scratch, p);
  const last = memory.data(16, 16);
  zero<T>(B); // sum over even nodes
  zero<T>(C); // sum over odd nodes
  zero<T>(last);
  for (let i: u32 = 0; i < p; i++) {
    const g = at<T>(gadget, 2 * i);
    mul<T>(A, at<T>(even, i), g);
    add<T>(B, B, A);
    mul<T>(A, at<T>(table, 2 * i), g);
    add<T>(last, last, A);
  }
  for (let i: u32 = 0; i < p - 1; i++) {
    const g = at<T>(gadget, 2 * i + 1);
    mul<T>(A, at<T>(odd, i), g);
    add<T>(C, C, A);
    mul<T>(A, at<T>(table, 2 * i + 1), g);
    add<T>(last, last, A);
  }
  // The coefficient of x^(2p-1) is zero, so the value at w^(2p-1) is -w times the sum of w^i g_i over the others.
  mul<T>(A, last, at<T>(table, 1));
  mul<T>(A, A, at<T>(odd, p - 1));
  sub<T>(C, C, A);
  // Weights among 2p nodes: half of those among p, times point^p + 1 for even and point^p - 1 for odd ones.
  add<T>(A, POWER, ONE);
  mul<T>(B, B, A);
  sub<T>(A, POWER, ONE);
  mul<T>(C, C, A);
  add<T>(A, B, C);
  halve<T>(out, A);
}

export function query<T>(
  wires: usize,
  arity: u32,
  p: u32,
  gadget: usize,
  point: usize,
  table: usize,
  scratch: usize,
  out: usize,
): u32 {
  if (fillWeights<T>(point, p, table, scratch) == 0) return 0;
  for (let j: u32 = 0; j < arity; j++) {
    const wire = at<T>(wires, j * p);
    const total = at<T>(out, j);
    zero<T>(total);
    for (let i: u32 = 0; i < p; i++) {
      mul<T>(A, at<T>(scratch, i), at<T>(wire, i));
      add<T>(total, total, A);
    }
  }
  evaluateGadget<T>(gadget, p, table, scratch, at<T>(out, arity));
  return 1;
}
