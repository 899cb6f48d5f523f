// A world of the charter's tests as a hub would have it on disk: log, final checkpoint, blobs where a test puts some.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cosignCheckpoint, mergeSignatures, openLog, parseCheckpoint, parseNote } from '@madang/trust';
import { folderStore } from '@madang/trust/folder';
import { logNotes, type World, witnessOf } from '../../../../packages/charter/src/testing/world.ts';
import { tempFolder } from '../../../../scripts/temp-folder.ts';

const FOUNDERS = ['alpha', 'agg-o', 'agg-b', 'beta'];

/** Writes the world's log, cosigned by `witnesses`; `put` writes a blob under its digest or under another's name, and returns its file. */
export async function worldHome(
  world: World,
  witnesses: readonly string[] = FOUNDERS,
): Promise<{ readonly home: string; readonly put: (text: string, as?: string) => string }> {
  const home = tempFolder('madang-world-');
  const log = await openLog({ store: folderStore(join(home, 'log')), origin: 'test/log', signer: logNotes });
  await log.append(world.entries);
  const { note } = await log.publish();
  const checkpoint = parseCheckpoint(parseNote(note).text);
  const lines = witnesses.flatMap(org => cosignCheckpoint(checkpoint, witnessOf(org), world.state.time));
  await log.storeFinal(mergeSignatures(note, lines));
  const put = (text: string, as = nameOf(text)) => {
    const folder = join(home, 'blobs', as.slice(0, 2));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, as), text);
    return join(folder, as);
  };
  return { home, put };
}

export const nameOf = (text: string) => createHash('sha256').update(text).digest('hex');
