// A reader's own stations: their files into a network, the next days with warnings, and the record of the last whole year; what `madang weather forecast` and
// `backtest` do, with the model that learns from all stations of the files.
import { parseCsv, random } from '@madang/numerics';
import {
  civilDay,
  civilOf,
  dateOf,
  type Forecasts,
  forecast,
  type Network,
  type Prepared,
  parseDaily,
  parseStations,
  prepare,
  prepareToday,
  quantile,
  scoreAll,
  spells,
  suspectUnits,
  verification,
} from '@madang/weather';
import type { ForecastRow, WeatherBacktest, WeatherModel } from './model.ts';

export interface OwnFile {
  readonly name: string;
  readonly text: string;
}

/** Reads stations.csv and the daily files. Throws naming file, row and column of what cannot be read, or whose unit looks wrong. */
export function ownNetwork(files: readonly OwnFile[]): {
  readonly network: Network;
  readonly doubts: readonly string[];
} {
  const isStations = (f: OwnFile) => /(^|,)\s*"?latitude/i.test(f.text.slice(0, 1000).split('\n', 1)[0]);
  const [stations, ...more] = files.filter(isStations);
  const daily = files.filter(f => !isStations(f));
  if (!stations || more.length > 0)
    throw new Error(
      more.length > 0
        ? `${stations.name} and ${more[0].name} both list stations; choose one`
        : 'no file has a column latitude: choose stations.csv together with the daily files',
    );
  if (daily.length === 0) throw new Error(`${stations.name} alone has no days: choose the daily files with it`);
  const network = parseDaily(
    parseStations(parseCsv(stations.text, stations.name), stations.name),
    daily.map(f => ({ file: f.name, table: parseCsv(f.text, f.name) })),
  );
  const { all, some } = suspectUnits(network);
  if (all.length > 0) throw new Error(all.join('; '));
  return { network, doubts: some };
}

/** Quantiles of every target of one day's forecast; `today` in days. */
export function rowsOf(p: Prepared, found: Forecasts, today: number): ForecastRow[] {
  return p.targets.flatMap((t, i) =>
    // Of the days after today the one that lies so many days ahead.
    found[i].map((lead, l): ForecastRow => {
      const d = lead[l];
      const [q05, q25, q50, q75, q95] = [0.05, 0.25, 0.5, 0.75, 0.95].map(q => quantile(d, q));
      return {
        station: p.gated.network.stations[t.station].name,
        variable: t.variable,
        unit: t.unit,
        date: dateOf(today + l + 1),
        leadDays: l + 1,
        ...{ q05, q25, q50, q75, q95 },
        ...(d.kind === 'rain' ? { chanceWet: d.wet } : {}),
      };
    }),
  );
}

/** A spell is three days in a row beyond what a tenth of the season's days pass, as the command has it unless told otherwise. */
const SPELL = { days: 3, share: 0.1 };

/** The ten days after the last row, with what the gates stopped in words. Throws RangeError when nothing can be forecast. */
export function ownForecast(network: Network, names: readonly string[]): { model: WeatherModel; stopped: string[] } {
  const p = prepareToday(network);
  if (p.targets.length === 0)
    throw new RangeError('nothing can be forecast: no column has values enough over the seasons of a year');
  const today = network.first + network.days - 1;
  const found = forecast(p, 'federated');
  const { warned } = spells(p, found, SPELL, random(`spells ${today}`));
  const stopped = p.issues.map(i =>
    i.row === undefined
      ? `${i.column}: ${i.reason}`
      : `${i.file}, row ${i.row}, column "${i.column}": ${i.value} on ${i.date}: ${i.reason}`,
  );
  return {
    stopped,
    model: {
      simulated: false,
      cite: `Computed in a browser from ${names.join(', ')} (@madang/weather); the rows went nowhere. Rasmussen and Williams 2006, Gaussian Processes for Machine Learning (kernel regression).`,
      note: 'A spell is three days in a row beyond what a tenth of the days of the season pass.',
      forecast: {
        issued: dateOf(today),
        model: 'federated',
        forecasts: rowsOf(p, found, today),
        warnings: warned.map(({ startLeadDays, ...w }) => ({ ...w, from: dateOf(today + startLeadDays) })),
      },
    },
  };
}

const YEARS_BEFORE = 2;

/** Scores of the last whole year, learnt from the years before it; undefined when those are fewer than two. */
export function ownRecord(network: Network): WeatherBacktest | undefined {
  // The year before the one in which tomorrow lies.
  const last = civilOf(network.first + network.days).year - 1;
  if (civilDay(last - YEARS_BEFORE, 1, 1) < network.first) return undefined;
  const p = prepare(network, last);
  const found = forecast(p, 'federated');
  const none = { own: {}, federated: {}, pooled: {} };
  return {
    testYear: last,
    stations: network.stations.length,
    perStation: scoreAll(p, found),
    verification: verification(p, found, [1], random(`verify ${last}`)),
    models: none,
  };
}
