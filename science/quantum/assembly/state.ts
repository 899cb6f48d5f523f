// The kernel of the state vector: one amplitude is one 128-bit vector (real, imaginary). Offsets into one memory, nothing is allocated here.
// science/quantum/src/state/state.ts says what the operations mean; the plain twin in plain-state.ts gives the same amplitudes to rounding.
// asc: --enable simd --importMemory
import { BLOCKS, doBlock, NEXT } from './state/passes';

export { collapse, sample, weight } from './state/measure';
export { fillTable } from './state/phases';

/** First free byte of the memory. */
export function base(): usize {
  return (__heap_base + 63) & ~63;
}

/** Does a chain of passes alone. */
export function run(first: usize, p: usize, scratch: usize): void {
  for (let pass = first; pass !== 0; pass = load<u32>(pass + NEXT)) {
    const blocks = load<u32>(pass + BLOCKS);
    for (let b: u32 = 0; b < blocks; b++) doBlock(pass, b, p, scratch);
  }
}
