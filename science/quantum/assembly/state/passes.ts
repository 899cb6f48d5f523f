// A program for the state vector as the kernel reads it: a chain of passes, each a list of operations on blocks of amplitudes. src/state/encode.ts
// writes it and says what the words mean. Blocks are independent, so any number of threads may take them.
import { apply1, apply1cross, apply1real, apply2, applyControlled, applyExchange, applyMany } from './matrices';
import { applyPhase, applyQuadratic } from './phases';

// Words of a pass (byte offsets): blocks taken, blocks done, blocks in all, qubits of a block, bytes of a contiguous run, runs, first operation,
// end of operations, next pass, all qubits, then the places outside the block, then the byte offsets of the runs.
export const TAKEN: usize = 0;
export const DONE: usize = 4;
export const BLOCKS: usize = 8;
const INSIDE: usize = 12;
const RUN_BYTES: usize = 16;
const RUNS: usize = 20;
const FIRST: usize = 24;
const END: usize = 28;
export const NEXT: usize = 32;
const QUBITS: usize = 36;
const OUTSIDE: usize = 48;
const OFFSETS: usize = 176;

/** Does block b of a pass on the state at p; `scratch` is the thread's own: room for a block, then for the operations' work. */
export function doBlock(pass: usize, b: u32, p: usize, scratch: usize): void {
  const k = load<u32>(pass + INSIDE);
  const n = load<u32>(pass + QUBITS);
  const work = scratch + ((<usize>1) << 18);
  if (k === n) {
    operate(pass, p, k, n, 0, 0, work);
    return;
  }
  let outer: u32 = 0;
  for (let i: u32 = 0; i < n - k; i++) outer |= ((b >> i) & 1) << load<u32>(pass + OUTSIDE + (i << 2));
  const from = p + ((<usize>outer) << 4);
  const runs = load<u32>(pass + RUNS);
  const bytes = load<u32>(pass + RUN_BYTES);
  let to = scratch;
  for (let r: u32 = 0; r < runs; r++) {
    const at = from + load<u32>(pass + OFFSETS + (r << 2));
    for (let i: usize = 0; i < bytes; i += 32) {
      v128.store(to + i, v128.load(at + i));
      v128.store(to + i + 16, v128.load(at + i + 16));
    }
    to += bytes;
  }
  operate(pass, scratch, k, n, outer, b, work);
  to = scratch;
  for (let r: u32 = 0; r < runs; r++) {
    const at = from + load<u32>(pass + OFFSETS + (r << 2));
    for (let i: usize = 0; i < bytes; i += 32) {
      v128.store(at + i, v128.load(to + i));
      v128.store(at + i + 16, v128.load(to + i + 16));
    }
    to += bytes;
  }
}

// Words of an operation: code, bytes to the next, mask of the outer bits it reads, what they must be, a, b, wanted bits inside, number of places;
// then up to 32 sorted places, then numbers.
function operate(pass: usize, p: usize, k: u32, n: u32, outer: u32, b: u32, work: usize): void {
  const end = load<u32>(pass + END);
  for (let op: usize = load<u32>(pass + FIRST); op < end; op += load<u32>(op + 4)) {
    if ((outer & load<u32>(op + 8)) !== load<u32>(op + 12)) continue;
    const x = load<u32>(op + 16);
    const y = load<u32>(op + 20);
    const wanted = load<u32>(op + 24);
    const count = load<u32>(op + 28);
    const places = op + 32;
    const data = places + (((<usize>count) + 3) & ~3) * 4;
    switch (load<u32>(op)) {
      case 0:
        applyPhase(p, k, wanted, places, count, data);
        break;
      case 1:
        applyExchange(p, k, <i32>x, wanted, places, count);
        break;
      case 2:
        apply1(p, k, x, data);
        break;
      case 3:
        apply1real(p, k, x, data);
        break;
      case 4:
        apply1cross(p, k, x, data);
        break;
      case 5:
        applyControlled(p, k, x, wanted, places, count, data);
        break;
      case 6:
        apply2(p, k, x, y, data);
        break;
      case 7:
        applyMany(p, k, x, wanted, places, count, data, data + ((((<usize>1) << x) * 4 + 15) & ~15), work);
        break;
      case 8:
        applyQuadratic(p, k, n, x, b, y, data, work);
        break;
    }
  }
}
