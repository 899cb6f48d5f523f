// How a place stands on the day of a forecast, for the words beside its picture: whether figures have stopped coming, and whether the level is low.
// A forecast may go on for weeks after a place fell silent, and a rise from next to nothing is still next to nothing: both must be said.
import { dayNumber, targetUnit } from '../html/words.ts';
import type { Fan, Observation, PlaceForecasts } from '../models.ts';

/** Weeks between the last known figure and the first week forecast; reports are a week or two late everywhere. */
const USUAL_WEEKS = 2;
/** Known weeks below which no level can be called low. */
const LEAST = 26;

/** The place's own unit, or that of its target; undefined when nobody said. */
export function unitOf(p: PlaceForecasts): string | undefined {
  return p.evidence?.unit ?? targetUnit(p.target);
}

/** Last week with a figure, ISO, when weeks are missing between it and the forecast; undefined when none is, or nothing is known at all. */
export function silentSince(fan: Fan, known: readonly Observation[] | undefined): string | undefined {
  const last = known?.at(-1)?.date;
  if (last === undefined) return undefined;
  return dayNumber(fan.points[0].date) - dayNumber(last) > 7 * USUAL_WEEKS ? last : undefined;
}

/** True when every week of the forecast is expected below what half of the place's known weeks reached. */
export function isLow(fan: Fan, known: readonly Observation[] | undefined): boolean {
  if (known === undefined || known.length < LEAST) return false;
  const values = known.map(o => o.value).sort((a, b) => a - b);
  const middle = values[values.length >> 1];
  return fan.points.every(p => p.median < middle);
}
