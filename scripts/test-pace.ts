// How far a test run is and how long it still takes: from what each file took last time, or what files of its kind take.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

type Seconds = Readonly<Record<string, number>>;

/** What the last run on this machine took, by file; empty before the first. */
export function lastSeconds(path: string): Seconds {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}

export function keepSeconds(path: string, seconds: Seconds): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ ...lastSeconds(path), ...seconds }));
}

/** Journeys start a dozen processes, other tests none: rough, for the order and the remaining time of a first run. */
const expected = (file: string, last: Seconds) => last[file] ?? (file.includes('/e2e/') ? 30 : 3);

/** The longest first, so that no long one runs alone at the end. */
export function longestFirst(files: readonly string[], last: Seconds): string[] {
  return [...files].sort((a, b) => expected(b, last) - expected(a, last) || (a < b ? -1 : 1));
}

/** Seconds that the rest takes, at the pace so far. */
export function secondsLeft(
  files: readonly string[],
  ended: ReadonlySet<string>,
  elapsed: number,
  last: Seconds,
): number {
  const sum = (some: readonly string[]) => some.reduce((s, f) => s + expected(f, last), 0);
  const done = sum(files.filter(f => ended.has(f)));
  return done === 0 ? 0 : (elapsed * (sum(files) - done)) / done;
}

/** `40 s` or `12 min`. */
export const duration = (seconds: number) =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
