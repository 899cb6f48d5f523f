// A place that goes over to another unit within its history (per 100,000 people instead of per 100, say): from one week to the next its
// values are a hundred or a thousand times what they were, and stay so. The weeks before are brought into the new unit.
import type { Series } from './change-log.ts';

/** Beyond so many times all values before nothing is believed without a new unit. */
const BEYOND = 20;
/** A step is by so much from one week to the next; the weeks after it, in which a wave may rise or fall, keep so much of it. */
const STEP = 100;
const KEPT = 30;
/** Earlier values that are needed to judge, and new ones that make a unit: fewer may be a slip. */
const LEAST = 52;
const CONFIRMED = 4;
/** Known values further apart are no step but two seasons of a place that reports in season only. */
const APART = 3;
/** A step down begins at this part of the largest value or more: a few cases and then fewer are no unit. */
const SIZE = 0.03;

export interface UnitChange {
  /** Index of the first value in the new unit. */
  readonly at: number;
  /** New unit by old one, a power of ten. */
  readonly factor: number;
}

/** Steps of a series (NaN = not known), and where the newest one to three values may be a new unit: `pending`, the index of the first of them. */
export function unitChanges(values: Float64Array): { readonly changes: UnitChange[]; readonly pending?: number } {
  const known = Array.from(values.keys()).filter(i => !Number.isNaN(values[i]));
  const changes: UnitChange[] = [];
  let largest = 0;
  for (const [k, i] of known.entries()) {
    largest = Math.max(largest, values[i]);
    const j = known[k + 1];
    if (k + 1 < LEAST || j === undefined || j - i > APART || !(values[i] > 0)) continue;
    const next = known.slice(k + 1, k + 1 + CONFIRMED).map(n => values[n]);
    const by = (k: number) => (k === 0 ? STEP : KEPT);
    const up = next.every((v, k) => v > BEYOND * largest || (v > largest && v > by(k) * values[i]));
    const down = values[i] >= SIZE * largest && next.every((v, k) => v > 0 && v * by(k) < values[i]);
    if (!up && !down) continue;
    if (next.length < CONFIRMED) return { changes, pending: j };
    const factor = 10 ** Math.round(Math.log10(next[0] / values[i]));
    changes.push({ at: j, factor });
    largest *= factor;
  }
  return { changes };
}

/** The series in its newest unit, without newest values that are too few to tell a new unit from a slip; the same series when there is no step. */
export function inNewestUnit<S extends Series>(s: S): S {
  const { changes, pending } = unitChanges(s.values);
  if (changes.length === 0 && pending === undefined) return s;
  const values = s.values.slice();
  for (const { at, factor } of changes) for (let i = 0; i < at; i++) values[i] *= factor;
  const end = values.subarray(0, pending).findLastIndex(v => !Number.isNaN(v)) + 1;
  return { ...s, values: values.subarray(0, end) };
}

/** The series without what lies before its newest unit, for reading revisions; the same series when there is no step. */
export function sinceNewestUnit<S extends Series>(s: S): S {
  const at = unitChanges(s.values).changes.at(-1)?.at;
  return at === undefined ? s : { ...s, values: s.values.map((v, i) => (i < at ? Number.NaN : v)) };
}
