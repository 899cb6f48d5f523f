// The kernel of Prio3: sponge, Field64 and Field128, proofs and queries, over offsets into one memory (packages/privacy/src/kernel/kernel.ts
// says what each function does). Every function below exists twice, for Field64 (suffix 64, marker u64) and Field128 (128, marker u32).
// asc: --initialMemory 4
import * as polynomial from './prio3/polynomial';
import * as range from './prio3/range';
import * as vector from './prio3/vector';

export { xofAbsorb, xofFinish, xofRead, xofStart } from './prio3/keccak';

/** First byte that this module does not use itself. */
export function base(): usize {
  return __heap_base;
}

export function add64(target: usize, source: usize, n: u32): void {
  vector.addVector<u64>(target, source, n);
}

export function add128(target: usize, source: usize, n: u32): void {
  vector.addVector<u32>(target, source, n);
}

export function sub64(target: usize, source: usize, n: u32): void {
  vector.subVector<u64>(target, source, n);
}

export function sub128(target: usize, source: usize, n: u32): void {
  vector.subVector<u32>(target, source, n);
}

export function reduced64(values: usize, n: u32): u32 {
  return vector.reduced<u64>(values, n);
}

export function reduced128(values: usize, n: u32): u32 {
  return vector.reduced<u32>(values, n);
}

export function sum64(out: usize, a: usize, n: u32): void {
  vector.sum<u64>(out, a, n);
}

export function sum128(out: usize, a: usize, n: u32): void {
  vector.sum<u32>(out, a, n);
}

export function dot64(out: usize, a: usize, b: usize, n: u32): void {
  vector.dot<u64>(out, a, b, n);
}

export function dot128(out: usize, a: usize, b: usize, n: u32): void {
  vector.dot<u32>(out, a, b, n);
}

export function pairDot64(out: usize, a: usize, n: u32): void {
  vector.pairDot<u64>(out, a, n);
}

export function pairDot128(out: usize, a: usize, n: u32): void {
  vector.pairDot<u32>(out, a, n);
}

export function weighBits64(out: usize, a: usize, n: u32, bits: u32, lastWeight: usize): void {
  vector.weighBits<u64>(out, a, n, bits, lastWeight);
}

export function weighBits128(out: usize, a: usize, n: u32, bits: u32, lastWeight: usize): void {
  vector.weighBits<u32>(out, a, n, bits, lastWeight);
}

export function expand64(state: usize, out: usize, n: u32): void {
  vector.expand<u64>(state, out, n);
}

export function expand128(state: usize, out: usize, n: u32): void {
  vector.expand<u32>(state, out, n);
}

export function fillTable64(table: usize, p: u32): void {
  polynomial.fillTable<u64>(table, p);
}

export function fillTable128(table: usize, p: u32): void {
  polynomial.fillTable<u32>(table, p);
}

export function product64(wires: usize, pairs: u32, p: u32, table: usize, out: usize): void {
  polynomial.product<u64>(wires, pairs, p, table, out);
}

export function product128(wires: usize, pairs: u32, p: u32, table: usize, out: usize): void {
  polynomial.product<u32>(wires, pairs, p, table, out);
}

export function query64(
  wires: usize,
  arity: u32,
  p: u32,
  gadget: usize,
  point: usize,
  table: usize,
  scratch: usize,
  out: usize,
): u32 {
  return polynomial.query<u64>(wires, arity, p, gadget, point, table, scratch, out);
}

export function query128(
  wires: usize,
  arity: u32,
  p: u32,
  gadget: usize,
  point: usize,
  table: usize,
  scratch: usize,
  out: usize,
): u32 {
  return polynomial.query<u32>(wires, arity, p, gadget, point, table, scratch, out);
}

export function proveRange64(
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
  range.proveRange<u64>(measurement, length, chunk, calls, shift, seeds, jointRand, p, table, scratch, out);
}

export function proveRange128(
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
  range.proveRange<u32>(measurement, length, chunk, calls, shift, seeds, jointRand, p, table, scratch, out);
}

export function queryRange64(
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
  return range.queryRange<u64>(measurement, length, chunk, calls, shift, seeds, jointRand, p, gadget, point, table, scratch, out);
}

export function queryRange128(
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
  return range.queryRange<u32>(measurement, length, chunk, calls, shift, seeds, jointRand, p, gadget, point, table, scratch, out);
}
