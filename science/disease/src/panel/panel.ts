// The table of a deadline made comparable: every series standardised at its own place, on the fourth-root (or log) scale, with what the
// features need beside it: the place's own climatology and the common wave of its signal.
// The trap: everything here is computed from one snapshot only; nothing survives from one round to the next.
import { weekOfSeason } from '../calendar.ts';
import type { Series } from '../change-log.ts';
import type { Revision } from '../revision.ts';
import { climatologyOf } from './climatology.ts';
import { type Wave, waveOf } from './wave.ts';

/** How a value is brought onto the scale on which models work. */
export interface Transform {
  /** u = value / s to z. */
  readonly forward: (u: number) => number;
  /** z to u, not below 0. */
  readonly backward: (z: number) => number;
}

/** z = (u + 0.01)^(1/4): counts and rates of respiratory disease. */
export const fourthRoot: Transform = {
  forward: u => (Math.max(0, u) + 0.01) ** 0.25,
  backward: z => Math.max(0, Math.max(0, z) ** 4 - 0.01),
};

/** z = log(u + 0.01): outbreaks that span orders of magnitude (docs/decisions/0170). */
export const logarithm: Transform = {
  forward: u => Math.log(Math.max(0, u) + 0.01),
  backward: z => Math.max(0, Math.exp(Math.min(z, 50)) - 0.01),
};

/** One series on the model's scale. Index i is period `first + i`. */
export interface Place {
  readonly target: string;
  readonly location: string;
  readonly first: number;
  /** Unit of the place: the 95th percentile of its last six years. Local; never leaves it. */
  readonly scale: number;
  /** Standard deviation of the revisions that the last value is still expected to see, on the transformed scale. */
  readonly baseSd: number;
  /** Standardised and transformed; NaN = not known. */
  readonly z: Float64Array;
  /** z with gaps of one or two periods bridged: for features only. */
  readonly bridged: Float64Array;
  /** Mean z of up to six earlier seasons around each period, continued beyond the last value (climatology.ts); NaN = none. */
  readonly climatology: Float64Array;
  /** Further series of the place (weather, say), standardised there; index as z; NaN = not known. */
  readonly covariates: readonly Float64Array[];
}

export interface Panel {
  readonly places: readonly Place[];
  readonly waves: ReadonlyMap<string, Wave>;
  readonly transform: Transform;
}

/** Fewer values than this and a place is left out of training; it is still forecast. */
export const LEAST_VALUES = 30;

/** The calendar of a panel: how many periods a year has and which periods were unlike the others. */
export interface PanelCalendar {
  /** Position of a period within the year, 0 up to (not including) `perYear` (weeks may reach it by one). */
  readonly position: (period: number) => number;
  readonly perYear: number;
  /** Periods (first, last) that climatologies leave out. */
  readonly unlike: (target: string) => readonly (readonly [number, number])[];
}

/** Months of the year; nothing is left out unless told. */
export const monthlyCalendar = (unlike: PanelCalendar['unlike'] = () => []): PanelCalendar => ({
  position: month => ((month % 12) + 12) % 12,
  perYear: 12,
  unlike,
});

export const weeklyCalendar = (unlike: PanelCalendar['unlike']): PanelCalendar => ({
  position: weekOfSeason,
  perYear: 52,
  unlike,
});

/**
 * Standardises a snapshot. Series without a positive value are left out. With `frozenBefore` scales and climatologies come from the periods
 * before that one only and gaps stay gaps: then a later value moves no row but those that look back at it.
 */
export function makePanel(
  series: readonly Series[],
  calendar: PanelCalendar,
  transform: Transform = fourthRoot,
  revisions?: ReadonlyMap<string, Revision>,
  frozenBefore?: number,
): Panel {
  const places: Place[] = [];
  for (const s of series) {
    const frozen = frozenBefore === undefined ? s.values.length : Math.max(0, frozenBefore - s.first);
    const scale = scaleOf(s.values.subarray(0, frozen), calendar.perYear * 6);
    if (scale === undefined) continue;
    const z = s.values.map(v => (Number.isNaN(v) ? v : transform.forward(v / scale)));
    const revision = revisions?.get(`${s.target}\t${s.location}`);
    for (const [back, shift] of (revision?.shift ?? []).entries()) {
      const i = z.length - 1 - back;
      if (i >= 0) z[i] = Math.max(transform.forward(0), z[i] + shift);
    }
    places.push({
      baseSd: revision?.sd ?? 0,
      target: s.target,
      location: s.location,
      first: s.first,
      scale,
      z,
      bridged: frozenBefore === undefined ? bridge(z) : z,
      climatology: climatologyOf(
        z.map((v, i) => (i < frozen ? v : Number.NaN)),
        s.first,
        calendar,
        s.target,
      ),
      covariates: (s.covariates ?? []).map(c => standardised(c.subarray(0, z.length))),
    });
  }
  const waves = new Map<string, Wave>();
  for (const target of new Set(places.map(p => p.target)))
    waves.set(target, waveOf(places.filter(p => p.target === target)));
  return { places, waves, transform };
}

/** 95th percentile of the last `window` values; the largest value when that is 0; undefined when all are 0 or none is known. */
export function scaleOf(values: Float64Array, window: number): number | undefined {
  const known = values.subarray(Math.max(0, values.length - window)).filter(v => !Number.isNaN(v));
  if (known.length === 0) return undefined;
  known.sort();
  const at = 0.95 * (known.length - 1);
  const low = Math.floor(at);
  const q = known[low] + (at - low) * ((known[low + 1] ?? known[low]) - known[low]);
  const s = q > 0 ? q : known[known.length - 1];
  return s > 0 ? s : undefined;
}

/** Minus mean, by standard deviation; all missing when it does not vary. */
function standardised(values: Float64Array): Float64Array {
  const known = values.filter(v => !Number.isNaN(v));
  const mean = known.reduce((a, b) => a + b, 0) / known.length;
  const sd = Math.sqrt(known.reduce((a, b) => a + (b - mean) ** 2, 0) / known.length);
  return values.map(v => (sd > 0 ? (v - mean) / sd : Number.NaN));
}

function bridge(z: Float64Array): Float64Array {
  const out = z.slice();
  for (let i = 1; i < z.length; i++) {
    if (!Number.isNaN(z[i]) || Number.isNaN(out[i - 1])) continue;
    let j = i;
    while (j < z.length && Number.isNaN(z[j])) j++;
    if (j < z.length && j - i <= 2)
      for (let k = i; k < j; k++) out[k] = z[i - 1] + ((z[j] - z[i - 1]) * (k - i + 1)) / (j - i + 1);
    i = j;
  }
  return out;
}
