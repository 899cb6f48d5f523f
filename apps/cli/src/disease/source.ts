// Reading a hub's public repository as it is laid out upstream, from a folder or from any base URL: with a cache on disk (ETag and
// SHA-256 beside each file), retries with growing pauses, a limit on size and time, and errors that say which file and why.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandError } from '../command.ts';

export interface SourceOptions {
  /** Folder for copies of what was fetched; none = no cache. */
  readonly cache?: string;
  /** Called with a plain sentence when something was retried or an older copy is used. */
  readonly log: (line: string) => void;
  readonly attempts?: number;
  readonly timeoutMs?: number;
  readonly firstPauseMs?: number;
}

export interface ReadOptions extends SourceOptions {
  /** The file has a date in its name and no longer changes: a copy in the cache, or that there was none, is enough. */
  readonly settled?: boolean;
}

export interface SourceFile {
  readonly text: string;
  readonly sha256: string;
  /** From the cache because the source could not be reached. */
  readonly stale: boolean;
}

const LARGEST = 256 * 1024 * 1024;

export const isAddress = (base: string): boolean => /^https?:\/\//.test(base);

/** A file of a source as messages name it: its address or its path. */
export const nameOf = (base: string, path: string): string =>
  isAddress(base)
    ? `${base.replace(/\/+$/, '')}/${path.split('/').map(encodeURIComponent).join('/')}`
    : join(base, path);

/** Names in a folder of a source that can list them: a folder; undefined for a base URL, and empty when there is no such folder. */
export async function listSource(base: string, path: string): Promise<readonly string[] | undefined> {
  if (isAddress(base)) return undefined;
  try {
    return (await readdir(join(base, path))).sort();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new CommandError(`${join(base, path)}: cannot be listed (${code})`, 3, { cause: error });
  }
}

/** Reads `path` under a base URL or folder. Returns undefined when it does not exist there. Throws CommandError (3) when unreachable. */
export async function readSource(base: string, path: string, o: ReadOptions): Promise<SourceFile | undefined> {
  if (!isAddress(base)) {
    try {
      const text = await readFile(join(base, path), 'utf8');
      return { text, sha256: digest(text), stale: false };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT') return undefined;
      throw new CommandError(`${join(base, path)}: cannot be read (${code})`, 3, { cause: error });
    }
  }
  const url = nameOf(base, path);
  const held = o.cache ? await cached(o.cache, url) : undefined;
  if (o.settled && held) return { text: held.text, sha256: held.sha256, stale: false };
  if (o.settled && o.cache && (await knownAbsent(o.cache, url))) return undefined;
  const attempts = o.attempts ?? 4;
  let why = '';
  let asked = 0;
  for (let k = 0; k < attempts; k++) {
    if (k > 0) {
      const pause = Math.max(asked, (o.firstPauseMs ?? 500) * 2 ** (k - 1));
      o.log(`${url}: ${why}; next try in ${pause / 1000} s`);
      await new Promise(resolve => setTimeout(resolve, pause));
    }
    try {
      const response = await fetch(url, {
        headers: held?.etag ? { 'if-none-match': held.etag } : {},
        signal: AbortSignal.timeout(o.timeoutMs ?? 30_000),
      });
      if (response.status === 304 && held) return { text: held.text, sha256: held.sha256, stale: false };
      if (response.status === 404) {
        if (o.settled && o.cache) await keepAbsent(o.cache, url);
        return undefined;
      }
      if (response.ok) {
        const text = await textOf(response, url);
        const sha256 = digest(text);
        if (o.cache) await keep(o.cache, url, { text, sha256, etag: response.headers.get('etag') ?? '' });
        return { text, sha256, stale: false };
      }
      why = `answered ${response.status}`;
      // A server may say how long to wait; longer than a minute is not waited for.
      asked = 1000 * Math.min(60, Number(response.headers.get('retry-after')) || 0);
      if (response.status < 500 && response.status !== 429) break;
    } catch (error) {
      if (error instanceof CommandError) throw error;
      const cause = (error as { cause?: { code?: string } }).cause?.code;
      why = cause ?? (error instanceof Error ? error.message : String(error));
    }
  }
  if (held) {
    o.log(`${url}: ${why}; using the copy in the cache`);
    return { text: held.text, sha256: held.sha256, stale: true };
  }
  throw new CommandError(`${url}: ${why}; check the address and the connection, or give a folder with --source`, 3);
}

/** The body as text, read no further than {@link LARGEST} whatever length the server names or keeps to itself. */
async function textOf(response: Response, url: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > LARGEST) throw new CommandError(`${url}: more than the ${LARGEST} bytes that this program reads`, 3);
    parts.push(part);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

interface Held {
  readonly text: string;
  readonly sha256: string;
  readonly etag: string;
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const place = (cache: string, url: string) => join(cache, digest(url).slice(0, 32));

/** Forgets the copy of a file that turned out not to be what its name says: a page that asks for a password, say. */
export async function forget(base: string, path: string, o: SourceOptions): Promise<void> {
  if (!isAddress(base) || !o.cache) return;
  for (const kind of ['data', 'json']) await rm(`${place(o.cache, nameOf(base, path))}.${kind}`, { force: true });
}

/** A copy whose text no longer has its own checksum is not used. */
async function cached(cache: string, url: string): Promise<Held | undefined> {
  try {
    const text = await readFile(`${place(cache, url)}.data`, 'utf8');
    const meta = JSON.parse(await readFile(`${place(cache, url)}.json`, 'utf8')) as { sha256: string; etag: string };
    return meta.sha256 === digest(text) ? { text, ...meta } : undefined;
  } catch {
    return undefined;
  }
}

async function keep(cache: string, url: string, h: Held): Promise<void> {
  const at = place(cache, url);
  await mkdir(dirname(at), { recursive: true });
  await writeFile(`${at}.data.new`, h.text);
  await rename(`${at}.data.new`, `${at}.data`);
  await writeFile(`${at}.json`, JSON.stringify({ url, sha256: h.sha256, etag: h.etag }));
}

/** That a dated file is not there is remembered for a month: archives are sometimes filled in later. */
const ABSENT_MS = 30 * 86_400_000;

async function knownAbsent(cache: string, url: string): Promise<boolean> {
  try {
    const meta = JSON.parse(await readFile(`${place(cache, url)}.json`, 'utf8')) as { absent?: number };
    return meta.absent !== undefined && Date.now() - meta.absent < ABSENT_MS;
  } catch {
    return false;
  }
}

async function keepAbsent(cache: string, url: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  await writeFile(`${place(cache, url)}.json`, JSON.stringify({ url, absent: Date.now() }));
}
