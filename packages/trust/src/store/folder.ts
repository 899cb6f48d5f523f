// A BlobStore in a folder (Node only). Write: temporary file, sync, rename, sync the folder. Append: write, sync.
// Traps: a rename is durable only when its folder was synced, a new folder only when its parent was; temporary files live in a
// folder of their own, so that no reader ever takes one for a tile.
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { toHex } from '../bytes/bytes.ts';
import { randomBytes } from '../crypto/index.ts';
import { TrustError } from '../error.ts';
import { type BlobStore, checkPath as checkStorePath } from './store.ts';

const temporaryFolder = 'tmp';

/** A store under `folder`, which is made when first written to. One writer at a time: the caller holds a lock. */
export function folderStore(folder: string): BlobStore {
  const root = resolve(folder);
  const durableFolders = new Set<string>();

  async function ensureFolder(folder: string): Promise<void> {
    if (durableFolders.has(folder)) return;
    const parent = dirname(folder);
    if (folder !== root) await ensureFolder(parent);
    await mkdir(folder, { recursive: true });
    await syncFolder(parent);
    durableFolders.add(folder);
  }

  /** Like any store's, but the temporary files' folder is nobody's. */
  function checkPath(path: string): void {
    checkStorePath(path);
    if (path.split('/')[0] === temporaryFolder)
      throw new TrustError('bad-path', `${path} is in the folder of temporary files`);
  }

  return {
    async read(path) {
      checkPath(path);
      try {
        return plain(await readFile(join(root, path)));
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw storeError(error, 'read', path);
      }
    },

    async write(path, bytes) {
      checkPath(path);
      const target = join(root, path);
      const temporary = join(root, temporaryFolder, toHex(randomBytes(8)));
      try {
        await ensureFolder(join(root, temporaryFolder));
        await ensureFolder(dirname(target));
        await withFile(temporary, 'wx', async file => {
          await file.writeFile(bytes);
          await file.sync();
        });
        await rename(temporary, target);
        await syncFolder(dirname(target));
      } catch (error) {
        durableFolders.clear();
        await rm(temporary, { force: true }).catch(() => undefined);
        throw storeError(error, 'write', path);
      }
    },

    async append(path, bytes) {
      checkPath(path);
      const target = join(root, path);
      try {
        await ensureFolder(dirname(target));
        const isNew = await withFile(target, 'a', async file => {
          const { size } = await file.stat();
          try {
            await file.appendFile(bytes);
            await file.datasync();
          } catch (error) {
            await file.truncate(size).catch(() => undefined);
            throw error;
          }
          return size === 0;
        });
        if (isNew) await syncFolder(dirname(target));
      } catch (error) {
        durableFolders.clear();
        throw storeError(error, 'append to', path);
      }
    },

    async list(prefix) {
      const folder = prefix.includes('/') ? prefix.slice(0, prefix.lastIndexOf('/')) : '';
      if (folder !== '') checkPath(folder);
      try {
        const found = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
        return found
          .filter(item => !item.isDirectory())
          .map(item => relative(root, join(item.parentPath, item.name)).replaceAll('\\', '/'))
          .filter(path => path.startsWith(prefix) && !path.startsWith(`${temporaryFolder}/`))
          .sort();
      } catch (error) {
        if (isAbsent(error)) return [];
        throw storeError(error, 'list', prefix);
      }
    },

    async remove(path) {
      checkPath(path);
      try {
        await rm(join(root, path), { force: true });
      } catch (error) {
        throw storeError(error, 'remove', path);
      }
    },

    async tidy() {
      await rm(join(root, temporaryFolder), { recursive: true, force: true });
      durableFolders.clear();
    },
  };
}

async function withFile<T>(path: string, flags: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

function syncFolder(path: string): Promise<void> {
  return withFile(path, 'r', file => file.sync());
}

function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error) ?? '');
}

function storeError(cause: unknown, what: string, path: string): TrustError {
  if (cause instanceof TrustError) return cause;
  const code = codeOf(cause);
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new TrustError('disk-full', `the disk is full: could not ${what} ${path}. Make room and send it again`, { cause })
    : new TrustError('store-failed', `could not ${what} ${path} (${code ?? 'unknown error'})`, { cause });
}
