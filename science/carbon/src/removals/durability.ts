// How long a removal lasts.
import type { Storage } from './events.ts';

/** Expected share of a removal that is still stored after so many years. */
export function expectedStored(s: Storage, years: number): number {
  return ((1 - s.leakShareYear) * (1 - s.reversalChanceYear)) ** years;
}

/** Mean share stored over a horizon (years): the tonne-years kept over those of a removal that lasts. */
export function durability(s: Storage, horizonYears: number): number {
  const keep = (1 - s.leakShareYear) * (1 - s.reversalChanceYear);
  if (keep >= 1) return 1;
  if (keep <= 0) return 0;
  return (1 - keep ** horizonYears) / (-Math.log(keep) * horizonYears);
}

/** Buffer share that covers the expected loss over a horizon. */
export const fairBuffer = (s: Storage, horizonYears: number): number => 1 - expectedStored(s, horizonYears);
