// When what the hub keeps beside its log (blobs, mail) was last lost, because its folder came from a backup or a member's copy: members are told, and
// send again what they had left here.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const path = (folder: string) => join(folder, 'restored.json');

/** Seconds since 1970; undefined when nothing was ever lost. */
export async function restoredAt(folder: string): Promise<number | undefined> {
  try {
    return (JSON.parse(await readFile(path(folder), 'utf8')) as { time: number }).time;
  } catch {
    return undefined;
  }
}

/** Notes a loss at this time (seconds) and returns the time it goes by. */
export async function markRestored(folder: string, time: number): Promise<number> {
  await writeFile(path(folder), `${JSON.stringify({ time })}\n`);
  return time;
}
