// When log time must move though nobody says anything: the rules wait for it.
import type { State } from '@madang/charter';

/** The earliest log time (seconds) at which a rule of an unfinished study can change its answer; infinite where none can. */
export function nextDeadline(state: State): number {
  let next = Number.POSITIVE_INFINITY;
  for (const s of Object.values(state.studies)) {
    if (s.stage === 'proposed') next = Math.min(next, after(s.approveBy, state.time));
    if (s.stage === 'open' && s.opening) {
      next = Math.min(next, after(s.opening.contributeUntil, state.time), after(s.opening.revealUntil, state.time));
    }
  }
  return next;
}

const after = (deadline: number, time: number) => (deadline >= time ? deadline : Number.POSITIVE_INFINITY);
