// Verifies every log under a folder: the hub's own and every member's copy, which must all be beginnings of one history.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { isNoteKeys, type State } from '@madang/charter';
import { type AuditItem, type AuditReport, audit, type BlobReader } from '@madang/study/verify';
import {
  type BlobSource,
  countCosignatures,
  equalBytes,
  logReader,
  openCheckpoint,
  parseCheckpoint,
  parseNote,
  parseNoteVkeys,
  readTile,
  toHex,
  verifyTiles,
} from '@madang/trust';
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
    for (const path of tiles.beyond)
      if (!(await sameIn(store, folderStore(copy.path), path)))
        return wrong(path, 'a file beyond the checkpoint: nothing vouches for it');
    const fault = report.state && signatureFault(copy.note!, report.state);
    if (fault) return wrong('checkpoint', fault);
    items.push({
      what,
      outcome: 'checked',
      detail: `${tiles.tiles} tiles and bundles, a beginning of the same history (size ${copy.size})`,
    });
  }
  const blobs = await checkBlobs(join(dirname(main.path), 'blobs'));
  if (blobs.wrong === undefined) {
    if (blobs.count > 0)
      items.push({ what: 'blobs', outcome: 'checked', detail: `${blobs.count} files are what their names say` });
    return { ...report, items };
  }
  const reason = 'the file does not have the SHA-256 that names it';
  items.push({ what: 'blobs', outcome: 'wrong', detail: reason });
  return { ...report, exit: 1, items, at: relative(resolve(folder), blobs.wrong), reason };
}

/** A node writes full bundles before its next checkpoint, which it may not live to write: they must be those of the hub's log. */
async function sameIn(hub: BlobSource, copy: BlobSource, path: string): Promise<boolean> {
  const [theirs, own] = await Promise.all([readTile(hub, path), copy.read(path)]);
  return theirs !== undefined && own !== undefined && equalBytes(theirs, own);
}

/** What is wrong with the signatures on a copy's checkpoint: the log's own, and those of any witness that the log knows. */
function signatureFault(note: Uint8Array, state: State): string | undefined {
  try {
    if (state.root) openCheckpoint(note, parseNoteVkeys(state.root.logNotes, 'log'));
    const witnesses = Object.values(state.keys).flatMap(k =>
      k.use === 'replay-witness' && isNoteKeys(k.key) ? [{ id: k.org, vkeys: k.key }] : [],
    );
    const [fault] = countCosignatures(note, witnesses).faults;
    return fault && `${fault.id}: ${fault.why}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Every blob in a hub's folder against its name; one that a running hub has just removed is none. */
async function checkBlobs(folder: string): Promise<{ count: number; wrong?: string }> {
  if (!existsSync(folder)) return { count: 0 };
  let count = 0;
  for (const path of readdirSync(folder, { recursive: true }).map(String).sort()) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (!/^[0-9a-f]{64}$/.test(name)) continue;
    const bytes = await readFile(join(folder, path)).catch(() => undefined);
    if (!bytes) continue;
    if (createHash('sha256').update(bytes).digest('hex') !== name) return { count, wrong: join(folder, path) };
    count += 1;
  }
  return { count };
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

/** Folders with a `tile` folder, or with a checkpoint beside where one belongs. */
function findLogs(folder: string, depth = 0): string[] {
  if (!existsSync(folder)) throw new CommandError(`there is no folder ${folder}`, 3);
  const entries = readdirSync(folder, { withFileTypes: true });
  const isLog = (e: { name: string; isDirectory(): boolean }) =>
    e.isDirectory() ? e.name === 'tile' : e.name === 'checkpoint' || e.name === 'checkpoint.final';
  if (entries.some(isLog)) return [folder];
  if (depth > 5) return [];
  return entries
    .filter(e => e.isDirectory() && !e.isSymbolicLink())
    .flatMap(e => findLogs(join(folder, e.name), depth + 1));
}

function hasTiles(path: string): boolean {
  const tiles = join(path, 'tile');
  return existsSync(tiles) && readdirSync(tiles, { recursive: true }).length > 0;
}

interface Found {
  /** -1 when the checkpoint cannot be read. */
  readonly size: number;
  readonly root?: Uint8Array;
  readonly note?: Uint8Array;
  readonly fault?: string;
  /** A hub's own log, by the final checkpoint that only it keeps beside the other. */
  readonly own: boolean;
}

async function checkpointOf(path: string): Promise<Found> {
  const own = existsSync(join(path, 'checkpoint.final'));
  try {
    const note = await folderStore(path).read('checkpoint');
    if (!note) return { size: -1, fault: 'missing', own };
    const { size, root } = parseCheckpoint(parseNote(note).text);
    return { size, root, note, own };
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
