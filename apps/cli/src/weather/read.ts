// Reads a folder of station weather: stations.csv and every daily_*.csv.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsv } from '@madang/numerics';
import { type Network, parseDaily, parseStations } from '@madang/weather';
import { CommandError } from '../command.ts';

/** A network and what it was read from, with a short hash of each file. */
export interface Read {
  readonly network: Network;
  readonly sources: readonly string[];
}

/** Throws CommandError naming the file, row and column of what cannot be read. */
export function readNetwork(folder: string): Read {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new CommandError(`there is no folder ${folder}; --data wants one with stations.csv and daily_*.csv`, 2);
  const names = readdirSync(folder)
    .filter(n => /^daily_.*\.csv$/.test(n))
    .sort();
  if (names.length === 0) throw new CommandError(`${folder} has no daily_*.csv`, 2);
  if (!existsSync(join(folder, 'stations.csv'))) throw new CommandError(`${folder} has no stations.csv`, 2);
  const sources: string[] = [];
  const read = (name: string) => {
    const text = readFileSync(join(folder, name), 'utf8');
    sources.push(`${name} (sha256 ${createHash('sha256').update(text).digest('hex').slice(0, 12)})`);
    return parseCsv(text, name);
  };
  try {
    const stations = parseStations(read('stations.csv'), 'stations.csv');
    const network = parseDaily(
      stations,
      names.map(file => ({ file, table: read(file) })),
    );
    return { network, sources };
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error), 1, { cause: error });
  }
}
