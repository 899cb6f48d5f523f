// The whole check of a log (protocol, section 9): every tile byte, checkpoint and cosignature, every signature and rule, every public result.
// Pure over two readers, so that the auditor's terminal and the visitor's browser run the same code. It says what it checked, item by item,
// against which keys, and what it could not check. It proves nothing about what aggregators added or whether data were true.
import { conclude, Replay, type State, UnknownRules } from '@madang/charter';
import {
  type BlobSource,
  checkpointPath,
  equalBytes,
  finalCheckpointPath,
  fingerprintWords,
  fromHex,
  namesDigest,
  openCheckpoint,
  parseCheckpoint,
  parseNote,
  parseNoteVkeys,
  parseTilePath,
  verifyTiles,
  widthAt,
} from '@madang/trust';
import { checkFinality } from './audit-finality.ts';
import { type AuditItem, faultOf } from './audit-item.ts';
import { checkDifferences, checkEvidence, checkResults } from './audit-rounds.ts';
import { checkNamedBlobs } from './named-blobs.ts';
import type { BlobReader } from './result.ts';

export type { AuditItem, BlobReader };

export interface AuditReport {
  /** 0 all checked, 1 something is wrong, 3 something could not be checked. */
  readonly exit: 0 | 1 | 3;
  readonly items: readonly AuditItem[];
  /** First fault: where, and what it means. */
  readonly at?: string;
  readonly reason?: string;
  readonly statements: number;
  readonly origin: string;
  readonly witnesses: number;
  readonly results: number;
  /** Fingerprint of the root that the check starts from, the founding one unless the reader gave a later one: eight words to compare with another source. */
  readonly root: readonly string[];
  readonly rootId: string;
  readonly state: State | undefined;
}

export interface AuditOptions {
  readonly source: BlobSource;
  readonly blobs: BlobReader;
  /** Any root statement that the reader trusts, by id or eight words (`readFingerprint`); absent: the log's founding one is taken and shown for comparison. */
  readonly root?: string;
  /** Called with entries done and their total. */
  readonly progress?: (done: number, total: number) => void;
}

/** Audits one log. Never throws on what the log holds; throws only when `source` itself fails. */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  const items: AuditItem[] = [];
  const run = new Replay();
  const facts = { statements: 0, origin: '', witnesses: 0, results: 0, root: [] as readonly string[], rootId: '' };
  const report = (at?: string, reason?: string): AuditReport => ({
    exit: items.some(i => i.outcome === 'wrong') ? 1 : items.some(i => i.outcome === 'not-checked') ? 3 : 0,
    items,
    ...(at === undefined ? {} : { at, reason }),
    ...facts,
    state: run.state.root ? run.state : undefined,
  });
  const wrong = (what: string, at: string, reason: string) => {
    items.push({ what, outcome: 'wrong', detail: reason });
    return report(at, reason);
  };

  const note = await options.source.read(checkpointPath);
  if (!note) {
    items.push({ what: 'checkpoint', outcome: 'not-checked', detail: 'there is no checkpoint to begin with' });
    return report(checkpointPath, 'there is no checkpoint to begin with');
  }
  let claimed: ReturnType<typeof parseCheckpoint>;
  try {
    claimed = parseCheckpoint(parseNote(note).text);
  } catch (error) {
    return wrong('checkpoint', checkpointPath, faultOf(error));
  }
  facts.origin = claimed.origin;

  // Tiles and entries: every byte hashes to the checkpoint's root; entries are replayed while they pass by.
  const finalNote = await options.source.read(finalCheckpointPath);
  const finals = finalNote ? [finalNote] : [note];
  const finalSize = sizeOf(finals[0]);
  let atFinal = undefined as State | undefined;
  let unknown = undefined as UnknownRules | undefined;
  const forecasts = new Map<string, string>();
  /** Roots that came into force: id, and the entry that made it so. */
  const roots: { readonly id: string; readonly since: number }[] = [];
  const onBundle = async (first: number, entries: readonly Uint8Array[]) => {
    if (unknown) return undefined;
    try {
      // The final checkpoint may end inside a bundle: the state just there judges it.
      const cut = finalSize > first && finalSize < first + entries.length ? finalSize - first : entries.length;
      for (const part of [entries.slice(0, cut), entries.slice(cut)]) {
        await run.pushAll(
          part.map(e => Uint8Array.from(e)),
          (state, s) => {
            if (state.root && state.root.id !== roots.at(-1)?.id)
              roots.push({ id: state.root.id, since: state.size - 1 });
            if (s?.kind === 'forecast.publish')
              forecasts.set(
                String(s.body['csv']),
                `the forecast of ${s.org} for ${s.body['target']} as of ${s.body['asOf']}`,
              );
          },
        );
        if (run.past.size === finalSize) atFinal = run.state;
      }
    } catch (error) {
      if (!(error instanceof UnknownRules)) throw error;
      unknown = error;
    }
    facts.statements = run.past.size;
    options.progress?.(run.past.size, claimed.size);
    return undefined;
  };
  const tiles = await verifyTiles(
    options.source,
    { size: claimed.size, root: claimed.root },
    { onBundle, readAhead: 8 },
  );
  if (!tiles.ok) return wrong('every byte of the log', tiles.fault.at, tiles.fault.reason);
  items.push({
    what: 'every byte of the log',
    outcome: 'checked',
    detail: `${tiles.tiles} tiles and bundles hash to the root of size ${claimed.size}`,
  });
  for (const path of await unexplained(options.source, tiles.beyond))
    items.push({ what: path, outcome: 'not-checked', detail: 'a file beyond the checkpoint: nothing vouches for it' });
  if (unknown) {
    items.push({ what: 'rules', outcome: 'not-checked', detail: unknown.message });
    return report(`entry ${run.past.size}`, unknown.message);
  }

  const verdict = conclude(run);
  if (!verdict.ok)
    return wrong('signatures and rules', `entry ${verdict.fault.index}`, `${verdict.fault.code}: ${verdict.fault.why}`);
  const voided =
    verdict.voided.length > 0 ? `; void by quorum: entries ${verdict.voided.map(v => v.index).join(', ')}` : '';
  items.push({
    what: 'signatures and rules',
    outcome: 'checked',
    detail: `${claimed.size} statements, both signatures of each, every rule${voided}`,
  });

  const root = run.state.root;
  if (!root) return wrong('root', 'entry 0', 'the log has not been founded');
  const { root: given } = options;
  const start = given === undefined ? roots[0] : roots.find(r => namesDigest(given, r.id));
  facts.rootId = (start ?? roots[0])?.id ?? '';
  facts.root = facts.rootId === '' ? [] : fingerprintWords(fromHex(facts.rootId));
  if (given !== undefined && !start)
    return wrong(
      'root',
      'entry 0',
      `the log was founded by ${facts.rootId}; the root you gave was never in force in it`,
    );
  if (given !== undefined && start) {
    const later = roots.length - 1 - roots.indexOf(start);
    const which = start === roots[0] ? 'the founding one' : `in force since entry ${start.since}`;
    items.push({ what: 'root', outcome: 'checked', detail: `starts from the root you gave, ${which}; ${later} later` });
  }

  try {
    const own = openCheckpoint(note, parseNoteVkeys(root.logNotes, 'log'));
    if (own.origin !== run.state.origin)
      return wrong('checkpoint', checkpointPath, `it is of ${own.origin}, the log of ${run.state.origin}`);
    if (!equalBytes(own.root, claimed.root))
      return wrong('checkpoint', checkpointPath, 'it has another root than its entries');
  } catch (error) {
    return wrong('checkpoint', checkpointPath, faultOf(error));
  }
  items.push({
    what: 'checkpoint',
    outcome: 'checked',
    detail: `signed by the log ${run.state.origin} with Ed25519 and ML-DSA-44`,
  });

  const finality = checkFinality(finals[0], atFinal ?? run.state, finalSize, claimed.size, run);
  items.push(finality.item);
  facts.witnesses = finality.good;
  if (finality.item.outcome === 'wrong')
    return report(finalNote ? finalCheckpointPath : checkpointPath, finality.item.detail);

  const results = await checkResults(run.state, options.blobs);
  results.items.push(...(await checkDifferences(run.state, options.blobs)));
  results.items.push(...(await checkEvidence(run.state, options.blobs)));
  results.items.push(...(await checkNamedBlobs(run.state, forecasts, options.blobs)));
  items.push(...results.items);
  facts.results = results.checked;
  const bad = results.items.find(i => i.outcome === 'wrong') ?? items.find(i => i.outcome === 'not-checked');
  return bad ? report(bad.what, bad.detail) : report();
}

/** Of files beyond a checkpoint those that a newer one, published meanwhile, does not cover either. */
async function unexplained(source: BlobSource, beyond: readonly string[]): Promise<readonly string[]> {
  if (beyond.length === 0) return [];
  const note = await source.read(checkpointPath);
  const size = note ? sizeOf(note) : -1;
  return beyond.filter(path => {
    const ref = parseTilePath(path);
    return !ref || ref.width > widthAt(Math.max(0, size), ref.level, ref.index);
  });
}

function sizeOf(note: Uint8Array): number {
  try {
    return parseCheckpoint(parseNote(note).text).size;
  } catch {
    return -1;
  }
}
