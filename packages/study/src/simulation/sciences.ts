// The sciences' studies without the network: simulated data at the members, the kind's own rounds, with `secure` through secret shares, and what the field would
// ask next to it: the model of all rows in one place, the skill of members alone, a certified gap. All data are simulated.
import { PRIVATE_RIDGE, simulateSurveillance } from '@madang/disease';
import { type Border, madeUpCountry } from '@madang/energy/borders';
import { formatCsv, random } from '@madang/numerics';
import type { MaskCipher, RandomBytes } from '@madang/privacy';
import { dailyCsv, madeUpNetwork } from '@madang/weather/study';
import { type BorderPlanningQuery, type BorderPlanningState, borderPlanning } from '../kinds/border-planning.ts';
import type { IteratedStudyKind } from '../kinds/iterated-sums.ts';
import type { DataSource, PublishedRound } from '../kinds/kind.ts';
import { type SharedRidgeQuery, type SharedRidgeState, sharedRidge } from '../kinds/shared-ridge.ts';
import {
  forecastStations,
  type StationWeatherQuery,
  type StationWeatherState,
  stationWeather,
} from '../kinds/station-weather.ts';
import { playStudy } from './play.ts';
import { secureSum, type Traffic } from './secure-sum.ts';

export interface ScienceSimulation {
  readonly kind: string;
  readonly nodes: number;
  readonly seed: string;
  readonly secure: boolean;
  readonly randomBytes: RandomBytes;
  readonly mask: MaskCipher;
  readonly onStart?: (mostRounds: number) => void;
  readonly onRound?: () => void;
}

export interface ScienceOutcome {
  /** The study did what it promises; `details` says how far. */
  readonly ok: boolean;
  readonly kind: string;
  readonly nodes: number;
  readonly rounds: number;
  readonly numbersARound: number;
  readonly secure: boolean;
  readonly uploadBytes?: number;
  readonly data: 'simulated';
  readonly details: Readonly<Record<string, unknown>>;
}

/** A study's members, and how its end is judged. */
interface Subject<Q> {
  readonly kind: IteratedStudyKind<Q>;
  readonly query: Q;
  readonly sources: readonly DataSource[];
  judge(rounds: readonly PublishedRound[]): Promise<{ ok: boolean; details: Readonly<Record<string, unknown>> }>;
}

const text = (files: ReadonlyMap<string, string>, owner: string): DataSource => ({
  owner,
  files: [...files.keys()],
  file: async name => {
    const found = files.get(name);
    if (found === undefined) throw new Error(`no file "${name}"`);
    return found;
  },
  query: async () => [],
});
const owners = (nodes: number) => Array.from({ length: nodes }, (_, i) => `member-${i + 1}`);

const apart = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((m, v, i) => Math.max(m, Math.abs(v - b[i])), 0);

/** Places dealt to members; the model against the one of all places at one member. */
function ridgeSubject(nodes: number, seed: string): Subject<SharedRidgeQuery> {
  const rows = simulateSurveillance({ seed, places: Math.max(33, nodes) }).vintages;
  const columns = ['target', 'location', 'date', 'as_of', 'value'];
  const csv = (keep: (place: number) => boolean) =>
    new Map([
      [
        'vintages',
        formatCsv(
          columns,
          rows.filter(r => keep(Number(r[1].slice(1)) - 1)),
        ),
      ],
    ]);
  const query: SharedRidgeQuery = {
    kind: 'shared-ridge',
    version: 1,
    target: 'ILI',
    frozenOn: '2019-01-02',
    asOf: ['2024-10-02'],
    spec: PRIVATE_RIDGE,
    maximumRows: 100_000,
    bits: 24,
    variance: 0,
    aggregators: 2,
    sharing: 'ring-64',
  };
  return {
    kind: sharedRidge,
    query,
    sources: owners(nodes).map((o, n) =>
      text(
        csv(place => place % nodes === n),
        o,
      ),
    ),
    async judge(rounds) {
      const [model] = (sharedRidge.modelAfter(query, rounds) as SharedRidgeState).models;
      const all = text(
        csv(() => true),
        'all',
      );
      const alone: PublishedRound[] = [];
      for (let r = 1; r <= sharedRidge.rounds(query); r++)
        alone.push({ sums: await sharedRidge.contribute(query, r, all, alone), contributors: 1 });
      const [pooled] = (sharedRidge.modelAfter(query, alone) as SharedRidgeState).models;
      const largestDifference = Math.max(apart(model.location, pooled.location), apart(model.scale, pooled.scale));
      return {
        ok: largestDifference === 0,
        details: { identicalToPooled: largestDifference === 0, location: [...model.location], scale: [...model.scale] },
      };
    },
  };
}

/** A station a member; a year not seen, by the study, by each alone and from pooled rows. */
function weatherSubject(nodes: number, seed: string): Subject<StationWeatherQuery> {
  const stations = Math.max(4, nodes);
  const network = madeUpNetwork(stations, 3 * 365, 2001, random(`weather ${seed}`));
  const query: StationWeatherQuery = {
    kind: 'station-weather',
    version: 1,
    design: {
      stations: network.stations,
      first: '2001-01-01',
      days: network.days,
      trainDays: 2 * 365,
      landmarks: 200,
      stationsAMember: 1,
    },
    numbersARound: 100_000,
  };
  const sources = owners(stations).map((o, s) => text(new Map([['daily', dailyCsv(network, [s])]]), o));
  return {
    kind: stationWeather,
    query,
    sources,
    async judge(rounds) {
      const { forecast, prepare, scoreAll } = await import('@madang/weather');
      const state = stationWeather.modelAfter(query, rounds) as StationWeatherState;
      const together = await Promise.all(sources.map(s => forecastStations(query, s, state)));
      const p = prepare(network, 2003);
      const rmse = (scores: ReturnType<typeof scoreAll>) => {
        const mine = scores.filter(r => r.variable === 'temp_mean' && r.leadDays === 1);
        return Number((mine.reduce((s, r) => s + r.rmse, 0) / mine.length).toPrecision(5));
      };
      const study = rmse(together.flatMap(f => scoreAll(f.prepared, f.forecasts)));
      const [alone, pooled] = [rmse(scoreAll(p, forecast(p, 'own'))), rmse(scoreAll(p, forecast(p, 'pooled')))];
      const ratioToPooled = Number((study / pooled).toFixed(4));
      return { ok: ratioToPooled < 1.005, details: { rmseDay1: { study, alone, pooled }, ratioToPooled } };
    },
  };
}

/** A country a member in a row, a border between neighbours. */
function bordersSubject(nodes: number): Subject<BorderPlanningQuery> {
  const names = owners(nodes);
  const borders = names.slice(1).map(
    (to, i): Border => ({
      name: `${names[i]} to ${to}`,
      from: { operator: names[i], bus: names[i] },
      to: { operator: to, bus: to },
      capacityMw: 150,
    }),
  );
  const query: BorderPlanningQuery = {
    kind: 'border-planning',
    version: 1,
    borders,
    snapshots: 12,
    mostRounds: 200,
    rho: 0.3,
    gap: 1e-3,
    mostCost: 1e10,
  };
  const grid = (name: string) => {
    const files = madeUpCountry(name, names, query.snapshots);
    return new Map([...files].map(([file, content]) => [`grid/${file}`, content]));
  };
  return {
    kind: borderPlanning,
    query,
    sources: names.map(n => text(grid(n), n)),
    async judge(rounds) {
      const { best, alone } = borderPlanning.modelAfter(query, rounds) as BorderPlanningState;
      const { cost, bound, gap } = best ?? { cost: null, bound: null, gap: 1 };
      return { ok: gap <= query.gap, details: { cost, bound, certifiedGap: gap, costAlone: alone } };
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: queries differ by kind; a subject's own kind reads its own query
const SUBJECTS: Readonly<Record<string, (nodes: number, seed: string) => Subject<any>>> = {
  'shared-ridge': ridgeSubject,
  'station-weather': weatherSubject,
  'border-planning': bordersSubject,
};

export const scienceKinds: readonly string[] = Object.keys(SUBJECTS);

/** Runs one study. Throws RangeError for settings that cannot be. */
export async function simulateScience(o: ScienceSimulation): Promise<ScienceOutcome> {
  if (!Object.hasOwn(SUBJECTS, o.kind))
    throw new RangeError(`no study "${o.kind}"; there are: ${scienceKinds.join(', ')}`);
  if (!(o.nodes >= 3 && o.nodes <= 60)) throw new RangeError(`${o.nodes} members; a study here has 3 to 60`);
  const { kind, query, sources, judge } = SUBJECTS[o.kind](o.nodes, o.seed);
  const traffic: Traffic = { bytes: 0 };
  o.onStart?.(kind.rounds(query));
  const rounds = await playStudy(kind, query, sources, {
    ...(o.secure ? { sum: secureSum(o.mask, o.randomBytes, traffic) } : {}),
    ...(o.onRound ? { onRound: o.onRound } : {}),
  });
  const { ok, details } = await judge(rounds);
  return {
    ok,
    kind: o.kind,
    nodes: sources.length,
    rounds: rounds.length,
    numbersARound: kind.shape(query).length,
    secure: o.secure,
    ...(o.secure ? { uploadBytes: traffic.bytes } : {}),
    data: 'simulated',
    details,
  };
}
