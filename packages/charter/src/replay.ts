// Replays a log: entry after entry, under the rules in force at each index. The hub, each witness, the auditor and the browser run this same code.
import { type Opened, openStatement, sha256, TrustError, toHex, utf8 } from '@madang/trust';
import { type AdmitOptions, admitStatement } from './admit.ts';
import { History } from './history.ts';
import { verifySignatures } from './signatures.ts';
import { emptyState, type State } from './state.ts';
import { isRefusal, put, type Refusal, refuse } from './statement-type.ts';

export interface Fault extends Refusal {
  readonly index: number;
}

/** A running replay. `state` is immutable: keep a reference to go back to it. */
export class Replay {
  state: State = emptyState;
  readonly past = new History();
  private readonly ids = new Map<string, number>();

  /** Index of a statement that is in the log already; the same act again adds nothing. */
  indexOf(id: string): number | undefined {
    return this.ids.get(id);
  }

  /** What admitting the statement would give, without taking it. */
  consider(opened: Opened, options: AdmitOptions = {}): State | Refusal {
    const known = this.ids.get(opened.id);
    if (known !== undefined) return refuse('replayed', `this statement is entry ${known} already`);
    return admitStatement(this.state, opened, this.past, options);
  }

  /**
   * Takes the next entry of a log. An entry that the rules refuse has no effect and is kept as inadmissible until a quorum voids it;
   * the fault is returned so that a witness can withhold its cosignature.
   */
  push(entry: Uint8Array, options: AdmitOptions = {}): Fault | undefined {
    let opened: Opened;
    try {
      opened = openStatement(entry);
    } catch (error) {
      if (!(error instanceof TrustError)) throw error;
      return this.record(entry, refuse(error.code, error.message));
    }
    return this.pushOpened(opened, options);
  }

  /** As `push`, for a statement whose form was read already. */
  pushOpened(opened: Opened, options: AdmitOptions = {}): Fault | undefined {
    const next = this.consider(opened, options);
    if (isRefusal(next)) return this.record(opened.bytes, next);
    this.take(opened, next);
    return undefined;
  }

  /** Takes a statement that was admitted on top of the present state, and the state that this gave. */
  take(opened: Opened, next: State): void {
    this.ids.set(opened.id, this.past.size);
    this.state = next;
    this.past.append(opened.bytes, next.time);
  }

  /** Takes many entries, their signatures verified side by side first. `after` sees the state after each, and the statement unless it was refused. Returns the faults. */
  async pushAll(
    entries: readonly Uint8Array[],
    after?: (state: State, statement: Opened | undefined) => void,
  ): Promise<Fault[]> {
    const opened = entries.map(e => {
      try {
        return openStatement(e);
      } catch {
        return undefined;
      }
    });
    const readable = opened.filter(o => o !== undefined);
    const verified = await verifySignatures(this.state, readable);
    const good = new Set(readable.filter((_, i) => verified[i]));
    const faults: Fault[] = [];
    for (const [i, o] of opened.entries()) {
      // What did not verify is checked again in its place, so that the refusal says why.
      const fault = o ? this.pushOpened(o, { signaturesVerified: good.has(o) }) : this.push(entries[i]);
      if (fault) faults.push(fault);
      after?.(this.state, fault ? undefined : o);
    }
    return faults;
  }

  private record(entry: Uint8Array, refusal: Refusal): Fault {
    const index = this.past.size;
    this.past.append(entry, this.state.time);
    const record = { leaf: this.past.leaf(index), code: refusal.code, why: refusal.why, voidedBy: [], voided: false };
    this.state = { ...this.state, size: index + 1, inadmissible: put(this.state.inadmissible, String(index), record) };
    return { ...refusal, index };
  }
}

export type ReplayResult =
  | { readonly ok: true; readonly state: State; readonly voided: readonly Fault[] }
  | { readonly ok: false; readonly fault: Fault };

/** State of a whole log, or the first entry that the rules refuse and no quorum voided. */
export function replay(entries: Iterable<Uint8Array>, options: AdmitOptions = {}): ReplayResult {
  const run = new Replay();
  for (const entry of entries) run.push(entry, options);
  return conclude(run);
}

/** The verdict on a replay that has taken all entries. */
export function conclude(run: Replay): ReplayResult {
  const faults = Object.entries(run.state.inadmissible).map(([index, f]) => ({ ...f, index: Number(index) }));
  const open = faults.find(f => !f.voided);
  if (open) return { ok: false, fault: { index: open.index, code: open.code, why: open.why } };
  return { ok: true, state: run.state, voided: faults.map(f => ({ index: f.index, code: f.code, why: f.why })) };
}

/** Digest of a state in one canonical text (members sorted by code unit): what golden logs and snapshots compare. */
export function stateDigest(state: State): string {
  return toHex(sha256(utf8(canonicalText(state))));
}

/** As canonical JSON, without its limits on depth and number of keys: a state is as large as its log makes it. */
function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const record = value as Record<string, unknown>;
  const members = Object.keys(record)
    .filter(k => record[k] !== undefined)
    .sort()
    .map(k => `${JSON.stringify(k)}:${canonicalText(record[k])}`);
  return `{${members.join(',')}}`;
}
