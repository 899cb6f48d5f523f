// What Verify does, wherever it runs: in a worker of a hub's page, or in a page saved to disk. The same audit as `madang verify`, over files fetched from this
// origin or picked by the reader; or one entry with its proof. Nothing is taken from the browser's cache: what was checked yesterday must be read again today.
import { checkItem, type ItemReport } from '@madang/study/item';
import { type AuditReport, audit } from '@madang/study/verify';

export type VerifyJob =
  /** The log at an address of this origin, ending in a slash. */
  | { readonly kind: 'log'; readonly base: string }
  /** A copy of the log, or a proof of an entry, as files of the reader. */
  | { readonly kind: 'files'; readonly files: readonly File[] }
  | { readonly kind: 'item'; readonly address: string }
  | { readonly kind: 'proof'; readonly text: string };

export type VerifyMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly bytes: number }
  | {
      readonly kind: 'done';
      readonly report: Omit<AuditReport, 'state'>;
      readonly seconds: number;
      readonly bytes: number;
    }
  | { readonly kind: 'item'; readonly report: ItemReport; readonly seconds: number; readonly bytes: number }
  | { readonly kind: 'failed'; readonly why: string };

export async function runVerify(job: VerifyJob, tell: (message: VerifyMessage) => void): Promise<void> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const count = { bytes: 0 };
  try {
    const proof = await proofIn(job, count);
    if (proof !== undefined) {
      tell({ kind: 'item', report: checkItem(proof), seconds: seconds(), bytes: count.bytes });
      return;
    }
    const { read, blob } =
      job.kind === 'files' ? filesReader(job.files, count) : originReader(job.kind === 'log' ? job.base : '/', count);
    const { state: _state, ...report } = await audit({
      source: { read: keepingFirst(read) },
      blobs: blob,
      progress: (done, total) => tell({ kind: 'progress', done, total, bytes: count.bytes }),
    });
    tell({ kind: 'done', report, seconds: seconds(), bytes: count.bytes });
  } catch (error) {
    tell({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
  }
}

type Read = (path: string) => Promise<Uint8Array | undefined>;

/** The proof of an entry that a job asks for or gives; undefined for a job on a whole log. */
async function proofIn(job: VerifyJob, count: { bytes: number }): Promise<unknown> {
  let text: string | undefined;
  if (job.kind === 'item') {
    const bytes = await fetched(job.address, count);
    if (!bytes) throw new Error('there is no such entry');
    text = new TextDecoder().decode(bytes);
  } else if (job.kind === 'proof') text = job.text;
  else if (job.kind === 'files' && job.files.length === 1) text = await job.files[0].text();
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error('the file is not a proof of an entry; for a whole log give its folder');
  }
}

async function fetched(address: string, count: { bytes: number }): Promise<Uint8Array | undefined> {
  const response = await fetch(address, { cache: 'no-store', credentials: 'omit' }).catch(() => {
    throw new Error('the hub does not answer');
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`${address}: the hub answered ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  count.bytes += bytes.length;
  return bytes;
}

function originReader(base: string, count: { bytes: number }): { read: Read; blob: Read } {
  return {
    read: path => fetched(`${base}${path}`, count),
    blob: digest => fetched(`${base}v1/blobs/${digest}`, count),
  };
}

/** A folder that the reader picked: wherever the checkpoint lies is the log; blobs are files named by their SHA-256. */
function filesReader(files: readonly File[], count: { bytes: number }): { read: Read; blob: Read } {
  const byPath = new Map(files.map(f => [f.webkitRelativePath || f.name, f]));
  const checkpoints = [...byPath.keys()].filter(p => /(^|\/)checkpoint$/.test(p)).sort((a, b) => a.length - b.length);
  if (checkpoints.length === 0)
    throw new Error('no file called "checkpoint" is in this folder: it is no copy of a log');
  const prefix = checkpoints[0].slice(0, -'checkpoint'.length);
  const blobs = new Map(files.filter(f => /^[0-9a-f]{64}$/.test(f.name)).map(f => [f.name, f]));
  const bytesOf = async (f: File | undefined) => {
    if (!f) return undefined;
    const bytes = new Uint8Array(await f.arrayBuffer());
    count.bytes += bytes.length;
    return bytes;
  };
  return { read: path => bytesOf(byPath.get(prefix + path)), blob: digest => bytesOf(blobs.get(digest)) };
}

/** The first bundle is read twice, for the replay and for the founding statement; the rest of a long log is not worth keeping. */
function keepingFirst(read: Read): Read {
  let first: { readonly path: string; readonly bytes: Uint8Array } | undefined;
  return async path => {
    if (first?.path === path) return first.bytes;
    const bytes = await read(path);
    if (bytes && /^tile\/entries\/000(\.p\/\d+)?$/.test(path)) first = { path, bytes };
    return bytes;
  };
}
