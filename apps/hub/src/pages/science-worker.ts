// The thread that computes what science pages show: the ensemble, the weather network, the grid, the column. Seconds of work that would hold the hub.
import { parentPort } from 'node:worker_threads';
import {
  type CarbonAnswer,
  type ClimateModel,
  carbonAnswer,
  type GridAnswer,
  startValues,
  type WeatherModel,
} from '@madang/web';
import { type ClimateDesk, installedClimate } from './climate.ts';
import { installedGrid } from './energy.ts';
import type { TableRows } from './tables.ts';
import { installedWeather } from './weather.ts';

export type Query = Readonly<Record<string, string>>;

/** What can be asked, and what is answered. */
export interface ScienceAnswers {
  readonly grid: GridAnswer;
  readonly carbon: CarbonAnswer;
  readonly weather: WeatherModel;
  readonly climate: ClimateModel;
  readonly climateTables: string;
  readonly climateEmissions: string;
  readonly climateCsv: TableRows;
  readonly climateSvg: string;
  readonly climateJson: object;
}

export interface ScienceQuestion {
  readonly id: number;
  readonly what: keyof ScienceAnswers;
  readonly query: Query;
}

export type ScienceReply = { readonly id: number; readonly said?: string } & (
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false }
);

const desks = new Map<string | undefined, ClimateDesk>();
const ensemble = (path: string | undefined) => {
  const known = desks.get(path) ?? installedClimate(path);
  desks.set(path, known);
  return known;
};
const get = (q: Query) => (key: string) => q[key];

const climateAnswer = <T>(of: (d: ClimateDesk, q: Query) => T) => ({
  compute: (q: Query) => of(ensemble(process.env['MADANG_CLIMATE']), q),
  otherwise: (q: Query) => of(ensemble(undefined), q),
  variable: 'MADANG_CLIMATE',
});

/** Each may throw with what is wrong in an operator's file; then `otherwise` is shown, and the operator told. */
const answers: {
  readonly [K in keyof ScienceAnswers]: {
    compute(q: Query): ScienceAnswers[K];
    otherwise?(q: Query): ScienceAnswers[K];
    variable?: string;
  };
} = {
  grid: {
    compute: () => installedGrid(process.env['MADANG_GRID']),
    otherwise: () => installedGrid(undefined),
    variable: 'MADANG_GRID',
  },
  weather: {
    compute: () => installedWeather(process.env['MADANG_WEATHER']),
    otherwise: () => installedWeather(undefined),
    variable: 'MADANG_WEATHER',
  },
  carbon: { compute: () => carbonAnswer(startValues, () => performance.now()) },
  climate: climateAnswer((d, q) => d.model(get(q))),
  climateTables: climateAnswer(d => d.tables),
  climateEmissions: climateAnswer(d => d.emissions),
  climateCsv: climateAnswer((d, q) => d.csv(get(q))),
  climateSvg: climateAnswer((d, q) => d.svg(get(q))),
  climateJson: climateAnswer((d, q) => d.json(get(q))),
};

parentPort?.on('message', ({ id, what, query }: ScienceQuestion) => {
  const a = answers[what];
  const reply = (r: ScienceReply) => parentPort!.postMessage(r);
  try {
    reply({ id, ok: true, value: a.compute(query) });
  } catch (error) {
    const said = `${a.variable ?? what}: ${error instanceof Error ? error.message.slice(0, 500) : String(error)}`;
    if (a.otherwise) reply({ id, ok: true, value: a.otherwise(query), said });
    else reply({ id, ok: false, said });
  }
});
