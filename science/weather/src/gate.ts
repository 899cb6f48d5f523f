// The gate of one edge: values that cannot be (range, length of the day, top-of-atmosphere radiation, jumps) never enter or leave.
// Limits are physical or fitted on training days; the test year decides nothing. Every value stopped is reported with file, row, column.
import { dateOf, seasonAngle } from './calendar.ts';
import { type Climatology, fitClimatology, standardised } from './climatology.ts';
import { stopIncoherent } from './coherence.ts';
import type { Network, Series } from './network.ts';
import { stopDisorder } from './order.ts';
import type { Variable } from './variables.ts';

/** One value that was not used, or one column or member that was suspended (`row` and `value` are then absent). */
export interface Issue {
  readonly rule:
    | 'missing code'
    | 'range'
    | 'day length'
    | 'radiation'
    | 'strange'
    | 'step'
    | 'order'
    | 'stuck'
    | 'neighbours'
    | 'drift'
    | 'suspended';
  readonly file?: string;
  readonly row?: number;
  readonly column: string;
  readonly date?: string;
  readonly value?: number;
  readonly reason: string;
}

/** A network whose impossible values are NaN, the climatology of each series in its working scale, and standardised values. */
export interface Gated {
  readonly network: Network;
  readonly angles: Float64Array;
  readonly trainEnd: number;
  /** Per series, of the root of the value where `variable.root`. */
  readonly climatologies: readonly Climatology[];
  /** Per series, standardised anomalies; NaN where missing or stopped. */
  readonly z: readonly Float64Array[];
  readonly issues: readonly Issue[];
}

/** Jumps and departures beyond this many standard deviations are taken for errors in smooth variables. */
const STRANGE_SD = 7;

/** What files write for a value that is missing, though no variable can have it. */
const MISSING_CODES = [-99, -99.9, -999, -999.9, -9999];

/** A smooth variable that shows one number so many days on end is stuck, or was filled in; from this day on it is no longer used. */
const STUCK_DAYS = 5;

/** Applies the range, step, stuck and order gates. Days at index `trainEnd` and later do not influence any limit. */
export function gate(network: Network, trainEnd: number): Gated {
  const issues: Issue[] = [];
  const angles = Float64Array.from({ length: network.days }, (_, i) => seasonAngle(network.first + i));
  const report: Report = (s, i, rule, reason) => {
    issues.push({
      rule,
      ...network.origins[i],
      column: s.column,
      date: dateOf(network.first + i),
      value: s.values[i],
      reason,
    });
  };
  const cleaned = network.series.map(s => ({ ...s, values: stopImpossible(s, network, angles, report) }));
  const climatologies: Climatology[] = [];
  const z: Float64Array[] = [];
  for (const s of cleaned) {
    const scaled = s.variable.root ? roots(s.values) : s.values;
    let climate = fitClimatology(scaled, angles, trainEnd);
    if (s.variable.neighbourly && stopStrange(s, scaled, climate, report))
      climate = fitClimatology(scaled, angles, trainEnd);
    climatologies.push(climate);
    const anomalies = standardised(scaled, climate);
    if (s.variable.neighbourly) stopStuck(s, anomalies, report);
    z.push(anomalies);
  }
  const clean = { ...network, series: cleaned };
  const inOrder = (s: Series, i: number, reason: string) => report(s, i, 'order', reason);
  stopDisorder(clean, z, trainEnd, inOrder);
  stopIncoherent(clean, z, trainEnd, inOrder);
  return { network: clean, angles, trainEnd, climatologies, z, issues };
}

function roots(values: Float64Array): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(Math.max(values[i], 0));
  return out;
}

/** Longest possible sunshine on a day in hours: sunrise equation with refraction, plus half an hour for high ground. */
export function dayLengthHours(latitude: number, angle: number): number {
  const declination = (-23.44 * Math.PI * Math.cos(angle + 0.172)) / 180;
  const phi = (latitude * Math.PI) / 180;
  const c = (Math.sin(-0.0145) - Math.sin(phi) * Math.sin(declination)) / (Math.cos(phi) * Math.cos(declination));
  return Math.min(24, (c <= -1 ? 24 : c >= 1 ? 0 : (24 / Math.PI) * Math.acos(c)) + 0.5);
}

/** Daily mean radiation above the atmosphere in W/m2 (FAO-56, equation 21). */
export function topOfAtmosphereWm2(latitude: number, angle: number): number {
  const declination = (-23.44 * Math.PI * Math.cos(angle + 0.172)) / 180;
  const phi = (latitude * Math.PI) / 180;
  const c = -Math.tan(phi) * Math.tan(declination);
  const sunset = c <= -1 ? Math.PI : c >= 1 ? 0 : Math.acos(c);
  const mean =
    sunset * Math.sin(phi) * Math.sin(declination) + Math.cos(phi) * Math.cos(declination) * Math.sin(sunset);
  return Math.max(0, (1361 / Math.PI) * (1 + 0.033 * Math.cos(angle)) * mean);
}

type Report = (s: Series, day: number, rule: Issue['rule'], reason: string) => void;

function stopImpossible(s: Series, network: Network, angles: Float64Array, report: Report): Float64Array {
  const { name, unit, least, most } = s.variable;
  const ceiling = ceilingOf(s.variable, network.stations[s.station].latitude, angles);
  const out = s.values.slice();
  for (let i = 0; i < out.length; i++) {
    const v = out[i];
    const within = v >= least && v <= most;
    if (Number.isNaN(v) || (within && !(ceiling && v * ceiling.times > ceiling.most[i]))) continue;
    if (MISSING_CODES.includes(v)) report(s, i, 'missing code', 'a code for a missing value');
    else if (!within) report(s, i, 'range', `outside ${least} to ${most} ${unit}, what ${name} can be`);
    else if (ceiling) report(s, i, ceiling.rule, ceiling.reason(ceiling.most[i]));
    out[i] = Number.NaN;
  }
  return out;
}

/** What a day's value times `times` cannot be above, by the place and the day of the year. */
interface Ceiling {
  readonly rule: Issue['rule'];
  readonly times: number;
  readonly most: Float64Array;
  readonly reason: (most: number) => string;
}

function ceilingOf({ name, unit }: Variable, latitude: number, angles: Float64Array): Ceiling | undefined {
  if (name === 'sunshine')
    return {
      rule: 'day length',
      times: 1,
      most: angles.map(a => dayLengthHours(latitude, a)),
      reason: longest => `longer than the day (${longest.toFixed(1)} h at most)`,
    };
  if (name === 'global_radiation')
    return {
      rule: 'radiation',
      times: 100,
      most: angles.map(a => topOfAtmosphereWm2(latitude, a) * 1.05 + 15),
      reason: top => `more than reaches the top of the atmosphere (${(top / 100).toFixed(2)} ${unit})`,
    };
  return undefined;
}

/** Whether anything was stopped. */
function stopStrange(s: Series, scaled: Float64Array, climate: Climatology, report: Report): boolean {
  const { mean, sd } = climate;
  let before = Number.NaN;
  let found = false;
  for (let i = 0; i < scaled.length; i++) {
    const z = (scaled[i] - mean[i]) / sd[i];
    const strange = Math.abs(z) > STRANGE_SD;
    if (strange || Math.abs(z - before) > STRANGE_SD) {
      report(
        s,
        i,
        strange ? 'strange' : 'step',
        strange
          ? `${z.toFixed(1)} standard deviations from this day of the year in the training years`
          : `a step of ${Math.abs(z - before).toFixed(1)} standard deviations since the day before`,
      );
      scaled[i] = Number.NaN;
      found = true;
    } else before = z;
  }
  return found;
}

/** Takes stuck values out of the features; what was observed stays a target. */
function stopStuck(s: Series, z: Float64Array, report: Report): void {
  let run = 0;
  for (let i = 0; i < z.length; i++) {
    run = i > 0 && s.values[i] === s.values[i - 1] ? run + 1 : 1;
    if (run < STUCK_DAYS || Number.isNaN(z[i])) continue;
    report(s, i, 'stuck', `the same as on the ${run - 1} days before`);
    z[i] = Number.NaN;
  }
}
