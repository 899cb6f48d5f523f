// How far a long bench is, and about how long it still takes: blocks of deadlines, those kept from an earlier run counted at once.
import type { SeasonSet } from './sets.ts';

const blocksOf = (set: SeasonSet) => Math.ceil(set.rounds.length / set.block);

export interface Countdown {
  /** To be called after each block that had to be trained, with its name. */
  readonly tick: (block: string) => void;
  /** To be called when all blocks of a set are there. */
  readonly through: (set: SeasonSet) => void;
}

/** Counts the blocks of the sets, each as often as it is in the list; says on standard error what is trained and what is left. */
export function countdown(sets: readonly SeasonSet[], now: () => number = Date.now): Countdown {
  const total = sets.reduce((n, s) => n + blocksOf(s), 0);
  const start = now();
  let behind = 0;
  let trained = 0;
  let inSet = 0;
  return {
    tick(block) {
      trained += 1;
      inSet += 1;
      const left = total - behind - inSet;
      const minutes = ((now() - start) / trained / 60_000) * left;
      console.error(`${block}; ${total - left} of ${total} blocks, about ${Math.ceil(minutes)} min left`);
    },
    through(set) {
      behind += blocksOf(set);
      inSet = 0;
    },
  };
}
