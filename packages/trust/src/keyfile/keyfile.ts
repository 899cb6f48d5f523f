// Key files on disk, for Node only (`@madang/trust/keyfile`). A plain secret is read only from a file that nobody but its owner
// can read: the mode is taken from the opened file, so that it cannot be swapped between the look and the read.
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TrustError } from '../error.ts';
import { decodeKeyFile, encodeKeyFile, type LockedKey, type StoredKey } from './format.ts';

export type { LockedKey, StoredKey } from './format.ts';

const ownerOnly = 0o600;
const othersMask = 0o077;
const maxFileBytes = 65_536;

/**
 * Writes a new key file, readable by its owner alone, encrypted if a passphrase is given; it is on disk when this returns.
 * Throws TrustError 'key-exists' rather than write over a key.
 */
export async function writeKeyFile(path: string, key: StoredKey, passphrase?: string): Promise<void> {
  const text = await encodeKeyFile(key, passphrase);
  const file = await opened(path, 'wx');
  try {
    await file.chmod(ownerOnly);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Reads and unlocks a key. The passphrase is asked for only if the file is encrypted. `use` must be the one in the file. */
export async function readKeyFile(
  path: string,
  use: string,
  passphrase?: string | (() => string | Promise<string>),
): Promise<StoredKey> {
  const locked = await readLockedKey(path);
  if (locked.use !== use) {
    throw new TrustError('key-file', `${path} holds a key for "${locked.use}", one for "${use}" is needed`);
  }
  const given = locked.encrypted && typeof passphrase === 'function' ? await passphrase() : passphrase;
  return naming(path, () => locked.unlock(given as string | undefined));
}

/**
 * Reads a key file without unlocking it. Throws TrustError 'key-missing' where there is none, 'key-mode' on a plain key that
 * others can read, 'key-file' on anything that is no key file.
 */
export async function readLockedKey(path: string): Promise<LockedKey> {
  const file = await opened(path, 'r');
  try {
    const stats = await file.stat();
    if (!stats.isFile() || stats.size > maxFileBytes) throw new TrustError('key-file', `${path} is not a key file`);
    const text = await file.readFile('utf8');
    const locked = await naming(path, async () => decodeKeyFile(text));
    if (!locked.encrypted && (stats.mode & othersMask) !== 0) {
      const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
      throw new TrustError(
        'key-mode',
        `${path} holds a plain secret and has mode ${mode}: others may have read it. If nobody has, run: chmod 600 ${path}`,
      );
    }
    return locked;
  } finally {
    await file.close();
  }
}

async function opened(path: string, flags: 'r' | 'wx'): Promise<FileHandle> {
  try {
    return await open(path, flags, ownerOnly);
  } catch (cause) {
    switch ((cause as NodeJS.ErrnoException).code) {
      case 'ENOENT':
        throw new TrustError('key-missing', flags === 'r' ? `there is no key file ${path}` : `no folder for ${path}`, {
          cause,
        });
      case 'EEXIST':
        throw new TrustError('key-exists', `${path} exists already: a key is never written over`, { cause });
      default:
        throw new TrustError('key-file', `${path} cannot be opened: ${(cause as Error).message}`, { cause });
    }
  }
}

/** Puts the path before what went wrong. */
async function naming<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TrustError) throw new TrustError(error.code, `${path}: ${error.message}`);
    throw error;
  }
}
