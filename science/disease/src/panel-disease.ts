// Replays the last periods of a plain panel (no change log), each forecast from those before it only. What a panel is: panel-config.ts.
import type { Series, SeriesName } from './change-log.ts';
import { QUANTILES } from './members/member.ts';
import { ceilingOf, PANEL_OUTLIER_FACTOR, withoutBeyond } from './outliers.ts';
import { forecastDesign, trainingDesign } from './panel/design.ts';
import { featureMaker } from './panel/features.ts';
import { makePanel } from './panel/panel.ts';
import type { PanelDisease } from './panel-config.ts';
import type { PanelData } from './panel-table.ts';
import { averageQuantiles } from './stack.ts';

/** The panel as it stood at the end of a period; series cut after their last known value that can be. */
export function panelTable(series: readonly Series[], month: number): Series[] {
  return series.flatMap(s => {
    const upTo = s.values.subarray(0, Math.max(0, month - s.first + 1));
    const end = upTo.findLastIndex(v => !Number.isNaN(v)) + 1;
    return end === 0 ? [] : [withoutBeyond({ ...s, values: upTo.subarray(0, end) }, PANEL_OUTLIER_FACTOR)];
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
  if (d.ceiling === undefined || known.length < d.calendar.perYear) return widest;
  const largest = known.reduce((m, v) => Math.max(m, v), 0);
  return Math.min(widest, d.ceiling.times * largest + d.ceiling.plus);
}

/** First and last target: the last replayed periods with a value anywhere, and what rows without one ask for beyond. */
export function panelTargets(series: readonly Series[], d: PanelDisease): [first: number, last: number] {
  const latest = (end: (s: Series) => number) => series.reduce((m, s) => Math.max(m, s.first + end(s)), -Infinity);
  const known = latest(s => s.values.findLastIndex(v => !Number.isNaN(v)));
  return [known - d.replayed + 1, latest(s => s.values.length - 1)];
}

/** Origins with a target in the range, in equal parts of about a block each that share one training. */
export function panelBlocks([first, last]: readonly [number, number], d: PanelDisease): number[][] {
  const far = Math.max(...d.horizons);
  const near = Math.min(...d.horizons);
  const origins = Array.from({ length: last - near - (first - far) + 1 }, (_, i) => first - far + i);
  const parts = Math.max(1, Math.round(origins.length / d.block));
  const size = Math.ceil(origins.length / parts);
  return Array.from({ length: Math.ceil(origins.length / size) }, (_, k) => origins.slice(k * size, (k + 1) * size));
}

/** Forecasts of a block of origins for targets from `firstTarget` to `lastTarget`. */
export function replayPanel(
  { series, disease: d, whole }: PanelData,
  origins: readonly number[],
  targets: readonly [firstTarget: number, lastTarget: number],
  seed: string,
  tick: () => void = () => {},
): PanelForecast[] {
  const { calendar } = d;
  const signals = [...new Set(series.map(s => s.target))].sort();
  const steps = Math.max(...d.horizons) + 1;
  const at = (month: number) => {
    const table = panelTable(series, month);
    const panel = makePanel(table, calendar, d.transform);
    return { table, panel, features: featureMaker(panel, calendar, signals, d.covariateColumns) };
  };
  const start = at(origins[0]);
  const design = trainingDesign(start.panel, start.features, { steps, weight: () => 1 });
  // Without a single row no member can be trained: then every place goes by its own past changes.
  const members = design.rows > 0 ? d.members() : [];
  const trained = members.map(m => m.train(design, `${seed}/${m.name}`));
  const out: PanelForecast[] = [];
  for (const month of origins) {
    const { table, panel, features } = at(month);
    const asked = d.horizons.filter(h => month + h >= targets[0] && month + h <= targets[1]);
    const forecastOf = (place: SeriesName, horizon: number, quantiles: Float64Array) =>
      out.push({
        origin: d.nameOf(month),
        targetEnd: d.nameOf(month + horizon),
        horizon,
        location: d.groupColumn === undefined ? place.location : `${place.target}:${place.location}`,
        quantiles,
      });
    const wanted = panel.places.flatMap((p, place) => {
      const base = p.z.length - 1;
      return asked.map(horizon => ({ place, base, step: month + horizon - (p.first + base), horizon }));
    });
    const ceilings = panel.places.map(p =>
      panelCeiling(
        p.z.map(z => (Number.isNaN(z) ? z : p.scale * d.transform.backward(z))),
        d,
      ),
    );
    const rows = forecastDesign(panel, features, wanted, steps);
    const placeAt = (i: number) => panel.places[wanted[i].place];
    // A member alone may go far beyond what is believed of a place, and in a mean of logarithms would take the others with it.
    const most = (i: number) =>
      d.transform.forward(ceilings[wanted[i].place] / placeAt(i).scale) - placeAt(i).z[wanted[i].base];
    const q = averageQuantiles(members, trained, rows, i => placeAt(i).z.length, most);
    for (const [i, w] of wanted.entries()) {
      const p = panel.places[w.place];
      const natural = q
        .slice(i * QUANTILES, (i + 1) * QUANTILES)
        .map(v => Math.min(ceilings[w.place], p.scale * d.transform.backward(p.z[w.base] + v)));
      forecastOf(p, w.horizon, whole ? natural.map(Math.round) : natural);
    }
    // Places that have reported nothing but zeros have no scale to be compared on.
    const seen = new Set(panel.places.map(p => `${p.target}\t${p.location}`));
    for (const s of table)
      if (!seen.has(`${s.target}\t${s.location}`))
        for (const horizon of asked) forecastOf(s, horizon, new Float64Array(QUANTILES));
    tick();
  }
  return out;
}
