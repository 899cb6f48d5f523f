// Published forecasts by target and place, read once from the blobs that the log names and kept as the few quantiles that pages draw. Grows with the log;
// a file that is missing or malformed is counted and left out, never guessed.
import { LEVELS as ALL_LEVELS } from '@madang/disease';
import { parseCsv } from '@madang/numerics';
import { fromUtf8 } from '@madang/trust';
import type { Fan, FanPoint, PlaceForecasts } from '@madang/web';
import type { Kysely } from 'kysely';
import type { Blobs } from '../store/blobs.ts';
import type { Tables } from '../store/database.ts';

interface Published {
  readonly index: number;
  readonly org: string;
  readonly opening: string;
  readonly round: number;
  readonly target: string;
  readonly asOf: string;
  readonly csv: string;
}

/** Forecasts of one place and the opening whose results the newest of them rests on. */
export type Foretold = Omit<PlaceForecasts, 'data'> & { readonly opening: string };

interface Place {
  readonly target: string;
  readonly place: string;
  opening: string;
  readonly fans: Fan[];
}

export interface ForecastBook {
  /** Takes in what was published since the last call. */
  refresh(): Promise<void>;
  targets(): readonly string[];
  /** Days whose knowledge any forecast rests on, oldest first. */
  days(): readonly string[];
  places(target: string): readonly Foretold[];
  place(target: string, place: string): Foretold | undefined;
  /** Statement of a fan: its CSV's digest. */
  csvOf(entry: number): string | undefined;
  /** The 23 quantiles of a point as they were signed; undefined where the file has others. */
  quantilesOf(point: FanPoint): Float64Array | undefined;
  readonly unreadable: number;
}

const PLACE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;
/** Quantile levels that the pictures need. */
const LEVELS = { low95: 0.025, low50: 0.25, median: 0.5, high50: 0.75, high95: 0.975 } as const;

/** `proposedAt` says when the study of an opening was proposed: where two studies forecast a place on one day, the later proposed is shown. */
export function forecastBook(
  db: Kysely<Tables>,
  blobs: Blobs,
  proposedAt: (opening: string) => number = () => 0,
): ForecastBook {
  const places = new Map<string, Place>();
  const csvs = new Map<number, string>();
  /** When the study of a shown entry was proposed. */
  const ranks = new Map<number, number>();
  const targets = new Set<string>();
  const days = new Set<string>();
  const quantiles = new WeakMap<FanPoint, Float64Array>();
  let last = -1;
  let unreadable = 0;
  let running: Promise<void> | undefined;

  async function take(): Promise<void> {
    const rows = await db
      .selectFrom('forecasts')
      .select(['index', 'org', 'opening', 'round', 'target', 'as_of', 'csv'])
      .where('index', '>', last)
      .orderBy('index')
      .execute();
    for (const r of rows) {
      const p: Published = { ...r, index: Number(r.index), round: Number(r.round), asOf: r.as_of };
      const bytes = await blobs.get(p.csv);
      try {
        if (!bytes) throw new Error('missing');
        for (const [place, points] of readFans(bytes, p, quantiles)) add(p, place, points);
        csvs.set(p.index, p.csv);
      } catch {
        unreadable += 1;
      }
      last = p.index;
    }
  }

  function add(p: Published, place: string, points: readonly FanPoint[]): void {
    const key = `${p.target}/${place}`;
    let known = places.get(key);
    if (!known) {
      known = { target: p.target, place, opening: p.opening, fans: [] };
      places.set(key, known);
      targets.add(p.target);
    }
    days.add(p.asOf);
    const fan: Fan = { asOf: p.asOf, org: p.org, entry: p.index, opening: p.opening, round: p.round, points };
    // A forecast published again for the same day replaces the earlier one here; both stay in the log.
    const at = known.fans.findIndex(f => f.asOf >= p.asOf);
    const same = at >= 0 && known.fans[at].asOf === p.asOf;
    const rank = proposedAt(p.opening);
    if (same && rank < (ranks.get(known.fans[at].entry) ?? 0)) return;
    ranks.set(p.index, rank);
    if (rank >= proposedAt(known.opening)) known.opening = p.opening;
    if (at < 0) known.fans.push(fan);
    else known.fans.splice(at, same ? 1 : 0, fan);
  }

  return {
    refresh() {
      running ??= take().finally(() => {
        running = undefined;
      });
      return running;
    },
    targets: () => [...targets].sort(),
    days: () => [...days].sort(),
    places: target => [...places.values()].filter(p => p.target === target),
    place: (target, place) => places.get(`${target}/${place}`),
    csvOf: entry => csvs.get(entry),
    quantilesOf: point => quantiles.get(point),
    get unreadable() {
      return unreadable;
    },
  };
}

/** Fans of one file by place. Throws when columns are missing; leaves out rows of another day or target and places without all five quantiles. */
function readFans(
  bytes: Uint8Array,
  p: Published,
  whole: WeakMap<FanPoint, Float64Array>,
): ReadonlyMap<string, readonly FanPoint[]> {
  const table = parseCsv(fromUtf8(bytes), p.csv);
  const text = (c: string) => table.text(c);
  const [location, date, level, value, horizon, target] = [
    text('location'),
    text('target_end_date'),
    text('output_type_id'),
    text('value'),
    text('horizon'),
    text('target'),
  ];
  const quantiles = new Map<string, Map<string, { horizon: number; at: Map<number, number> }>>();
  for (let i = 0; i < table.length; i++) {
    const x = Number(value[i]);
    if (!PLACE.test(location[i]) || target[i].toLowerCase() !== p.target || value[i] === '' || !Number.isFinite(x))
      continue;
    if (!/^\d{4}-\d\d-\d\d$/.test(date[i]) || Number.isNaN(Date.parse(date[i]))) continue;
    let dates = quantiles.get(location[i]);
    if (!dates) {
      dates = new Map();
      quantiles.set(location[i], dates);
    }
    let week = dates.get(date[i]);
    if (!week) {
      week = { horizon: Number(horizon[i]), at: new Map() };
      dates.set(date[i], week);
    }
    week.at.set(Number(level[i]), x);
  }
  const fans = new Map<string, readonly FanPoint[]>();
  for (const [place, dates] of quantiles) {
    const points = [...dates].flatMap(([end, { horizon, at }]) => {
      const q = Object.entries(LEVELS).map(([name, l]) => [name, at.get(l)] as const);
      if (q.some(([, v]) => v === undefined)) return [];
      const point = { date: end, horizon, ...Object.fromEntries(q) } as FanPoint;
      const all = Float64Array.from(ALL_LEVELS, l => at.get(l) ?? Number.NaN);
      if (!all.some(Number.isNaN)) whole.set(point, all);
      return [point];
    });
    if (points.length > 0)
      fans.set(
        place,
        points.sort((a, b) => (a.date < b.date ? -1 : 1)),
      );
  }
  return fans;
}

/** Rows of a place in one hubverse file, as they were signed. */
export function rowsOfPlace(
  bytes: Uint8Array,
  place: string,
): { columns: readonly string[]; rows: readonly string[][] } {
  const table = parseCsv(fromUtf8(bytes), 'forecast');
  const columns = table.columns;
  const texts = columns.map(c => table.text(c));
  const location = table.text('location');
  const rows: string[][] = [];
  for (let i = 0; i < table.length; i++) if (location[i] === place) rows.push(texts.map(t => t[i]));
  return { columns, rows };
}
