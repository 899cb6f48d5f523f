// Verifies every log under a folder: the hub's own and every member's copy, which must all be beginnings of one history.
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { type AuditItem, type AuditReport, audit, type BlobReader } from '@madang/study/verify';
import { logReader, parseCheckpoint, parseNote, toHex, verifyTiles } from '@madang/trust';
import { folderStore } from '@madang/trust/folder';
import { CommandError } from '../command.ts';

export interface VerifyOptions {
  readonly root?: string;
  readonly progress?: (done: number, total: number) => void;
}

/** Audits the largest log under `folder` whole, and every other copy byte by byte against it. */
export async function verifyFolder(folder: string, options: VerifyOptions): Promise<AuditReport> {
  const logs = findLogs(resolve(folder));
  if (logs.length === 0) throw new CommandError(`${folder} holds no log: no folder under it has a "tile" folder`, 3);
  const sized = await Promise.all(logs.map(async path => ({ path, ...(await checkpointOf(path)) })));
  // The hub's own log carries the final checkpoint; among equals it is the one to audit.
  sized.sort((a, b) => b.size - a.size || Number(b.own) - Number(a.own));
  const [main, ...copies] = sized;
  const store = folderStore(main.path);
  const report = await audit({ source: store, blobs: blobsUnder(resolve(folder), main.path), ...options });
  if (report.exit === 1) return at(report, relative(resolve(folder), main.path));
  const items: AuditItem[] = [...report.items];
  const reader = logReader(store);
  for (const copy of copies) {
    const where = relative(resolve(folder), copy.path);
    const what = `copy ${where}`;
    const wrong = (place: string, reason: string): AuditReport => ({
      ...report,
      exit: 1,
      items: [...items, { what, outcome: 'wrong', detail: reason }],
      at: join(where, place),
      reason,
    });
    if (copy.size < 0) {
      if (copy.fault === 'missing' && !hasTiles(copy.path)) continue;
      return wrong('checkpoint', copy.fault ?? 'the checkpoint cannot be read');
    }
    const root = await reader.root(copy.size);
    if (toHex(root) !== toHex(copy.root!))
      return wrong(
        'checkpoint',
        `this copy shows another history than ${relative(resolve(folder), main.path)} at size ${copy.size}`,
      );
    const tiles = await verifyTiles(folderStore(copy.path), { size: copy.size, root });
    if (!tiles.ok) return wrong(tiles.fault.at, tiles.fault.reason);
    if (tiles.beyond.length > 0) return wrong(tiles.beyond[0], 'a file beyond the checkpoint: nothing vouches for it');
    items.push({
      what,
      outcome: 'checked',
      detail: `${tiles.tiles} tiles and bundles, a beginning of the same history (size ${copy.size})`,
    });
  }
  return { ...report, items };
}

/** Blobs of the hub under a folder, for readers that want more than a verdict. */
export async function openFolder(folder: string): Promise<{ readonly blobs: BlobReader }> {
  const logs = findLogs(resolve(folder)).map(path => blobsUnder(folder, path));
  return {
    blobs: async digest => {
      for (const read of logs) {
        const bytes = await read(digest);
        if (bytes) return bytes;
      }
      return undefined;
    },
  };
}

function at(report: AuditReport, where: string): AuditReport {
  return report.at === undefined ? report : { ...report, at: join(where, report.at) };
}

/** Folders with a `tile` folder or a checkpoint beside where one belongs. */
function findLogs(folder: string, depth = 0): string[] {
  if (!existsSync(folder)) throw new CommandError(`there is no folder ${folder}`, 3);
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.some(e => e.isDirectory() && e.name === 'tile')) return [folder];
  if (depth > 5) return [];
  return entries
    .filter(e => e.isDirectory() && !e.isSymbolicLink())
    .flatMap(e => findLogs(join(folder, e.name), depth + 1));
}

function hasTiles(path: string): boolean {
  return readdirSync(join(path, 'tile'), { recursive: true }).length > 0;
}

async function checkpointOf(path: string): Promise<{ size: number; root?: Uint8Array; fault?: string; own: boolean }> {
  const own = existsSync(join(path, 'checkpoint.final'));
  try {
    const note = await folderStore(path).read('checkpoint');
    if (!note) return { size: -1, fault: 'missing', own };
    const { size, root } = parseCheckpoint(parseNote(note).text);
    return { size, root, own };
  } catch (error) {
    return { size: -1, fault: error instanceof Error ? error.message : String(error), own };
  }
}

/** Blobs lie beside the hub's log. */
function blobsUnder(_folder: string, log: string): BlobReader {
  return async digest => {
    try {
      return new Uint8Array(await readFile(join(dirname(log), 'blobs', digest.slice(0, 2), digest)));
    } catch {
      return undefined;
    }
  };
}
