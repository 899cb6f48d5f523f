// One process a folder (Node only): an exclusive SQLite lock, which the kernel frees on kill -9. A pid file would go stale.
// Trap: keep the lock referenced: when it is collected, its file closes and the folder is free.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export class FolderTaken extends Error {
  readonly code = 'folder-taken';
  constructor(folder: string) {
    super(
      `another process works in ${folder}; two on one folder would damage it. Stop the other one, or give another folder`,
    );
  }
}

export interface Lock {
  release(): void;
}

/** Takes the folder for this process. Throws FolderTaken when another has it. */
export function lockFolder(folder: string): Lock {
  const db = new DatabaseSync(join(folder, 'lock.sqlite'));
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch {
    db.close();
    throw new FolderTaken(folder);
  }
  return { release: () => db.close() };
}
