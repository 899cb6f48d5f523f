// The compiled kernel with its memory: constants of the program, one work space for each thread, then the state. A crew of helper threads may
// share the memory; which thread does a block changes nothing in the amplitudes.

import { wasmBase64 } from '../generated/state.wasm.ts';
import { wasmBase64 as threadsBase64 } from '../generated/state-threads.wasm.ts';

type Exports = Readonly<Record<string, (...args: number[]) => number>>;

/** Qubits of a block that is worked on inside the cache: 2^14 amplitudes, 256 KiB. */
export const BLOCK_QUBITS = 14;
/** Room of a block, and of what operations need beside it (assembly/state/passes.ts counts on the first). */
const BLOCK_BYTES = 2 ** 18;
const SCRATCH_BYTES = BLOCK_BYTES + 2 ** 16;
/** States below this are never shared, and threads are started only for this much work (steps times amplitudes, some 0.3 s). */
const CREW_QUBITS = 18;
const CREW_WORK = 2 ** 29;
/** Pages that a shared memory may have at most, as the kernel was compiled. */
const SHARED_PAGES = 49152;
const PAGE = 65536;
/** Least page of the machine's own memory. */
const MEMORY_PAGE = 4096;

/** What a helper thread gets; plain data that can be posted to it. */
export interface HelperTask {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly state: number;
  readonly scratch: number;
  readonly control: number;
}

/** Threads beside the caller's, given by the program around us, since starting one is not the same everywhere. */
export interface Crew {
  readonly helpers: number;
  /** Starts a thread that calls `help(task)`. It need not come soon, nor at all. */
  start(task: HelperTask): void;
}

export interface Kernel {
  /** Where the state begins, where numbers for `sample` may lie, and where passes are written. */
  readonly state: number;
  readonly block: number;
  readonly program: { readonly from: number; readonly to: number };
  readonly f64: Float64Array;
  readonly u32: Uint32Array;
  readonly call: Exports;
  /** Says how many steps are to come: helper threads start when there is enough to do. */
  expect(steps: number): void;
  /** Does a chain of passes on the state. */
  run(first: number): void;
  /** Sends helper threads home; the kernel goes on without them. */
  close(): void;
}

const compiled = new Map<string, WebAssembly.Module>();
function moduleOf(base64: string): WebAssembly.Module {
  let m = compiled.get(base64);
  if (!m) {
    m = new WebAssembly.Module(Uint8Array.from(atob(base64), c => c.charCodeAt(0)));
    compiled.set(base64, m);
  }
  return m;
}

function instance(module: WebAssembly.Module, memory: WebAssembly.Memory): Exports {
  const abort = () => {
    throw new Error('the state vector kernel stopped');
  };
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as Exports;
}

/** First byte that the compiled code leaves to us; both kernels have no static data beyond it. */
const BASE = 1024;

/** A kernel with room for a state of n qubits. Throws RangeError where the memory is refused. */
export function kernel(qubits: number, crew?: Crew): Kernel {
  const shared = crew !== undefined && crew.helpers > 0 && qubits >= CREW_QUBITS;
  const program = { from: BASE, to: BASE + (qubits > BLOCK_QUBITS ? 2 ** 20 : 2 ** 17) };
  const control = program.to;
  const scratch = control + 64;
  const state = scratch + (shared ? 1 + crew.helpers : 1) * SCRATCH_BYTES;
  const pages = Math.ceil((state + 2 ** (qubits + 4)) / PAGE);
  const memory = new WebAssembly.Memory(
    shared ? { initial: pages, maximum: Math.max(pages, SHARED_PAGES), shared } : { initial: pages },
  );
  const module = moduleOf(shared ? threadsBase64 : wasmBase64);
  const call = instance(module, memory);
  if (call['base']() > BASE) throw new RangeError('the kernel has more static data than this program leaves room for');
  const f64 = new Float64Array(memory.buffer);
  // Written once before anybody reads: a page that is read first and written later is taken twice, and then every other thread must be told (0072).
  for (let at = state >> 3; at < f64.length; at += MEMORY_PAGE >> 3) f64[at] = 0;
  f64[state >> 3] = 1;
  let work = 0;
  let started = !shared;
  return {
    state,
    block: scratch,
    program,
    f64,
    u32: new Uint32Array(memory.buffer),
    call,
    expect(steps) {
      work += steps * 2 ** qubits;
      if (started || work < CREW_WORK) return;
      started = true;
      for (let i = 1; i <= crew!.helpers; i++)
        crew!.start({ module, memory, state, scratch: scratch + i * SCRATCH_BYTES, control });
    },
    run(first) {
      if (shared) call['lead'](first, state, scratch, control);
      else call['run'](first, state, scratch);
    },
    close() {
      if (shared) call['dismiss'](control);
      started = true;
    },
  };
}

/** A helper thread's whole life: does blocks until the state is closed. Blocks the thread that calls it. */
export function help(task: HelperTask): void {
  instance(task.module, task.memory)['follow'](task.state, task.scratch, task.control);
}
