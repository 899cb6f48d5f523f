// Public figures beside the signed forecasts: what a surveillance hub publishes anyway (series with their revisions, closing truth, other
// models' forecasts), in a folder that the operator names in a JSON file (MADANG_DISEASE). They are not out of the log, no member's node gave
// them, and the pages say so. Read in a thread of its own: megabytes of tables must not hold the hub.
import { Worker } from 'node:worker_threads';
import type { ChangeLog } from '@madang/disease';
import type { FiguresSource } from '@madang/web';

/** A published forecast of somebody else for one week of one place. */
export interface PeerForecast {
  readonly model: string;
  readonly role: 'baseline' | 'ensemble';
  readonly origin: string;
  readonly date: string;
  /** At the 23 levels. */
  readonly quantiles: Float64Array;
}

export interface PlaceFigures {
  readonly target: string;
  readonly place: string;
  readonly unit?: string;
  /** The change log of this place alone. */
  readonly log: ChangeLog;
  /** ISO weekday on which a week ends. */
  readonly weekEnds: number;
  /** What forecasts are scored against, by last day of the week. */
  readonly truth: ReadonlyMap<string, number>;
  readonly peers: readonly PeerForecast[];
}

export interface Figures {
  readonly source: FiguresSource;
  /** `target` in lower case, as statements name it. */
  place(target: string, place: string): PlaceFigures | undefined;
}

export type FiguresMessage =
  | { readonly kind: 'source'; readonly source: FiguresSource }
  | { readonly kind: 'place'; readonly figures: PlaceFigures }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly why: string };

/** Starts reading; resolves with undefined when no file is named or it cannot be read, which `log` is told. */
export function installedFigures(path: string | undefined, log: (line: string) => void): Promise<Figures | undefined> {
  if (path === undefined || path === '') return Promise.resolve(undefined);
  return new Promise(resolve => {
    const worker = new Worker(new URL('./figures-worker.ts', import.meta.url), { workerData: path });
    const places = new Map<string, PlaceFigures>();
    let source: FiguresSource | undefined;
    let ended = false;
    const end = (figures: Figures | undefined, why?: string) => {
      if (ended) return;
      ended = true;
      if (why !== undefined) log(`MADANG_DISEASE ${path}: ${why.slice(0, 500)}`);
      resolve(figures);
      void worker.terminate();
    };
    worker.on('message', (m: FiguresMessage) => {
      if (m.kind === 'source') source = m.source;
      else if (m.kind === 'place') places.set(`${m.figures.target}/${m.figures.place}`, m.figures);
      else if (m.kind === 'failed') end(undefined, m.why);
      else end({ source: source!, place: (t, p) => places.get(`${t}/${p}`) });
    });
    worker.on('error', error => end(undefined, error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => end(undefined, 'reading ended early'));
    worker.unref();
  });
}
