// Which hub a folder is of, which season and targets its log holds, and at which deadlines: what the commands that replay ask first.
// A season is its first year here and `2024/25` to people.
import type { ChangeLog, HubRules } from '@madang/disease';
import { CommandError } from '../command.ts';
import { hubOfFolder } from './files.ts';

/** Rounds that share one training. */
const BLOCK = 8;

/** Consecutive rounds in blocks that share one training. */
export function blocksOf(rounds: readonly number[]): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(rounds.length / BLOCK) }, (_, b) => rounds.slice(b * BLOCK, (b + 1) * BLOCK));
}

export type HubName = 'respicast' | 'flusight';

/** A folder and whose files it holds. */
export interface HubFolder {
  readonly path: string;
  readonly hub: HubName;
}

/** Which hub's files a folder holds. */
export async function hubNameOf(path: string): Promise<HubName> {
  const { HUBS } = await import('@madang/disease');
  return (await hubOfFolder(path)) === HUBS.respicast ? 'respicast' : 'flusight';
}

/** The folders of an option that takes a list, each with its hub. */
export async function foldersOf(option: unknown): Promise<HubFolder[]> {
  const paths: readonly string[] = Array.isArray(option) ? option : [];
  return Promise.all(paths.map(async path => ({ path, hub: await hubNameOf(path) })));
}

/** A season as people write it. */
export function seasonLabel(season: number): string {
  return `${season}/${String((season + 1) % 100).padStart(2, '0')}`;
}

/** First year of the season asked for; without one, the newest with at least `least` deadlines. */
export async function seasonOf(option: unknown, hub: HubRules, log: ChangeLog, least = 1): Promise<number> {
  const { roundsOf, seasonYear } = await import('@madang/disease');
  if (option === undefined) {
    const [first, last] = knownOf(log);
    let year = seasonYear(last);
    while (year > seasonYear(first) && roundsOf(hub, year, first, last).length < least) year -= 1;
    return year;
  }
  const m = /^(\d{4})[/-](\d{2}|\d{4})$/.exec(String(option));
  if (!m || (Number(m[1]) + 1) % 100 !== Number(m[2]) % 100)
    throw new CommandError(`--season takes two years in a row, as in 2024/25, not "${option}"`, 2);
  return Number(m[1]);
}

/** The targets asked for, all of the hub that the data have when none is named. */
export function targetsOf(option: unknown, hub: HubRules, known: ReadonlySet<string>, data: string): string[] {
  const there = hub.targets.filter(t => known.has(t));
  if (there.length === 0)
    throw new CommandError(
      `${data} holds none of the targets of ${hub.name} (${hub.targets.join(', ')}); it holds: ${[...known].join(', ')}`,
      2,
    );
  if (option === undefined) return there;
  if (!there.includes(String(option)))
    throw new CommandError(`${data} has no target "${option}"; there are: ${there.join(', ')}`, 2);
  return [String(option)];
}

/** Deadlines of a season at which the target was known; a CommandError when there are none. */
export async function seasonRounds(hub: HubRules, season: number, log: ChangeLog, target: string): Promise<number[]> {
  const { dateOf, roundsOf } = await import('@madang/disease');
  const [first, last] = knownOf(log, target);
  const rounds = roundsOf(hub, season, first, last);
  if (rounds.length === 0)
    throw new CommandError(
      `no deadline of season ${seasonLabel(season)} lies within the change log of ${target} (${dateOf(first)} to ${dateOf(last)})`,
    );
  return rounds;
}

/** Deadlines of each target asked for; of several, those without any in the season are left out. A CommandError when none has. */
export async function roundsByTarget(
  hub: HubRules,
  season: number,
  log: ChangeLog,
  targets: readonly string[],
): Promise<Map<string, number[]>> {
  const out = new Map<string, number[]>();
  let refusal: unknown;
  for (const target of targets) {
    try {
      out.set(target, await seasonRounds(hub, season, log, target));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      refusal ??= error;
    }
  }
  if (out.size === 0) throw refusal;
  return out;
}

/** First day on which anything (of the target) was known, and the last day of the whole log. */
function knownOf(log: ChangeLog, target?: string): [number, number] {
  const at = target === undefined ? 0 : log.series.findIndex(s => log.names[s].target === target);
  return [log.knownFrom[Math.max(0, at)], log.knownFrom[log.knownFrom.length - 1]];
}
