// The proof of one entry: the entry, the statements that introduced whatever it rests on (keys, seats, roots), and the way of each to the root of the newest
// final checkpoint. A reader needs nothing else of the log to check it (@madang/study/item).
import type { State } from '@madang/charter';
import type { ItemProof, ProvenEntry } from '@madang/study/item';
import { fromUtf8, type Opened, openStatement, toBase64 } from '@madang/trust';
import type { Hub } from '../hub.ts';

/** Files up to this size come with the proof. */
const FILE_BYTES = 512 * 1024;

/** Undefined when there is no such entry. */
export async function itemProof(hub: Hub, index: number): Promise<ItemProof | undefined> {
  const final = hub.finality.final;
  const isFinal = final !== undefined && index < final.size;
  const size = isFinal ? final.size : (hub.log.published?.size ?? 0);
  if (index >= size) return undefined;
  const state = (isFinal ? hub.finalState : undefined) ?? hub.state;
  const wanted = new Set([0, index, ...(await rootEntries(hub, state))]);
  const entries: ProvenEntry[] = [];
  const queue = [...wanted];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const bytes = await hub.log.entry(at);
    const proof = (await hub.log.inclusion(at, size)).map(h => toBase64(h));
    entries.push({ index: at, entry: fromUtf8(bytes), proof });
    for (const k of await restsOn(hub, state, bytes))
      if (k < size && !wanted.has(k)) {
        wanted.add(k);
        queue.push(k);
      }
  }
  const note = isFinal ? final.note : hub.log.checkpoint();
  return {
    format: 'madang/item-proof/1',
    index,
    checkpoint: fromUtf8(note),
    entries: entries.sort((a, b) => a.index - b.index),
    files: await filesOf(hub, index),
  };
}

/** Where the keys that signed a statement come from, the seats of their owners, and the invitation that a joining answers. */
async function restsOn(hub: Hub, state: State, bytes: Uint8Array): Promise<number[]> {
  const s = readable(bytes);
  const out: number[] = [];
  if (!s) return out;
  for (const { keyId } of s.signatures) {
    const key = state.keys[keyId];
    if (!key) continue;
    out.push(key.from);
    const member = state.members[key.org];
    if (member) out.push(member.joined);
  }
  if (s.kind === 'member.join') out.push(...(await indexesOf(hub, [String(s.body['invitation'])])));
  return out;
}

/** The chain of roots back to the founding one, with every agreement to them, and the keys of the witnesses that the newest names. */
async function rootEntries(hub: Hub, state: State): Promise<number[]> {
  const out: number[] = [];
  const { db } = hub.database;
  const rows = await db
    .selectFrom('statements')
    .select(['index', 'id', 'kind'])
    .where('kind', 'in', ['root.propose', 'root.agree'])
    .orderBy('index')
    .execute();
  const statements = await Promise.all(
    rows.map(async r => ({
      index: Number(r.index),
      id: r.id,
      kind: r.kind,
      body: openStatement(await hub.log.entry(Number(r.index))).body,
    })),
  );
  for (let id = state.root?.id; id !== undefined; ) {
    const proposal = statements.find(s => s.kind === 'root.propose' && s.id === id);
    if (!proposal) break;
    out.push(proposal.index);
    out.push(
      ...statements.filter(s => s.kind === 'root.agree' && s.body['proposal'] === proposal.id).map(s => s.index),
    );
    id = String(proposal.body['previous']);
  }
  for (const w of state.root?.witnesses ?? []) {
    const key = state.keys[w.key];
    if (key) out.push(key.from);
    const member = state.members[w.org];
    if (member) out.push(member.joined);
  }
  return out;
}

async function indexesOf(hub: Hub, ids: readonly string[]): Promise<number[]> {
  const rows = await hub.database.db.selectFrom('statements').select('index').where('id', 'in', ids).execute();
  return rows.map(r => Number(r.index));
}

async function filesOf(hub: Hub, index: number): Promise<Record<string, string>> {
  const s = readable(await hub.log.entry(index));
  if (!s) return {};
  const { kind, body } = s;
  const digest = kind === 'forecast.publish' ? body['csv'] : kind === 'study.result' ? body['result'] : undefined;
  if (typeof digest !== 'string') return {};
  const bytes = await hub.blobs.get(digest);
  return bytes && bytes.length <= FILE_BYTES ? { [digest]: toBase64(bytes) } : {};
}

/** An entry that is no statement can be in a log, and voided; its proof says so when it is checked. */
function readable(bytes: Uint8Array): Opened | undefined {
  try {
    return openStatement(bytes);
  } catch {
    return undefined;
  }
}
