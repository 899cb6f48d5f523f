// The embedded engine: PostgreSQL in the process (PGlite), its files in a folder.
// To make an empty database takes it some eight seconds of processor time (initdb in WebAssembly): the build keeps one, and a new hub begins with a copy.
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PGlite } from '@electric-sql/pglite';

/** Where the build keeps the empty database; the same PGlite made it. */
export const KEPT = fileURLToPath(new URL('../generated/database', import.meta.url));

/** Opens the database in `folder`; where there is no such folder it is made, from `kept` if that is there. */
export async function openEmbedded(folder: string, kept = KEPT): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite');
  if (!existsSync(folder) && existsSync(kept)) copyWhole(kept, folder);
  return PGlite.create({
    dataDir: folder,
    // Smaller buffers than a server's: the tables are read through the pages of the file system anyway.
    startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB', '-c', 'wal_buffers=256kB'],
  });
}

/** A process that dies in the middle leaves no folder under the name. */
function copyWhole(from: string, to: string): void {
  const half = `${to}.new`;
  rmSync(half, { recursive: true, force: true });
  cpSync(from, half, { recursive: true });
  renameSync(half, to);
}
