// Reads a folder of station weather: stations.csv and every daily_*.csv.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsv } from '@madang/numerics';
import { type Network, parseDaily, parseStations, suspectUnits } from '@madang/weather';
import { CommandError, type Io } from '../command.ts';

/** A network and the files that it was read from, with their SHA-256. */
export interface Read {
  readonly network: Network;
  readonly sources: readonly { readonly name: string; readonly sha256: string }[];
}

/** Throws CommandError naming the file, row and column of what cannot be read, or whose unit looks wrong unless `trustUnits`. */
export function readNetwork(folder: string, trustUnits: boolean, io: Io): Read {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new CommandError(`there is no folder ${folder}; --data wants one with stations.csv and daily_*.csv`, 2);
  const names = readdirSync(folder)
    .filter(n => /^daily_.*\.csv$/.test(n))
    .sort();
  if (names.length === 0) throw new CommandError(`${folder} has no daily_*.csv`, 2);
  if (!existsSync(join(folder, 'stations.csv'))) throw new CommandError(`${folder} has no stations.csv`, 2);
  const sources: { name: string; sha256: string }[] = [];
  const read = (name: string) => {
    const text = readFileSync(join(folder, name), 'utf8');
    sources.push({ name, sha256: createHash('sha256').update(text).digest('hex') });
    const header = text.slice(0, text.indexOf('\n'));
    const other = header.includes(',') ? undefined : /[;\t|]/.exec(header)?.[0];
    if (other)
      throw new Error(
        `${name}, row 1: the columns are parted by ${other === '\t' ? 'tabs' : `"${other}"`}; commas are read, with points in numbers`,
      );
    return parseCsv(text, name);
  };
  let network: Network;
  try {
    const stations = parseStations(read('stations.csv'), 'stations.csv');
    network = parseDaily(
      stations,
      names.map(file => ({ file, table: read(file) })),
    );
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error), 1, { cause: error });
  }
  const { all, some } = suspectUnits(network);
  for (const why of [...some, ...(trustUnits ? all : [])]) io.log(`unit? ${why}`);
  if (all.length > 0 && !trustUnits) throw new CommandError(`${all.join('; ')}; if it is right, say --trust-units`, 1);
  return { network, sources };
}
