// What a model is told about a series at a base period t when it forecasts t + d: a fixed table of columns, each with a group, so
// that members can leave groups out (a model without level features extrapolates where trees and networks cannot).
// Missing is NaN here; every member has its own way with it.
import { civilOf, dayInWeek } from '../calendar.ts';
import type { Panel, PanelCalendar, Place } from './panel.ts';
import { lineSlope, meanOf, quadratic, roughness } from './trends.ts';

export type Group = 'level' | 'trend' | 'noise' | 'season' | 'climatology' | 'wave' | 'step' | 'signal' | 'covariate';

export interface Column {
  readonly name: string;
  readonly group: Group;
  /** True: linear members also get the column multiplied by the step. */
  readonly growsWithStep: boolean;
}

const column = (group: Group, growsWithStep: boolean, ...names: string[]): Column[] =>
  names.map(name => ({ name, group, growsWithStep }));

/** Columns that do not depend on the signals of a panel, in order. */
export const COLUMNS: readonly Column[] = [
  ...column('level', false, 'z0', 'z1', 'z2', 'z3', 'z5', 'mean8', 'seasonHigh'),
  ...column('trend', true, 'change1', 'change2', 'change4', 'line4', 'line6', 'slope6', 'curve6', 'fit6', 'belowHigh'),
  ...column('noise', false, 'rough1', 'rough2'),
  ...column(
    'season',
    false,
    'sin1',
    'cos1',
    'sin2',
    'cos2',
    'sin1Then',
    'cos1Then',
    'sin2Then',
    'cos2Then',
    'position',
  ),
  ...column('season', false, 'holiday0', 'holiday1', 'holiday2'),
  ...column('climatology', true, 'anomaly'),
  ...column('climatology', false, 'climateChange'),
  ...column('level', false, 'climateThen'),
  ...column('level', false, 'wave'),
  ...column('wave', true, 'wave1', 'wave2', 'waveDistance'),
  ...column('step', false, 'step'),
];

const at = (name: string) => COLUMNS.findIndex(c => c.name === name);
const Z0 = at('z0');
const SEASON = at('sin1');
const ANOMALY = at('anomaly');
const WAVE = at('wave');
const STEP = at('step');

/** A covariate is seen at the base and this many periods back, less one. */
const COVARIATE_LAGS = 3;

/** Weight of column `k` of the holiday: +1 when the week holds the day, for Christmas, New Year and the week after. */
function holidays(week: number): readonly [number, number, number] {
  const monday = dayInWeek(week, 1);
  const out: [number, number, number] = [0, 0, 0];
  for (let d = monday; d < monday + 7; d++) {
    const c = civilOf(d);
    if (c.month === 12 && c.dayOfMonth === 25) out[0] = 1;
    if (c.month === 1 && c.dayOfMonth === 1) out[1] = 1;
    if (c.month === 1 && c.dayOfMonth === 8) out[2] = 1;
  }
  return out;
}

/** A series seen from a base period; `fill` writes the columns for one step. */
export interface FeatureMaker {
  /** Number of columns, signals included. */
  readonly width: number;
  readonly columns: readonly Column[];
  /** Writes the row for base index `t` of place `p` and step `d` (1 or more) at `out[from …]`. z[t] must be known. */
  fill(p: number, t: number, d: number, out: Float32Array, from: number): void;
}

/** Prepares the features of a panel. `signals` names the one-hot columns at the end; it must be the same for training and forecasting. */
export function featureMaker(
  panel: Panel,
  calendar: PanelCalendar,
  signals: readonly string[],
  covariates: readonly string[] = [],
): FeatureMaker {
  const lagged = covariates.flatMap(c => Array.from({ length: COVARIATE_LAGS }, (_, lag) => `${c} ${lag} back`));
  const columns = [...COLUMNS, ...column('covariate', false, ...lagged), ...column('signal', false, ...signals)];
  const signalsFrom = COLUMNS.length + lagged.length;
  const width = columns.length;
  const base = panel.places.map(() => new Map<number, Float32Array>());
  const seasonCache = new Map<number, Float32Array>();
  const season = (period: number) => {
    let s = seasonCache.get(period);
    if (!s) {
      const position = calendar.position(period);
      const a = (2 * Math.PI * (position + 0.5)) / (calendar.perYear === 52 ? 52.18 : calendar.perYear);
      const h = calendar.perYear === 52 ? holidays(period) : [0, 0, 0];
      s = Float32Array.of(Math.sin(a), Math.cos(a), Math.sin(2 * a), Math.cos(2 * a), position, ...h);
      seasonCache.set(period, s);
    }
    return s;
  };
  return {
    width,
    columns,
    fill(p, t, d, out, from) {
      const place = panel.places[p];
      let b = base[p].get(t);
      if (!b) {
        b = baseFeatures(place, t, panel, calendar);
        base[p].set(t, b);
      }
      out.set(b, from);
      const now = season(place.first + t);
      const then = season(place.first + t + d);
      for (let k = 0; k < 4; k++) {
        out[from + SEASON + k] = now[k];
        out[from + SEASON + 4 + k] = then[k];
      }
      out[from + SEASON + 8] = then[4];
      for (let k = 0; k < 3; k++) out[from + SEASON + 9 + k] = then[5 + k] - now[5 + k];
      const climate = place.climatology;
      const climateThen = t + d < climate.length ? climate[t + d] : Number.NaN;
      out[from + ANOMALY + 1] = climateThen - climate[t];
      out[from + ANOMALY + 2] = climateThen;
      out[from + STEP] = d;
      for (let k = 0; k < signals.length; k++) out[from + signalsFrom + k] = signals[k] === place.target ? 1 : 0;
      for (let c = 0; c < covariates.length; c++) {
        for (let lag = 0; lag < COVARIATE_LAGS; lag++)
          out[from + COLUMNS.length + c * COVARIATE_LAGS + lag] = place.covariates[c]?.[t - lag] ?? Number.NaN;
      }
    },
  };
}

function baseFeatures(place: Place, t: number, panel: Panel, calendar: PanelCalendar): Float32Array {
  const out = new Float32Array(COLUMNS.length).fill(Number.NaN);
  const z = (lag: number) => (lag <= t ? place.bridged[t - lag] : Number.NaN);
  const z0 = place.z[t];
  let k = Z0;
  for (const lag of [0, 1, 2, 3, 5]) out[k++] = z(lag);
  out[k++] = meanOf(z, 8);
  const high = seasonHigh(place, t, calendar);
  out[k++] = high;
  out[k++] = z0 - z(1);
  out[k++] = z0 - z(2);
  out[k++] = z0 - z(4);
  out[k++] = lineSlope(z, 4);
  out[k++] = lineSlope(z, 6);
  const q = quadratic(z);
  out[k++] = q.slope;
  out[k++] = q.curve;
  out[k++] = q.value - z0;
  out[k++] = high - z0;
  out[k++] = roughness(z, 8, lag => z(lag) - z(lag + 1));
  out[k++] = roughness(z, 8, lag => z(lag) - 2 * z(lag + 1) + z(lag + 2));
  out[ANOMALY] = z0 - place.climatology[t];
  const wave = panel.waves.get(place.target);
  if (wave) {
    const w = place.first + t - wave.first;
    out[WAVE] = wave.mean[w];
    out[WAVE + 1] = wave.change1[w];
    out[WAVE + 2] = wave.change2[w];
    out[WAVE + 3] = z0 - wave.mean[w];
  }
  return out;
}

/** Highest z of the season so far (since position 0). */
function seasonHigh(place: Place, t: number, calendar: PanelCalendar): number {
  let high = place.z[t];
  const back = Math.min(t, Math.floor(calendar.position(place.first + t)));
  for (let lag = 1; lag <= back; lag++) {
    const v = place.z[t - lag];
    if (v > high) high = v;
  }
  return high;
}
