// Which way a forecast goes, said the same in the headline, on the map, on a card and on a place's page: a change within two per cent is level.
import type { Fan } from '../models.ts';

export type Way = 'up' | 'up2' | 'level' | 'down' | 'down2';

/** A change of the median over the forecast's weeks as a way: strong from a third up or a quarter down. */
export function wayOf(first: number, last: number): Way {
  if (!(first > 0) || last === first) return last > first ? 'up' : 'level';
  const ratio = last / first;
  if (ratio >= 4 / 3) return 'up2';
  if (ratio > 1.02) return 'up';
  if (ratio <= 3 / 4) return 'down2';
  return ratio < 0.98 ? 'down' : 'level';
}

export function wayOfFan({ points }: Fan): Way {
  return wayOf(points[0].median, points[points.length - 1].median);
}

/** A way in words: what it is expected to do, what it does, and its arrow. */
export const WAYS: Readonly<Record<Way, { readonly verb: string; readonly word: string; readonly arrow: string }>> = {
  up2: { verb: 'rise', word: 'rising', arrow: '⇈' },
  up: { verb: 'rise', word: 'rising', arrow: '↑' },
  level: { verb: 'stay level', word: 'level', arrow: '→' },
  down: { verb: 'fall', word: 'falling', arrow: '↓' },
  down2: { verb: 'fall', word: 'falling', arrow: '⇊' },
};
