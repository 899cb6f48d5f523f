// One set of algorithms for both fields: T is a marker, u64 for Field64 (8-byte elements) and u32 for Field128 (16-byte elements).
// mul<T> gives a * b / R with R = 1 in Field64 and 2^128 in Field128; a lifted element is x * R.
import { addTo128, halve128, mulTo128, ONE_HIGH, ONE_LOW, reduced128, RR_HIGH, RR_LOW, subTo128 } from './field128';
import { add64, mul64, P64, sub64 } from './field64';

// @ts-ignore: decorator
@inline
export function wide<T>(): bool {
  return sizeof<T>() == 4;
}

/** Bytes of one element. */
// @ts-ignore: decorator
@inline
export function size<T>(): usize {
  return wide<T>() ? 16 : 8;
}

// @ts-ignore: decorator
@inline
export function at<T>(base: usize, index: usize): usize {
  return base + (wide<T>() ? index << 4 : index << 3);
}

// @ts-ignore: decorator
@inline
export function add<T>(out: usize, a: usize, b: usize): void {
  if (wide<T>()) addTo128(out, a, b);
  else store<u64>(out, add64(load<u64>(a), load<u64>(b)));
}

// @ts-ignore: decorator
@inline
export function sub<T>(out: usize, a: usize, b: usize): void {
  if (wide<T>()) subTo128(out, a, b);
  else store<u64>(out, sub64(load<u64>(a), load<u64>(b)));
}

// @ts-ignore: decorator
@inline
export function mul<T>(out: usize, a: usize, b: usize): void {
  if (wide<T>()) mulTo128(out, a, b);
  else store<u64>(out, mul64(load<u64>(a), load<u64>(b)));
}

// @ts-ignore: decorator
@inline
export function copy<T>(out: usize, a: usize): void {
  store<u64>(out, load<u64>(a));
  if (wide<T>()) store<u64>(out, load<u64>(a, 8), 8);
}

// @ts-ignore: decorator
@inline
export function zero<T>(out: usize): void {
  store<u64>(out, 0);
  if (wide<T>()) store<u64>(out, 0, 8);
}

// @ts-ignore: decorator
@inline
export function equal<T>(a: usize, b: usize): bool {
  if (wide<T>()) return ((load<u64>(a) ^ load<u64>(b)) | (load<u64>(a, 8) ^ load<u64>(b, 8))) == 0;
  return load<u64>(a) == load<u64>(b);
}

// @ts-ignore: decorator
@inline
export function isReduced<T>(a: usize): bool {
  return wide<T>() ? reduced128(a) : load<u64>(a) < P64;
}

/** out = 1, lifted. */
// @ts-ignore: decorator
@inline
export function liftedOne<T>(out: usize): void {
  if (wide<T>()) {
    store<u64>(out, ONE_LOW);
    store<u64>(out, ONE_HIGH, 8);
  } else store<u64>(out, 1);
}

const SQUARE_OF_R = memory.data<u64>([RR_LOW, RR_HIGH]);

/** out = a * R */
// @ts-ignore: decorator
@inline
export function lift<T>(out: usize, a: usize): void {
  if (wide<T>()) mulTo128(out, a, SQUARE_OF_R);
  else copy<T>(out, a);
}

/** out = a / 2 */
// @ts-ignore: decorator
@inline
export function halve<T>(out: usize, a: usize): void {
  if (wide<T>()) halve128(out, a);
  else {
    const x = load<u64>(a);
    store<u64>(out, x & 1 ? (x >>> 1) + (P64 >>> 1) + 1 : x >>> 1);
  }
}
