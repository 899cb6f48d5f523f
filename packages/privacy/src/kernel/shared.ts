// One kernel of each sort for each thread, made when first asked for: kernels hold megabytes and are synchronous, so sharing is free.
import { Arena } from './arena.ts';
import { twinKernel } from './twin.ts';

export type KernelChoice = 'wasm' | 'twin';

const arenas = new Map<KernelChoice, Arena>();

/** The arena of the kernel asked for; without a choice WebAssembly, or the twin where it cannot be compiled. */
export function sharedArena(choice?: KernelChoice): Arena {
  const kind = choice ?? 'twin';
  let arena = arenas.get(kind);
  if (!arena) {
    arena = new Arena(twinKernel());
    arenas.set(kind, arena);
  }
  return arena;
}
