// Climate: the calibrated set of 61 species, 1750 to 2100, beside Python's FaIR where MADANG_PEERS names a virtual environment that has it.
// End to end is a cold process from CSV to percentiles. 841 members are the calibration file's members repeated under new names.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import {
  make,
  makeBand,
  makeFair,
  molecularWeights,
  readDrivers,
  readDriverTable,
  readMembers,
  readSpecies,
  spannedTime,
} from '@madang/climate';
import { parseCsv } from '@madang/numerics';
import { type BenchSuite, type Figure, medianSeconds } from '../figure.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const folder = join(resolve(process.env['MADANG_SHARED'] ?? join(root, '../shared')), 'data/climate/fair');
const SCENARIO = 'medium-extension';
/** The command as it is installed: `npm install` keeps a snapshot of it, of these sources and made by this Node, so that is done again first. */
const madang = join(root, 'apps/cli/bin/madang');
const env = { ...process.env, NODE_OPTIONS: '', PATH: `${dirname(process.execPath)}:${process.env['PATH']}` };
/** Cold processes are measured in turn, since a machine is not as fast at all times: FaIR once, then ours so often, and that again. */
const TURNS = 3;
const RUNS_A_TURN = 7;

interface Peer {
  readonly version: string;
  readonly setup: number;
  readonly run: number;
  /** The whole process, s. */
  readonly total: number;
  readonly rssMb: number;
}

export const climate: BenchSuite = async function* () {
  if (!existsSync(folder)) {
    console.error(`climate: the reference data are not at ${folder}; nothing measured`);
    return;
  }
  await run(process.execPath, [join(root, 'apps/cli/build.ts')], { env });
  const scratch = mkdtempSync(join(tmpdir(), 'madang-bench-'));
  try {
    const members = readFileSync(join(folder, 'cal141_parameters.csv'), 'utf8').trim().split(/\r?\n/);
    const given = members.length - 1;
    for (const count of [given, 841]) {
      const configs = join(scratch, `members-${count}.csv`);
      const rows = Array.from({ length: count }, (_, i) => members[1 + (i % given)].replace(/^[^,]*/, `m${i}`));
      writeFileSync(configs, `${[members[0], ...rows].join('\n')}\n`);
      yield* ensemble(configs, count, join(scratch, 'bands.csv'));
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

async function* ensemble(configs: string, count: number, out: string): AsyncIterable<Figure> {
  const file = (f: string) => join(folder, f);
  const inputs = {
    emissions: file('cal141_emissions.csv'),
    configs,
    species: file('cal141_species_configs_properties.csv'),
    forcing: file('cal141_volcanic_solar.csv'),
    scenario: SCENARIO,
    percentiles: out,
  };
  const command = Object.entries(inputs).flatMap(([k, v]) => [`--${k}`, v]);
  const words = ['climate', 'fair', ...command, '--json'];
  const { stderr } = await run(madang, words, { env: { ...env, MADANG_DEBUG: '1' } });
  console.error(`climate, ${count} members: ${/started from .*/.exec(stderr)?.[0] ?? 'started from the sources'}`);
  const cold: number[] = [];
  const peers: Peer[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    peers.push(...(await measurePeer(configs)));
    for (let k = 0; k < RUNS_A_TURN; k++) cold.push(await secondsOf(() => run(madang, words, { env })));
  }
  const seconds = middle(cold, s => s);
  const peer = peers.length > 0 ? middle(peers, p => p.total) : undefined;
  const against = (value: number | undefined) => ({
    name: `FaIR ${peer?.version ?? ''}`.trim(),
    value,
    ...(peer ? {} : { note: 'set MADANG_PEERS to a virtual environment with the package fair' }),
  });
  const memoryMb = middle(await inTurn(5, () => peakMb(words)), x => x);
  const about = (name: string, unit: string, ours: number, value: number | undefined, runs: number): Figure => ({
    name: `${count} members: ${name}`,
    unit,
    ours,
    against: against(value),
    smallerIsBetter: true,
    runs,
  });
  yield about('cold process, CSV to percentiles', 's', seconds, peer?.total, cold.length);
  yield about('peak memory', 'MB', memoryMb, peer?.rssMb, 5);

  const table = (f: string) => parseCsv(readFileSync(f, 'utf8'), f);
  const species = readSpecies(table(file('cal141_species_configs_properties.csv')), 'species');
  const { model } = readMembers(table(configs), species, 'members');
  const tables = [
    readDriverTable(table(file('cal141_emissions.csv')), 'emissions', 'emissions'),
    readDriverTable(table(file('cal141_volcanic_solar.csv')), 'forcing', 'forcing'),
  ];
  const { drivers } = readDrivers({
    species: model.species,
    tables,
    scenario: SCENARIO,
    time: spannedTime(tables),
    weights: molecularWeights(species),
  });
  const setUp = () => makeFair(readMembers(table(configs), species, 'members').model);
  yield about('set-up of the members, from their file', 's', await medianSeconds(setUp, 5), peer?.setup, 5);
  const fair = makeFair(model);
  yield about('run alone, one thread', 's', await medianSeconds(() => fair(drivers), 9, 3), peer?.run, 9);
  const band = makeBand(fair, model, [1850, 1900], [5, 50, 95]);
  band(drivers);
  let price = 0;
  const move = () => {
    price += 10;
    return band(make(drivers, model.species, { carbonPrice: { from: 2026, by: 2040, usdPerTonne: price } }).drivers);
  };
  yield {
    name: `${count} members: a slider's move to a new 5-95 % band`,
    unit: 's',
    ours: await medianSeconds(move, 9, 3),
    against: { name: 'promised limit', value: 0.15 },
    smallerIsBetter: true,
    runs: 9,
  };
}

/** Peak of resident memory in MB as the kernel keeps it for the process (Linux), read each millisecond until there is none; NaN elsewhere. */
async function peakMb(words: readonly string[]): Promise<number> {
  const child = spawn(madang, words, { env, stdio: 'ignore' });
  let peak = Number.NaN;
  const look = setInterval(() => {
    try {
      const kB = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      if (kB) peak = Number(kB) / 1024;
    } catch {
      // Over, or not Linux.
    }
  }, 1);
  await once(child, 'exit');
  clearInterval(look);
  return peak;
}

/** One run of FaIR's own process; none where it is not installed. */
async function measurePeer(configs: string): Promise<Peer[]> {
  const python = process.env['MADANG_PEERS'] ? join(process.env['MADANG_PEERS'], 'bin/python') : undefined;
  if (!python || !existsSync(python)) return [];
  let said = '';
  const total = await secondsOf(async () => {
    const script = join(root, 'bench/peers/climate_fair.py');
    said = (await run(python, [script, folder, configs, SCENARIO])).stdout;
  });
  return [{ ...(JSON.parse(said.trim().split('\n').at(-1)!) as Omit<Peer, 'total'>), total }];
}

async function inTurn<T>(times: number, work: () => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let k = 0; k < times; k++) all.push(await work());
  return all;
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

/** The middle one by a measure. */
const middle = <T>(all: readonly T[], by: (one: T) => number): T =>
  all.toSorted((a, b) => by(a) - by(b))[all.length >> 1];
