// What the live commands read: the hub's own log out of its repository, with an older change log in front where one is given, and
// further ones to learn from. Shared by `forecast` and `watch`.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ChangeLog, LogRow } from '@madang/disease';
import { CommandError, type Io, type Options } from '../command.ts';
import { readChangeLog } from './files.ts';
import { hubNameOf } from './season.ts';
import { isAddress, readSource } from './source.ts';
import { readUpstream, type UpstreamData, type UpstreamOptions } from './upstream.ts';
import { type HubName, UPSTREAM } from './upstream-layout.ts';

/** Weeks of dated tables asked for when nothing else is said: a season and what the one before says about revisions. */
const WEEKS = 60;

/** Options of reading, from those of the command. Throws CommandError (2) on a number of weeks that is none. */
export function sourceOptions(o: Options, io: Io): UpstreamOptions {
  const weeks = Number(o['weeks'] ?? WEEKS);
  if (!Number.isInteger(weeks) || weeks < 0)
    throw new CommandError(`--weeks takes a whole number of 0 or more, not "${o['weeks']}"`, 2);
  return {
    cache:
      typeof o['cache'] === 'string'
        ? o['cache']
        : join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'madang', 'hubs'),
    log: io.log,
    weeks,
  };
}

/** Logs as known on a day: the hub's own first, then those of `--also`. */
export async function logsOf(
  hubName: HubName,
  source: string,
  day: number,
  o: Options,
  options: UpstreamOptions,
): Promise<{ logs: ChangeLog[]; files: UpstreamData['files'][number][]; notes: string[] }> {
  const { HUBS } = await import('@madang/disease');
  const own = await readUpstream(hubName, HUBS[hubName], source, day, options);
  const log =
    typeof o['data'] === 'string' ? await joined(await readChangeLog(o['data'], HUBS[hubName]), own.log) : own.log;
  const logs = [log];
  const files = [...own.files];
  const notes = [...own.notes];
  for (const base of Array.isArray(o['also']) ? (o['also'] as string[]) : []) {
    if (!isAddress(base) && existsSync(join(base, 'vintages.csv'))) {
      logs.push(await readChangeLog(base, HUBS[await hubNameOf(base)]));
      continue;
    }
    const name = await hubIn(base, options);
    const other = await readUpstream(name, HUBS[name], base, day, options);
    logs.push(other.log);
    files.push(...other.files.map(f => ({ ...f, path: `${base}: ${f.path}` })));
    notes.push(...other.notes.map(n => `${base}: ${n}`));
  }
  return { logs, files, notes };
}

/** Which hub's repository a base is, by its newest tables. */
async function hubIn(base: string, options: UpstreamOptions): Promise<HubName> {
  for (const name of ['respicast', 'flusight'] as const)
    for (const { path } of UPSTREAM[name].newest) if (await readSource(base, path, options)) return name;
  throw new CommandError(`--also ${base}: neither a change log (vintages.csv) nor a repository of a known hub`, 3);
}

/** A change log with the rows of an older one in front: earlier revisions, and histories that the repository no longer has. */
async function joined(old: ChangeLog, newer: ChangeLog): Promise<ChangeLog> {
  const { changeLog } = await import('@madang/disease');
  const rowsIn = (log: ChangeLog): LogRow[] =>
    Array.from(log.series, (s, i) => ({
      ...log.names[s],
      period: log.period[i],
      knownFrom: log.knownFrom[i],
      value: log.value[i],
    }));
  const first = newer.knownFrom[0] ?? Number.POSITIVE_INFINITY;
  return changeLog([...rowsIn(old).filter(r => r.knownFrom <= first), ...rowsIn(newer)]);
}
