// The verifier as it runs in the reader's browser, off the page's thread: the same audit as `madang verify`, over files fetched from this origin.
// Nothing is taken from the browser's cache: a tile that was checked yesterday must be read again today.
import { type AuditReport, audit } from '@madang/study/verify';

export type VerifyMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly bytes: number }
  | {
      readonly kind: 'done';
      readonly report: Omit<AuditReport, 'state'>;
      readonly seconds: number;
      readonly bytes: number;
    }
  | { readonly kind: 'failed'; readonly why: string };

const tell = (message: VerifyMessage) => self.postMessage(message);

let downloaded = 0;

async function get(path: string): Promise<Uint8Array | undefined> {
  const response = await fetch(`/${path}`, { cache: 'no-store', credentials: 'omit' });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`${path}: the hub answered ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  downloaded += bytes.length;
  return bytes;
}

/** The first bundle is read twice, for the replay and for the founding statement; the rest of a long log is not worth keeping. */
let first: { readonly path: string; readonly bytes: Uint8Array } | undefined;

async function readLog(path: string): Promise<Uint8Array | undefined> {
  if (first?.path === path) return first.bytes;
  const bytes = await get(path);
  if (bytes && /^tile\/entries\/000(\.p\/\d+)?$/.test(path)) first = { path, bytes };
  return bytes;
}

async function run(): Promise<void> {
  const started = performance.now();
  try {
    const { state: _state, ...report } = await audit({
      source: { read: readLog },
      blobs: digest => get(`v1/blobs/${digest}`),
      progress: (done, total) => tell({ kind: 'progress', done, total, bytes: downloaded }),
    });
    tell({ kind: 'done', report, seconds: (performance.now() - started) / 1000, bytes: downloaded });
  } catch (error) {
    tell({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
  }
}

void run();
