// Diseases in plain panels (no change log), configured as data: what is counted, which columns say when and where, what weather goes with
// it, months or weeks. A new disease is a config, not new code. Replays the last periods, each forecast from those before it only.
import type { Table } from '@madang/numerics';
import { dateOf, dayInWeek, dayOf, monthName, monthOf, weekOf } from './calendar.ts';
import type { Series } from './change-log.ts';
import type { Member } from './members/member.ts';
import type { DataNote } from './notes.ts';
import { ceilingOf } from './outliers.ts';
import { forecastDesign, trainingDesign } from './panel/design.ts';
import { featureMaker } from './panel/features.ts';
import {
  logarithm,
  makePanel,
  monthlyCalendar,
  type PanelCalendar,
  type Transform,
  weeklyCalendar,
} from './panel/panel.ts';
import { averageQuantiles, monthlyMembers } from './stack.ts';

export interface PanelDisease {
  readonly name: string;
  /** File of the folder that holds the panel. */
  readonly file: string;
  readonly timeColumn: string;
  /** Period number of a text in the time column, and the text of a period. */
  readonly periodOf: (text: string) => number;
  readonly nameOf: (period: number) => string;
  readonly calendar: PanelCalendar;
  /** Column of the group whose places share a wave; none = all do. */
  readonly groupColumn?: string;
  readonly locationColumn: string;
  readonly valueColumn: string;
  readonly covariateColumns: readonly string[];
  readonly horizons: readonly number[];
  readonly transform: Transform;
  /** With a year of values, no quantile above `times` a place's largest value plus `plus`; {@link ceilingOf} holds besides. */
  readonly ceiling: { readonly times: number; readonly plus: number };
  readonly members: (steps: number) => Member[];
  /** Periods that share one training, and periods replayed at the end of the panel. */
  readonly block: number;
  readonly replayed: number;
}

/**
 * Counts of cases. Before the months replayed, values exceeded 4 times the place's record of three months earlier plus 200 in 0.05 to 0.2 %
 * of the cases where the record was above 20: a multiple alone is too wide for large records and too narrow for tiny ones.
 */
const CASES = { times: 4, plus: 200 };

export const DENGUE: PanelDisease = {
  name: 'dengue',
  file: 'panel.csv',
  timeColumn: 'month',
  periodOf: monthOf,
  nameOf: monthName,
  calendar: monthlyCalendar(),
  groupColumn: 'country',
  locationColumn: 'location',
  valueColumn: 'cases',
  covariateColumns: ['rainfall_mm', 'mean_temperature_c'],
  horizons: [1, 2, 3],
  transform: logarithm,
  ceiling: CASES,
  members: monthlyMembers,
  block: 6,
  replayed: 24,
};

/** Weekly national counts, weeks ending on Saturday. */
export const DENGUE_NATIONAL: PanelDisease = {
  name: 'dengue national',
  file: 'opendengue_national_weekly.csv',
  timeColumn: 'week_end',
  periodOf: text => weekOf(dayOf(text)),
  nameOf: week => dateOf(dayInWeek(week, 6)),
  calendar: weeklyCalendar(() => []),
  locationColumn: 'country',
  valueColumn: 'cases',
  covariateColumns: [],
  horizons: [1, 2, 3, 4],
  transform: logarithm,
  ceiling: CASES,
  members: monthlyMembers,
  block: 13,
  replayed: 52,
};

/** A panel's series by place; of rows for the same period the last counts. Throws a RangeError on a count below 0 or a time that is none; the signal (`target`) is the group, so that a country's places share a wave. */
export function readPanel(table: Table, d: PanelDisease): Series[] {
  const months = table.text(d.timeColumn).map(d.periodOf);
  const groups = d.groupColumn === undefined ? undefined : table.text(d.groupColumn);
  const locations = table.text(d.locationColumn);
  const values = table.numbers(d.valueColumn);
  const wrong = values.findIndex(v => v < 0);
  if (wrong >= 0)
    throw new RangeError(
      `row ${wrong + 2}, column "${d.valueColumn}": ${values[wrong]} is below 0; a count was expected`,
    );
  const covariates = d.covariateColumns.map(c => table.numbers(c));
  const rows = new Map<string, number[]>();
  for (let i = 0; i < table.length; i++) {
    const key = `${groups?.[i] ?? ''}\t${locations[i]}`;
    const list = rows.get(key);
    if (list) list.push(i);
    else rows.set(key, [i]);
  }
  return [...rows.values()].map(list => {
    const first = list.reduce((m, i) => Math.min(m, months[i]), Infinity);
    const last = list.reduce((m, i) => Math.max(m, months[i]), -Infinity);
    const series = () => new Float64Array(last - first + 1).fill(Number.NaN);
    const out = { values: series(), covariates: covariates.map(series) };
    for (const i of list) {
      out.values[months[i] - first] = values[i];
      for (const [k, c] of covariates.entries()) out.covariates[k][months[i] - first] = c[i];
    }
    return { target: groups?.[list[0]] ?? d.name, location: locations[list[0]], first, ...out };
  });
}

/** What a reader should know about a panel: places with little or nothing, and rows given twice. */
export function panelNotes(table: Table, series: readonly Series[], d: PanelDisease): DataNote[] {
  const out: DataNote[] = [];
  const { perYear } = d.calendar;
  for (const s of series) {
    const known = s.values.filter(v => !Number.isNaN(v));
    const say = (kind: DataNote['kind'], note: string) =>
      out.push({ kind, target: s.target, location: s.location, note });
    if (known.length > 0 && known.every(v => v === 0)) say('zeros', 'all values are 0; no scale, so no forecast');
    else if (known.length < 2 * perYear)
      say('short', `only ${known.length} values; forecast from the other places' experience`);
  }
  const rows = new Map<string, number>();
  const groups = d.groupColumn === undefined ? undefined : table.text(d.groupColumn);
  const [times, locations] = [table.text(d.timeColumn), table.text(d.locationColumn)];
  const seen = new Set<string>();
  for (let i = 0; i < table.length; i++) {
    const place = `${groups?.[i] ?? d.name}\t${locations[i]}`;
    const row = `${place}\t${times[i]}`;
    if (seen.has(row)) rows.set(place, (rows.get(place) ?? 0) + 1);
    seen.add(row);
  }
  for (const [place, n] of rows) {
    const [target, location] = place.split('\t');
    out.push({ kind: 'duplicate', target, location, note: `${n} rows repeat a period; the last one counts` });
  }
  return out;
}

/** The panel as it stood at the end of a period; series cut after their last known value. */
export function panelTable(series: readonly Series[], month: number): Series[] {
  return series.flatMap(s => {
    const upTo = s.values.subarray(0, Math.max(0, month - s.first + 1));
    const end = upTo.findLastIndex(v => !Number.isNaN(v)) + 1;
    return end === 0 ? [] : [{ ...s, values: upTo.subarray(0, end) }];
  });
}

export interface PanelForecast {
  /** Last period whose data were used, and the target period, as the disease's config names them. */
  readonly origin: string;
  readonly targetEnd: string;
  readonly horizon: number;
  readonly location: string;
  readonly quantiles: Float64Array;
}

/** What no quantile of a place exceeds, from its values so far (NaN = missing). */
export function panelCeiling(values: ArrayLike<number>, d: Pick<PanelDisease, 'calendar' | 'ceiling'>): number {
  const known = Array.from(values).filter(v => !Number.isNaN(v));
  const widest = ceilingOf(known, d.calendar.perYear);
  if (known.length < d.calendar.perYear) return widest;
  const largest = known.reduce((m, v) => Math.max(m, v), 0);
  return Math.min(widest, d.ceiling.times * largest + d.ceiling.plus);
}

/** Origins whose targets fall into the last replayed periods of the panel, in blocks that share one training. */
export function panelBlocks(series: readonly Series[], d: PanelDisease): number[][] {
  const months = d.replayed;
  const last = series.reduce((m, s) => Math.max(m, s.first + s.values.length - 1), -Infinity);
  const far = Math.max(...d.horizons);
  const origins = Array.from({ length: months + far - 1 }, (_, i) => last - months - far + 1 + i);
  return Array.from({ length: Math.ceil(origins.length / d.block) }, (_, k) =>
    origins.slice(k * d.block, (k + 1) * d.block),
  );
}

/** Forecasts of a block of origins for targets from `firstTarget` to `lastTarget`. */
export function replayPanel(
  series: readonly Series[],
  d: PanelDisease,
  origins: readonly number[],
  targets: readonly [number, number],
  seed: string,
  tick: () => void = () => {},
): PanelForecast[] {
  const { calendar } = d;
  const signals = [...new Set(series.map(s => s.target))].sort();
  const steps = Math.max(...d.horizons) + 1;
  const at = (month: number) => {
    const panel = makePanel(panelTable(series, month), calendar, d.transform);
    return { panel, features: featureMaker(panel, calendar, signals, d.covariateColumns) };
  };
  const start = at(origins[0]);
  const design = trainingDesign(start.panel, start.features, { steps, weight: () => 1 });
  const members = d.members(steps);
  const trained = members.map(m => m.train(design, `${seed}/${m.name}`));
  const out: PanelForecast[] = [];
  for (const month of origins) {
    const { panel, features } = at(month);
    const wanted = panel.places.flatMap((p, place) => {
      const base = p.z.length - 1;
      return d.horizons.flatMap(horizon => {
        const target = month + horizon;
        if (target < targets[0] || target > targets[1]) return [];
        return [{ place, base, step: target - (p.first + base), horizon, target }];
      });
    });
    const ceilings = panel.places.map(p =>
      panelCeiling(
        p.z.map(z => (Number.isNaN(z) ? z : p.scale * d.transform.backward(z))),
        d,
      ),
    );
    const rows = forecastDesign(panel, features, wanted, steps);
    const q = averageQuantiles(members, trained, rows, i => panel.places[wanted[i].place].z.length);
    for (const [i, w] of wanted.entries()) {
      const p = panel.places[w.place];
      if (Number.isNaN(q[i * 23])) continue;
      out.push({
        origin: d.nameOf(month),
        targetEnd: d.nameOf(w.target),
        horizon: w.horizon,
        location: d.groupColumn === undefined ? p.location : `${p.target}:${p.location}`,
        quantiles: q
          .slice(i * 23, i * 23 + 23)
          .map(v => Math.min(ceilings[w.place], p.scale * d.transform.backward(p.z[w.base] + v))),
      });
    }
    tick();
  }
  return out;
}
