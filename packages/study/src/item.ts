// One entry checked with what it rests on, without the rest of the log (protocol, section 9): that it is in the log, who signed it with which key, who certified
// that key, and that a quorum of witnesses stands behind the very tree it hangs in. The rules themselves are not replayed: for them the witnesses' word is taken,
// or the whole log is replayed (audit.ts). Pure over the proof, which may come from a hub, a member or a file; it is believed in nothing.
import {
  emptyState,
  type HybridKey,
  isNoteKeys,
  judgeFinality,
  type KeyRecord,
  keyIdOf,
  type Member,
  type NoteKeys,
  noteKeyId,
  type Root,
  type State,
} from '@madang/charter';
import {
  decodePublicKey,
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
  quorum,
  utf8,
  verifyInclusion,
  verifyStatement,
} from '@madang/trust';
import type { AuditItem } from './audit.ts';
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

/** Thrown inside for the first thing that is wrong. */
class Wrong extends Error {
  readonly what: string;
  constructor(what: string, why: string) {
    super(why);
    this.what = what;
  }
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

interface Founder {
  readonly org: string;
  readonly name: string;
  readonly seat: Member['seat'];
  readonly home: string;
  readonly roles: readonly string[];
  readonly root: HybridKey;
  readonly witness: NoteKeys;
}

interface RootBody {
  readonly previous: string;
  readonly rules: number;
  readonly operator: string;
  readonly logNotes: NoteKeys;
  readonly witnesses: Root['witnesses'];
}

/** What the statements of a proof introduce: keys, seats and roots, each only after its own signatures have been checked. */
class Known {
  state: State = emptyState;
  rootId = '';
  /** The founding root and those that followed it, as far as `walkRoots` went. */
  readonly roots: string[] = [];
  private readonly keys: Record<string, KeyRecord> = {};
  private readonly members: Record<string, Member> = {};
  private readonly invited = new Map<string, ReadonlyMap<string, Omit<Founder, 'witness' | 'root'>>>();
  private readonly proposals: { readonly id: string; readonly body: RootBody; readonly agreed: Set<string> }[] = [];

  take(index: number, s: Opened): void {
    const body = s.body as Record<string, unknown>;
    if (s.kind === 'root.found')
      this.found(
        index,
        s.id,
        body as unknown as {
          founders: Founder[];
          origin: string;
          operator: string;
          rules: number;
          logKey: HybridKey;
          logNotes: NoteKeys;
        },
      );
    else if (s.kind === 'member.join' || s.kind === 'member.root')
      this.addKey(index, s.org, 'root', body['root'] as HybridKey);
    else if (s.kind === 'member.key')
      for (const k of body['keys'] as { use: KeyRecord['use']; key: HybridKey | NoteKeys }[])
        this.addKey(index, s.org, k.use, k.key);
    this.verify(index, s);
    if (s.kind === 'member.invite')
      this.invited.set(s.id, new Map((body['candidates'] as Founder[]).map(c => [c.org, c])));
    if (s.kind === 'member.join') {
      const c = this.invited.get(String(body['invitation']))?.get(s.org);
      if (c) this.members[s.org] = { ...c, root: keyIdOf(body['root'] as HybridKey), joined: index };
    }
    if (s.kind === 'root.propose')
      this.proposals.push({ id: s.id, body: body as unknown as RootBody, agreed: new Set([s.org]) });
    if (s.kind === 'root.agree') this.proposals.find(p => p.id === body['proposal'])?.agreed.add(s.org);
  }

  private found(
    index: number,
    id: string,
    b: { founders: Founder[]; origin: string; operator: string; rules: number; logKey: HybridKey; logNotes: NoteKeys },
  ): void {
    const witnesses: { org: string; key: string }[] = [];
    for (const f of b.founders) {
      this.addKey(index, f.org, 'root', f.root);
      this.addKey(index, f.org, 'replay-witness', f.witness);
      witnesses.push({ org: f.org, key: noteKeyId(f.witness) });
      this.members[f.org] = {
        name: f.name,
        seat: f.seat,
        home: f.home,
        roles: f.roles,
        root: keyIdOf(f.root),
        joined: index,
      };
    }
    this.addKey(index, b.operator, 'log', b.logKey);
    this.rootId = id;
    this.roots.push(id);
    const root: Root = {
      id,
      rules: b.rules,
      operator: b.operator,
      logKey: keyIdOf(b.logKey),
      logNotes: b.logNotes,
      witnesses,
    };
    this.state = { ...this.state, origin: b.origin, rules: b.rules, root, keys: this.keys, members: this.members };
  }

  private addKey(index: number, org: string, use: KeyRecord['use'], key: HybridKey | NoteKeys): void {
    const id = isNoteKeys(key) ? noteKeyId(key) : keyIdOf(key);
    this.keys[id] ??= { org, use, key, from: index, until: Number.MAX_SAFE_INTEGER };
  }

  private verify(index: number, s: Opened): void {
    const verdict = verifyStatement(s, id => {
      const k = this.keys[id];
      return k && !isNoteKeys(k.key) ? decodePublicKey(k.key) : undefined;
    });
    if (!verdict.ok) throw new Wrong(`entry ${index}`, verdict.refusal.why);
    if (!s.signatures.some(g => this.keys[g.keyId].org === s.org))
      throw new Wrong(`entry ${index}`, `it speaks for ${s.org}, and no key of ${s.org} signed it`);
    if (s.kind === 'member.key' && !s.signatures.every(g => this.keys[g.keyId].use === 'root'))
      throw new Wrong(`entry ${index}`, 'working keys were not certified by a root key');
  }

  /** In words where a key comes from. */
  chainOf(id: string): string {
    const k = this.keys[id];
    const short = `${id.slice(0, 12)}…`;
    if (k.use === 'root') return `${k.org} with its root key ${short}, known since entry ${k.from}`;
    if (k.use === 'log') return `the log's own key ${short}, named by the founding statement`;
    const seat = this.members[k.org];
    return `${k.org} with its ${k.use} key ${short}, certified by its root key in entry ${k.from}${seat ? `; its seat since entry ${seat.joined}` : ''}`;
  }

  /** From the founding root to the newest: each next one agreed to by a quorum of the organisations that witnessed under the one before. */
  walkRoots(): { readonly outcome: 'checked' | 'not-checked'; readonly detail: string } {
    let steps = 0;
    for (let more = true; more; ) {
      more = false;
      const current = this.state.root!;
      const before = current.witnesses.map(w => w.org);
      const votes = (p: (typeof this.proposals)[number]) => before.filter(org => p.agreed.has(org)).length;
      const [next] = this.proposals.filter(p => p.body.previous === current.id).sort((a, b) => votes(b) - votes(a));
      if (!next) break;
      const agreed = votes(next);
      const detail = `${agreed} of ${before.length} witnesses of root ${current.id.slice(0, 12)}… agreed to the next one`;
      if (agreed < quorum(before.length))
        return { outcome: 'not-checked', detail: `${detail}, too few to follow it without replaying the log` };
      const { rules, operator, logNotes, witnesses } = next.body;
      this.state = { ...this.state, root: { ...current, id: next.id, rules, operator, logNotes, witnesses } };
      this.roots.push(next.id);
      steps += 1;
      more = true;
    }
    return {
      outcome: 'checked',
      detail:
        steps === 0
          ? 'the founding statement is the root in force'
          : `${steps} later ${steps === 1 ? 'root follows' : 'roots follow'} from the founding statement, each agreed to by a quorum of the witnesses before it`,
    };
  }
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
