// One kernel of each sort for each thread, made when first asked for: kernels hold megabytes and are synchronous, so sharing is free.
import { Arena } from './arena.ts';
import { twinKernel } from './twin.ts';
import { wasmKernel } from './wasm.ts';

/** `wasm`: compiled, fast. `twin`: plain TypeScript, some hundred times slower, the same bytes. */
export type KernelChoice = 'wasm' | 'twin';

const arenas = new Map<KernelChoice, Arena>();

/** The arena of the kernel asked for; without a choice WebAssembly, or the twin where it cannot be compiled. */
export function sharedArena(choice?: KernelChoice): Arena {
  if (choice) return arenaOf(choice);
  try {
    return arenaOf('wasm');
  } catch {
    return arenaOf('twin');
  }
}

function arenaOf(kind: KernelChoice): Arena {
  let arena = arenas.get(kind);
  if (!arena) {
    arena = new Arena(kind === 'wasm' ? wasmKernel() : twinKernel());
    arenas.set(kind, arena);
  }
  return arena;
}
