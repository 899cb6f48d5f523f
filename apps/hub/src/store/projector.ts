// Keeps the tables behind the log: the batches of a quarter of a second become one transaction. The tables may lag that
// long; what does not fit is tried again; entries that the tables lack are in the log, and the next start reads them from there.
import type { History, State } from '@madang/charter';
import type { Kysely } from 'kysely';
import type { Tables } from './database.ts';
import { type Projected, project } from './projections.ts';

export const ROWS_A_TRANSACTION = 2_000;
/** Rows that may wait (those of forecasts hold up to 32 kB); beyond it the log waits too. */
const MAX_WAITING = 10_000;
/** Rest between transactions: the embedded engine runs on the thread that answers requests, and 200 rows cost it hardly more than 20. */
const REST_MS = 250;
const MAX_RETRY_MS = 60_000;

export class Projector {
  private readonly db: Kysely<Tables>;
  private readonly past: History;
  private readonly say: (line: string) => void;
  private queue: Projected[] = [];
  private shown: State;
  private newest: State | undefined;
  private running: Promise<void> | undefined;
  private closing = false;
  private settling: { readonly index: number; readonly resolve: () => void }[] = [];
  private wake: () => void = () => undefined;

  /** `shown`: the state that the tables show now. */
  constructor(db: Kysely<Tables>, past: History, shown: State, say: (line: string) => void) {
    this.db = db;
    this.past = past;
    this.shown = shown;
    this.say = say;
  }

  /** Takes the next entries, in order, and the state after them. Resolves when more may come. */
  async add(rows: readonly Projected[], state: State): Promise<void> {
    this.queue.push(...rows);
    this.newest = state;
    this.running ??= this.run();
    if (this.queue.length > MAX_WAITING) {
      this.wake();
      await this.running;
    }
  }

  /** Resolves when the tables show all that was added before, or the database did not take it just now. */
  async settled(): Promise<void> {
    const last = this.queue.at(-1);
    if (!last || !this.running) return;
    this.wake();
    await new Promise<void>(resolve => this.settling.push({ index: last.index, resolve }));
  }

  /** Writes what waits, if the database takes it. */
  async close(): Promise<void> {
    this.closing = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (this.queue.length > 0) {
      try {
        await this.step(this.queue.slice(0, ROWS_A_TRANSACTION), this.newest!);
        failures = 0;
      } catch (error) {
        failures += 1;
        this.say(`tables: ${(error as Error).message.slice(0, 300)}; trying again`);
        this.answer(Number.POSITIVE_INFINITY);
        if (this.closing) break;
      }
      if (failures > 0) await this.pause(Math.min(MAX_RETRY_MS, 500 * 2 ** failures));
      else if (this.settling.length === 0 && this.queue.length < ROWS_A_TRANSACTION) await this.pause(REST_MS);
    }
    this.running = undefined;
  }

  private async step(rows: readonly Projected[], after: State): Promise<void> {
    const size = rows[rows.length - 1].index + 1;
    await project(this.db, { rows, before: this.shown, after, size, root: this.past.rootAt(size)! });
    this.shown = after;
    this.queue.splice(0, rows.length);
    this.answer(size);
  }

  private answer(size: number): void {
    const over = this.settling.filter(s => s.index < size);
    this.settling = this.settling.filter(s => s.index >= size);
    for (const s of over) s.resolve();
  }

  private pause(milliseconds: number): Promise<void> {
    if (this.closing) return Promise.resolve();
    return new Promise(resolve => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
