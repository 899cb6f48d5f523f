// One entry checked with what it rests on, without the rest of the log (protocol, section 9): that it is in the log, who signed it with which key, who certified
// that key, and that a quorum of witnesses stands behind the very tree it hangs in. The rules themselves are not replayed: for them the witnesses' word is taken,
// or the whole log is replayed (audit.ts). Pure over the proof, which may come from a hub, a member or a file; it is believed in nothing.
import { judgeFinality } from '@madang/charter';
import {
  fingerprintWords,
  fromBase64,
  fromHex,
  leafHash,
  namesDigest,
  type Opened,
  openCheckpoint,
  openStatement,
  parseCheckpoint,
  parseNote,
  parseNoteVkeys,
  utf8,
  verifyInclusion,
} from '@madang/trust';
import type { AuditItem } from './audit.ts';
import { Known, Wrong } from './item-known.ts';
import { digestOf } from './round/binding.ts';

/** An entry as text with the hashes (base64) that lead from it to the root of the proof's checkpoint. */
export interface ProvenEntry {
  readonly index: number;
  readonly entry: string;
  readonly proof: readonly string[];
}

export interface ItemProof {
  readonly format: 'madang/item-proof/1';
  /** The entry that is to be checked. */
  readonly index: number;
  /** Checkpoint note, with the witnesses' cosignatures where the entry is final. */
  readonly checkpoint: string;
  /** The entry, the founding statement, and every statement that introduced a key or root that they rest on; ascending. */
  readonly entries: readonly ProvenEntry[];
  /** Files that the entry names, by SHA-256, base64. */
  readonly files: Readonly<Record<string, string>>;
}

export interface ItemReport {
  /** 0 all checked, 1 something is wrong, 3 something could not be checked. */
  readonly exit: 0 | 1 | 3;
  readonly items: readonly AuditItem[];
  readonly origin: string;
  readonly size: number;
  readonly root: readonly string[];
  readonly rootId: string;
  /** What the entry says, once its signatures are checked. */
  readonly said?: { readonly index: number; readonly kind: string; readonly org: string };
}

/** Checks a proof. `root`: any root statement that the reader trusts, by id or eight words (`readFingerprint`). Never throws on what the proof holds. */
export function checkItem(value: unknown, root?: string): ItemReport {
  const items: AuditItem[] = [];
  const facts = { origin: '', size: 0, root: [] as readonly string[], rootId: '' };
  let said: ItemReport['said'];
  const report = (): ItemReport => ({
    exit: items.some(i => i.outcome === 'wrong') ? 1 : items.some(i => i.outcome === 'not-checked') ? 3 : 0,
    items,
    ...facts,
    ...(said ? { said } : {}),
  });
  const add = (outcome: AuditItem['outcome'], what: string, detail: string) => items.push({ what, outcome, detail });
  try {
    const proof = readProof(value);
    const entries = inLog(proof, facts);
    add(
      'checked',
      `entry ${proof.index} is in the log`,
      `it and the ${entries.size - 1} statements it rests on hang in the tree of size ${facts.size}`,
    );
    const known = new Known();
    for (const [index, s] of [...entries].sort(([a], [b]) => a - b)) known.take(index, s);
    facts.rootId = known.rootId;
    facts.root = fingerprintWords(fromHex(known.rootId));
    add(
      'checked',
      'signatures',
      `both signatures of each of the ${entries.size} statements, by keys that these statements introduced`,
    );
    const item = entries.get(proof.index)!;
    said = { index: proof.index, kind: item.kind, org: item.org };
    add('checked', `who signed entry ${proof.index}`, item.signatures.map(g => known.chainOf(g.keyId)).join('; '));
    const walked = known.walkRoots();
    const start = root === undefined ? known.rootId : known.roots.find(id => namesDigest(root, id));
    if (start === undefined)
      throw new Wrong(
        'root',
        `the log was founded by ${known.rootId}; the root you gave is not among what this proof shows`,
      );
    facts.rootId = start;
    facts.root = fingerprintWords(fromHex(start));
    add(walked.outcome, 'root in force', walked.detail);
    const { origin } = openCheckpoint(utf8(proof.checkpoint), parseNoteVkeys(known.state.root!.logNotes, 'log'));
    if (origin !== known.state.origin)
      throw new Wrong('checkpoint', `it is of ${origin}, the log of ${known.state.origin}`);
    add('checked', 'checkpoint', `signed by the log ${origin} with Ed25519 and ML-DSA-44`);
    const verdict = judgeFinality(known.state, utf8(proof.checkpoint));
    if (verdict.faults.length > 0) throw new Wrong('witnesses', `${verdict.faults[0].id}: ${verdict.faults[0].why}`);
    if (verdict.final)
      add(
        'checked',
        'witnesses',
        `${verdict.good.length} cosigned size ${verdict.size} with both keys after replaying the rules; ${verdict.needed} are needed`,
      );
    else
      add(
        'not-checked',
        'witnesses',
        `${verdict.good.length} of ${verdict.needed} needed witnesses cosigned size ${verdict.size}: not final yet`,
      );
    for (const f of filesOf(item, proof)) add(f.outcome, f.what, f.detail);
  } catch (error) {
    const what = error instanceof Wrong ? error.what : 'proof';
    add('wrong', what, error instanceof Error ? error.message : String(error));
  }
  return report();
}

function readProof(value: unknown): ItemProof {
  const p = value as ItemProof;
  const text = (x: unknown) => typeof x === 'string';
  const entry = (e: ProvenEntry) =>
    Number.isSafeInteger(e?.index) && text(e.entry) && Array.isArray(e.proof) && e.proof.every(text);
  if (
    p?.format !== 'madang/item-proof/1' ||
    !Number.isSafeInteger(p.index) ||
    !text(p.checkpoint) ||
    !Array.isArray(p.entries) ||
    !p.entries.every(entry) ||
    typeof p.files !== 'object' ||
    p.files === null
  )
    throw new Wrong('proof', 'this is not a proof of an entry in the form of madang/item-proof/1');
  return p;
}

/** Opens every entry of the proof after checking that it is in the tree of the checkpoint. */
function inLog(proof: ItemProof, facts: { origin: string; size: number }): Map<number, Opened> {
  const checkpoint = parseCheckpoint(parseNote(utf8(proof.checkpoint)).text);
  facts.origin = checkpoint.origin;
  facts.size = checkpoint.size;
  const out = new Map<number, Opened>();
  for (const e of proof.entries) {
    const bytes = utf8(e.entry);
    const ok = verifyInclusion(leafHash(bytes), e.index, checkpoint.size, e.proof.map(fromBase64), checkpoint.root);
    if (!ok) throw new Wrong(`entry ${e.index}`, `it is not in the tree of size ${checkpoint.size}, or was changed`);
    out.set(e.index, openStatement(bytes));
  }
  if (out.get(0)?.kind !== 'root.found') throw new Wrong('root', 'the proof has no founding statement');
  if (!out.has(proof.index)) throw new Wrong('proof', `it does not hold entry ${proof.index}`);
  return out;
}

/** Files that forecasts and results name: whether the proof's copies are what was signed. */
function filesOf(item: Opened, proof: ItemProof): AuditItem[] {
  const named =
    item.kind === 'forecast.publish'
      ? item.body['csv']
      : item.kind === 'study.result'
        ? item.body['result']
        : undefined;
  if (typeof named !== 'string') return [];
  const what = 'the file it names';
  const text = proof.files[named];
  if (text === undefined)
    return [
      {
        what,
        outcome: 'not-checked',
        detail: `the proof has no copy of ${named.slice(0, 12)}… (a result for one reader has no public one)`,
      },
    ];
  if (digestOf(fromBase64(text)) !== named) throw new Wrong(what, 'its SHA-256 is not the one that was signed');
  return [{ what, outcome: 'checked', detail: `SHA-256 ${named.slice(0, 12)}… is what was signed` }];
}
