// What the statements of a proof introduce: keys, seats and roots, each taken only after its own signatures have been checked.
import {
  emptyState,
  type HybridKey,
  isNoteKeys,
  type KeyRecord,
  keyIdOf,
  type Member,
  type NoteKeys,
  noteKeyId,
  type Root,
  type State,
} from '@madang/charter';
import { decodePublicKey, type Opened, quorum, verifyStatement } from '@madang/trust';

/** Thrown inside for the first thing that is wrong. */
export class Wrong extends Error {
  readonly what: string;
  constructor(what: string, why: string) {
    super(why);
    this.what = what;
  }
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

export class Known {
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
