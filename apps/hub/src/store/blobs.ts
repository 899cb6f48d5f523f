// Content-addressed blobs in a folder: written whole and synced under their SHA-256, so that a half-written file can never be taken for one.

import { mkdirSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes, sha256, toHex } from '@madang/trust';

export interface Blobs {
  /** Stores and returns the digest; the bytes are on disk when this resolves. */
  put(bytes: Uint8Array): Promise<string>;
  get(digest: string): Promise<Uint8Array | undefined>;
  remove(digest: string): Promise<void>;
}

export function folderBlobs(folder: string): Blobs {
  mkdirSync(folder, { recursive: true });
  const path = (digest: string) => join(folder, digest.slice(0, 2), digest);
  return {
    async put(bytes) {
      const digest = toHex(sha256(bytes));
      const target = path(digest);
      mkdirSync(join(folder, digest.slice(0, 2)), { recursive: true });
      const temporary = `${target}.${toHex(randomBytes(6))}`;
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, target);
      return digest;
    },
    async get(digest) {
      try {
        return new Uint8Array(await readFile(path(digest)));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    remove: digest => rm(path(digest), { force: true }),
  };
}
