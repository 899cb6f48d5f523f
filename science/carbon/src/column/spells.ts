// When to mix and when to let cycles run as they are. Where a front drifts, mixing can hold it in place for hundreds of cycles, since what a cycle
// changes hardly differs from one to the next; plain cycles move it on. So a spell of mixing that does not halve what is open is followed by a
// spell of plain cycles, and that by another while more is open after it than before: the front is on its way.

const MIXED = 12;
const PLAIN = 30;

/** Spells of cycles, the first one mixed. */
export function spells() {
  let left = MIXED;
  let before = Number.POSITIVE_INFINITY;
  const state = {
    plain: false,
    /** Counts a cycle after which `open` is left (1 would do); true when mixing begins or ends with it. */
    turned(open: number): boolean {
      left -= 1;
      if (left > 0) return false;
      const was = state.plain;
      state.plain = open > (was ? 1 : 0.5) * before;
      left = state.plain ? PLAIN : MIXED;
      before = open;
      return state.plain !== was;
    },
  };
  return state;
}
