// Reads the public figures that an operator named and hands them over place by place. Runs as a worker: workerData is the JSON file's path.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import {
  changeLog,
  dayOf,
  hubOfTargets,
  LEVELS,
  type LogRow,
  readForecasts,
  readTruth,
  shortTarget,
  weekOf,
} from '@madang/disease';
import { parseCsv, type Table } from '@madang/numerics';
import { z } from 'zod';
import type { FiguresMessage, PeerForecast, PlaceFigures } from './figures.ts';

const schema = z.object({
  /** Folder with vintages.csv, and if there are such: scoring_truth.csv or truth.csv, forecasts_*.csv, locations.csv. */
  folder: z.string(),
  cite: z.string(),
  note: z.string().default(''),
  simulated: z.boolean().default(false),
});

const tell = (m: FiguresMessage) => parentPort?.postMessage(m);

function readAll(path: string): void {
  const config = schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const folder = isAbsolute(config.folder) ? config.folder : join(dirname(path), config.folder);
  const names = readdirSync(folder);
  const files: { name: string; sha256: string }[] = [];
  const read = (name: string): Table => {
    const bytes = readFileSync(join(folder, name));
    files.push({ name, sha256: createHash('sha256').update(bytes).digest('hex') });
    return parseCsv(new TextDecoder().decode(bytes), join(folder, name));
  };
  const vintages = read('vintages.csv');
  const hub = hubOfTargets(vintages.has('target') ? vintages.text('target').map(shortTarget) : undefined);
  const key = (target: string, place: string) => `${shortTarget(target || hub.targets[0]).toLowerCase()}/${place}`;

  const rows = rowsOf(vintages, hub.targets[0], hub.publicationDays);
  const truths = new Map<string, Map<string, number>>();
  const truthName = ['scoring_truth.csv', 'truth.csv'].find(n => names.includes(n));
  if (truthName !== undefined)
    for (const t of readTruth(read(truthName))) grouped(truths, key(t.target, t.location)).set(t.date, t.value);
  const peers = new Map<string, PeerForecast[]>();
  for (const name of names.filter(n => /^forecasts_.*\.csv$/.test(n)).sort()) {
    const table = readForecasts(read(name), name);
    if (table.levels.length !== LEVELS.length) continue;
    for (const f of table.forecasts) {
      const role = /baseline/i.test(f.model) ? 'baseline' : /ensemble/i.test(f.model) ? 'ensemble' : undefined;
      if (role === undefined) continue;
      const at = key(f.target, f.location);
      const list = peers.get(at) ?? [];
      peers.set(at, list);
      const quantiles = Float64Array.from(f.quantiles);
      list.push({ model: f.model, role, origin: f.originDate, date: f.targetEndDate, quantiles });
    }
  }
  const units = unitsOf(names.includes('locations.csv') ? read('locations.csv') : undefined);
  tell({ kind: 'source', source: { cite: config.cite, note: config.note, simulated: config.simulated, files } });
  for (const [at, own] of rows) {
    const [target, place] = [at.slice(0, at.indexOf('/')), at.slice(at.indexOf('/') + 1)];
    const unit = units.get(place);
    const figures: PlaceFigures = {
      target,
      place,
      ...(unit === undefined ? {} : { unit }),
      log: changeLog(own),
      weekEnds: hub.weekEnds,
      truth: truths.get(at) ?? new Map(),
      peers: peers.get(at) ?? [],
    };
    tell({ kind: 'place', figures });
  }
  tell({ kind: 'done' });
}

/** Rows of the change log by target and place. */
function rowsOf(t: Table, only: string, publicationDays: number): Map<string, LogRow[]> {
  const targets = t.has('target') ? t.text('target') : undefined;
  const [locations, dates, known] = ['location', 'date', 'as_of'].map(c => t.text(c));
  const values = t.numbers('value');
  const days = new Map<string, number>();
  const day = (text: string) => {
    const d = days.get(text) ?? dayOf(text);
    days.set(text, d);
    return d;
  };
  const out = new Map<string, LogRow[]>();
  for (let i = 0; i < t.length; i++) {
    const target = shortTarget(targets?.[i] ?? only).toLowerCase();
    const at = `${target}/${locations[i]}`;
    const list = out.get(at) ?? [];
    out.set(at, list);
    const period = weekOf(day(dates[i]));
    list.push({ target, location: locations[i], period, knownFrom: day(known[i]) + publicationDays, value: values[i] });
  }
  return out;
}

function unitsOf(t: Table | undefined): ReadonlyMap<string, string> {
  if (!t?.has('unit')) return new Map();
  const units = t.text('unit');
  return new Map(t.text('location').map((l, i) => [l, units[i].replace(/(\d)000\b/, '$1 000')]));
}

function grouped<V>(map: Map<string, Map<string, V>>, key: string): Map<string, V> {
  const known = map.get(key) ?? new Map<string, V>();
  map.set(key, known);
  return known;
}

try {
  readAll(String(workerData));
} catch (error) {
  tell({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
}
