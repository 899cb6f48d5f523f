// The same kernel on a shared memory: one thread leads through the passes, others follow when and as long as they are there.
// A follower may come late or never; the leader takes blocks like everyone else and waits only for blocks that were taken.
// asc: --enable simd --enable threads --importMemory --sharedMemory --maximumMemory 49152
import { BLOCKS, DONE, doBlock, NEXT, TAKEN } from './state/passes';

export { collapse, sample, weight } from './state/measure';
export { fillTable } from './state/phases';
export { base } from './state';

// Words of the control block: the pass at hand (0: none, 1: the end), and how many followers are looking at a pass.
const PASS: usize = 0;
const LOOKING: usize = 4;

function takeBlocks(pass: usize, p: usize, scratch: usize): void {
  const blocks = load<u32>(pass + BLOCKS);
  for (;;) {
    const b = atomic.add<u32>(pass + TAKEN, 1);
    if (b >= blocks) return;
    doBlock(pass, b, p, scratch);
    atomic.add<u32>(pass + DONE, 1);
  }
}

/** Does a chain of passes with whoever follows. When it returns nobody looks at the passes any more. */
export function lead(first: usize, p: usize, scratch: usize, control: usize): void {
  for (let pass = first; pass !== 0; pass = load<u32>(pass + NEXT)) {
    const blocks = load<u32>(pass + BLOCKS);
    if (blocks > 1) {
      atomic.store<u32>(control + PASS, <u32>pass);
      atomic.notify(control + PASS, -1);
    }
    takeBlocks(pass, p, scratch);
    while (atomic.load<u32>(pass + DONE) < blocks) {}
  }
  atomic.store<u32>(control + PASS, 0);
  while (atomic.load<u32>(control + LOOKING) !== 0) {}
}

/** Sends the followers home. */
export function dismiss(control: usize): void {
  atomic.store<u32>(control + PASS, 1);
  atomic.notify(control + PASS, -1);
}

/** Helps until dismissed. Blocks its thread. */
export function follow(p: usize, scratch: usize, control: usize): void {
  for (;;) {
    atomic.add<u32>(control + LOOKING, 1);
    const pass = atomic.load<u32>(control + PASS);
    if (pass > 1) takeBlocks(pass, p, scratch);
    atomic.sub<u32>(control + LOOKING, 1);
    if (pass === 1) return;
    // Between passes of one run the next one comes soon.
    for (let spin = 0; spin < 20000; spin++) if (atomic.load<u32>(control + PASS) !== pass) break;
    atomic.wait<i32>(control + PASS, pass, -1);
  }
}
