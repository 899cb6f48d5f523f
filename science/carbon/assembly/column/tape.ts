// What an integration did, kept step by step with its factors, so that a small difference of its start can be led to its end: the same formula with the same steps on the linearised
// equations, at a small part of the integration's price. Single precision would not do: a pressure that is off by its rounding drives
// flows that are off by some per cent.
import { exchanged, solveBy } from './factors';
import { B, cells, D, E, I, L, OLD, PIVOT, PRED, REACH, SOURCE, SWAP, TAPE, U, V, W, wide } from './memory';

let end: usize = 0;
/** Bytes of a record's head: whether it is a step, its order, whether rows were exchanged; c. */
const HEAD: usize = 32;

/** Forgets all tapes. */
export function forget(): void { end = TAPE; }

/** Where the next record will lie. */
export function mark(): usize { return end; }

/** Makes room for `bytes` more; traps when there is no memory. */
function reserve(bytes: usize): void {
  const have = <usize>memory.size() << 16;
  if (end + bytes > have && memory.grow(max(256, <i32>((end + bytes - have + 65535) >> 16))) < 0) unreachable();
}

function doubles(from: usize, count: i32): void {
  const bytes = <usize>count << 3;
  memory.copy(end, from, bytes);
  end += bytes;
}

/** Records a change of step: differences become the matrix in W times themselves (row k, column j for what old k gives to new j; size order + 1). */
export function keepChange(order: i32): void {
  reserve(HEAD + 288);
  store<i32>(end, 0);
  store<i32>(end, order, 4);
  end += HEAD;
  doubles(W, 36);
}

/** Records a step of `order` with the present factors of I - c J; W holds the weights of differences 1 to order. */
export function keepStep(order: i32, c: f64): void {
  const reach = exchanged ? 2 * REACH : REACH, n = 3 * cells;
  reserve(HEAD + 48 + (<usize>(n * (REACH + reach + 2) + 40 * cells) << 3));
  store<i32>(end, 1);
  store<i32>(end, order, 4);
  store<i32>(end, exchanged ? 1 : 0, 8);
  store<f64>(end, c, 16);
  end += HEAD;
  doubles(W, 6);
  doubles(L, n * REACH);
  if (exchanged) doubles(U, n * 2 * REACH);
  else for (let k = 0; k < n; k++) doubles(U + ((2 * REACH * k) << 3), REACH);
  doubles(PIVOT, n);
  doubles(B, 30 * cells);
  doubles(E, 6 * cells);
  doubles(I, 4 * cells);
  memory.copy(end, SWAP, <usize>n << 2);
  end = (end + (n << 2) + 15) & ~15;
}

/** Leads the difference in D[0] along the tape from `from` to `to`; with `driven`, SOURCE is added to the derivatives all the way. */
export function propagate(from: usize, to: usize, driven: bool): void {
  const bytes = wide() << 3;
  memory.fill(D + bytes, 0, 7 * bytes);
  let p = from;
  while (p < to) {
    const order = load<i32>(p, 4);
    if (load<i32>(p) == 0) {
      change(p + HEAD, order, bytes);
      p += HEAD + 288;
    } else p = step(p, order, bytes, driven);
  }
}

/** Differences times the matrix at `m`. */
function change(m: usize, order: i32, bytes: i32): void {
  for (let i = 0; i < bytes; i += 16) {
    for (let k = 1; k <= order; k++) v128.store(OLD + (k << 4), v128.load(D + k * bytes + i));
    for (let j = 1; j <= order; j++) {
      let s = f64x2.splat(0);
      for (let k = 1; k <= order; k++) s = f64x2.add(s, f64x2.mul(v128.load64_splat(m + ((k * (order + 1) + j) << 3)), v128.load(OLD + (k << 4))));
      v128.store(D + j * bytes + i, s);
    }
  }
}

/** y = prediction + d, where d = c (J y + source) - psi. */
function step(p: usize, order: i32, bytes: i32, driven: bool): usize {
  const c = v128.load64_splat(p, 16);
  const weights = p + HEAD;
  for (let i = 0; i < bytes; i += 16) {
    let predicted = v128.load(D + i);
    let right = driven ? f64x2.mul(c, v128.load(SOURCE + i)) : f64x2.splat(0);
    for (let k = 1; k <= order; k++) {
      const d = v128.load(D + k * bytes + i);
      predicted = f64x2.add(predicted, d);
      right = f64x2.sub(right, f64x2.mul(v128.load64_splat(weights + (k << 3)), d));
    }
    v128.store(PRED + i, predicted);
    v128.store(V + i, f64x2.add(predicted, right));
  }
  const next = solveKept(p + HEAD + 48, load<i32>(p, 8) != 0);
  for (let i = 0; i < bytes; i += 16) {
    const d = f64x2.sub(v128.load(V + i), v128.load(PRED + i));
    const last = D + (order + 1) * bytes + i;
    v128.store(last + bytes, f64x2.sub(d, v128.load(last)));
    v128.store(last, d);
    let above = d;
    for (let k = order; k >= 0; k--) {
      const here = D + k * bytes + i;
      above = f64x2.add(v128.load(here), above);
      v128.store(here, above);
    }
  }
  return next;
}

/** Solves for V by the factors at `l`; gives where they end. */
function solveKept(l: usize, far: bool): usize {
  const n = 3 * cells, reach = far ? 2 * REACH : REACH;
  const u = l + ((n * REACH) << 3), pivot = u + ((n * reach) << 3), b = pivot + (n << 3);
  const e = b + 240 * cells, i = e + 48 * cells, swap = i + 32 * cells;
  solveBy(l, u, reach << 3, far, pivot, swap, b, e, i);
  return (swap + (n << 2) + 15) & ~15;
}
