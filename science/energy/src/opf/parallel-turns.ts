// How PowerModels turns parallel branches before it builds a program (correct_branch_directions! in its src/core/data.jl): those that run
// against the first of their pair of buses are turned, and r and x of a turned transformer are multiplied by the square of its tap. AC does
// not notice. The DC form does: it ignores taps but not x. "First" is the order of Julia's dictionary of row numbers, so that order is made
// here: MurmurHash3 of the row's digits, linear probing, four times the size when two thirds full (Julia 1.0 to 1.11, base/dict.jl).
import type { Branches } from '../grid/network.ts';

/** In-service branches whose r and x PowerModels multiplies by tap^2. Branches out of service are not looked at. */
export function turnedTransformers(branches: Branches): number[] {
  const groups = new Map<string, number[]>();
  for (let k = 0; k < branches.count; k++) {
    const [f, t] = [branches.from[k], branches.to[k]];
    const key = f < t ? `${f} ${t}` : `${t} ${f}`;
    const group = groups.get(key);
    if (group) group.push(k);
    else groups.set(key, [k]);
  }
  const mixed = [...groups.values()].filter(
    g => g.some(k => branches.from[k] !== branches.from[g[0]]) && g.some(k => branches.tap[k] !== 1),
  );
  if (mixed.length === 0) return [];
  const rank = dictionaryOrder(branches.rowsInFile);
  const at = (k: number) => rank[branches.row[k]];
  return mixed.flatMap(g => {
    const first = g.reduce((a, b) => (at(b) < at(a) ? b : a));
    return g.filter(k => branches.from[k] !== branches.from[first] && branches.tap[k] !== 1);
  });
}

/** Place of each key "1".."n" (by number; entry 0 is unused) when a Julia Dict that was filled in ascending order is walked through. */
export function dictionaryOrder(n: number): Int32Array {
  const hash = Float64Array.from({ length: n + 1 }, (_, k) => lowBits(String(k)));
  let slots = new Int32Array(16);
  const put = (into: Int32Array, key: number) => {
    let at = hash[key] % into.length;
    while (into[at] !== 0) at = (at + 1) % into.length;
    into[at] = key;
  };
  for (let key = 1; key <= n; key++) {
    put(slots, key);
    if (3 * key <= 2 * slots.length) continue;
    const wanted = key * (key > 64_000 ? 2 : 4);
    const larger = new Int32Array(2 ** Math.ceil(Math.log2(wanted)));
    for (const old of slots) if (old !== 0) put(larger, old);
    slots = larger;
  }
  const rank = new Int32Array(n + 1);
  let place = 0;
  for (const key of slots) if (key !== 0) rank[key] = place++;
  return rank;
}

const MASK = (1n << 64n) - 1n;
const JULIA_SEED = 0x71e729fd56419c81n;

/** The low 32 bits, all that a dictionary of this size uses, of Julia's hash of a string of at most eight ASCII characters. */
function lowBits(key: string): number {
  const seed = JULIA_SEED & 0xffffffffn;
  let block = 0n;
  for (let i = 0; i < key.length; i++) block |= BigInt(key.charCodeAt(i)) << BigInt(8 * i);
  block = (block * 0x87c37b91114253d5n) & MASK;
  block = ((block << 31n) | (block >> 33n)) & MASK;
  block = (block * 0x4cf5ad432745937fn) & MASK;
  const length = BigInt(key.length);
  let h1 = seed ^ block ^ length;
  let h2 = seed ^ length;
  h1 = (h1 + h2) & MASK;
  h2 = (h2 + h1) & MASK;
  h1 = mix(h1);
  h2 = mix(h2);
  h1 = (h1 + h2) & MASK;
  h2 = (h2 + h1) & MASK;
  return Number((h2 + JULIA_SEED) & 0xffffffffn);
}

function mix(k: bigint): bigint {
  let x = k ^ (k >> 33n);
  x = (x * 0xff51afd7ed558ccdn) & MASK;
  x ^= x >> 33n;
  x = (x * 0xc4ceb9fe1a85ec53n) & MASK;
  return x ^ (x >> 33n);
}
