// Models of members and of the log's entries, from the state and the tables.
import { type State, statementTypes } from '@madang/charter';
import { fromUtf8, openStatement, toHex } from '@madang/trust';
import type { EntryLine, EntryModel, LogModel, MemberLine, MemberModel } from '@madang/web';
import { sql } from 'kysely';
import type { Hub } from '../hub.ts';
import { ledgersOf } from './studies.ts';

const PAGE = 50;
const summaries = new Map(statementTypes.map(t => [t.kind, t.summary]));

export const nameIn = (state: State) => (org: string) => state.members[org]?.name ?? org;

export async function memberLines(hub: Hub): Promise<MemberLine[]> {
  const { state } = hub;
  const published = await hub.database.db
    .selectFrom('forecasts')
    .select(['org', sql<number>`count(*)`.as('n')])
    .groupBy('org')
    .execute();
  const forecasts = new Map(published.map(p => [p.org, Number(p.n)]));
  const datasets = new Map<string, number>();
  for (const d of Object.values(state.datasets)) datasets.set(d.org, (datasets.get(d.org) ?? 0) + 1);
  const witnesses = new Set((state.root?.witnesses ?? []).map(w => w.org));
  return Object.entries(state.members).map(([org, m]) => ({
    org,
    name: m.name,
    seat: m.seat,
    home: m.home,
    roles: m.roles,
    left: m.left !== undefined,
    witness: witnesses.has(org),
    datasets: datasets.get(org) ?? 0,
    forecasts: forecasts.get(org) ?? 0,
  }));
}

export async function memberModel(hub: Hub, org: string): Promise<MemberModel | undefined> {
  const { state } = hub;
  const record = state.members[org];
  if (!record || !Object.hasOwn(state.members, org)) return undefined;
  const member = (await memberLines(hub)).find(m => m.org === org)!;
  const keys = Object.entries(state.keys)
    .filter(([, k]) => k.org === org)
    .map(([id, k]) => ({
      id,
      use: k.use,
      from: k.from,
      until: k.until,
      ...(k.ended === undefined ? {} : { ended: k.ended }),
    }));
  const handles = Object.entries(state.datasets)
    .filter(([, d]) => d.org === org)
    .map(([handle]) => handle);
  const studies = Object.entries(state.studies).flatMap(([id, s]) => {
    const parts = [
      s.org === org && 'asked',
      s.aggregators.includes(org) && 'adds up',
      s.approvals[org] && 'approved',
      Object.values(s.opening?.rounds ?? {}).some(r => r.transcript?.organisations.includes(org)) && 'contributed',
    ].filter(p => typeof p === 'string');
    return parts.length > 0 ? [{ id, title: s.title, part: parts.join(', ') }] : [];
  });
  return {
    member,
    joined: record.joined,
    root: record.root,
    keys: keys.sort((a, b) => a.from - b.from),
    datasets: handles.map(handle => ({ handle, ledgers: ledgersOf(state, [handle]) })),
    studies,
    recent: await entryLines(hub, { org, limit: 20 }),
  };
}

interface EntryQuery {
  readonly before?: number;
  readonly kind?: string;
  readonly org?: string;
  readonly limit: number;
  /** Leaves out the log's own statements of the time. */
  readonly acts?: boolean;
}

export async function entryLines(hub: Hub, q: EntryQuery): Promise<EntryLine[]> {
  const name = nameIn(hub.state);
  let query = hub.database.db
    .selectFrom('statements as s')
    .leftJoin('forecasts as f', 'f.index', 's.index')
    .select(['s.index', 's.kind', 's.org', 's.time', 'f.target', 'f.as_of']);
  if (q.before !== undefined) query = query.where('s.index', '<', q.before);
  if (q.kind !== undefined) query = query.where('s.kind', '=', q.kind);
  if (q.org !== undefined) query = query.where('s.org', '=', q.org);
  if (q.acts) query = query.where('s.kind', '!=', 'log.time');
  const rows = await query.orderBy('s.index', 'desc').limit(q.limit).execute();
  return rows.map(({ index, kind, org, time, target, as_of }) => ({
    index: Number(index),
    kind,
    org,
    time: Number(time),
    name: name(org),
    ...(target !== null && as_of !== null ? { forecast: { target, asOf: as_of } } : {}),
  }));
}

export async function logModel(hub: Hub, before: number | undefined, kind: string | undefined): Promise<LogModel> {
  const size = hub.log.published?.size ?? 0;
  const entries = await entryLines(hub, {
    ...(before === undefined ? {} : { before }),
    ...(kind === undefined ? {} : { kind }),
    limit: PAGE + 1,
  });
  const shown = entries.slice(0, PAGE);
  return {
    entries: shown,
    ...(entries.length > PAGE ? { older: shown[PAGE - 1].index } : {}),
    ...(before !== undefined && before < size && kind === undefined ? { newer: Math.min(size, before + PAGE) } : {}),
    ...(kind === undefined ? {} : { kind }),
  };
}

/** One entry with what signed it and its proof under the newest final checkpoint, or the newest one when it is not final yet. */
export async function entryModel(hub: Hub, index: number): Promise<EntryModel | undefined> {
  const { state } = hub;
  const size = hub.log.published?.size ?? 0;
  if (index >= size) return undefined;
  const bytes = await hub.log.entry(index);
  const final = hub.finality.final;
  const isFinal = final !== undefined && index < final.size;
  const proofSize = isFinal ? final.size : size;
  const proof = (await hub.log.inclusion(index, proofSize)).map(toHex);
  const bad = state.inadmissible[String(index)];
  const about = {
    index,
    final: isFinal,
    bytes: bytes.length,
    proof,
    proofSize,
    ...(bad ? { refused: { code: bad.code, why: bad.why, voided: bad.voided } } : {}),
  };
  const row = await hub.database.db
    .selectFrom('statements')
    .select('time')
    .where('index', '=', index)
    .executeTakeFirst();
  const time = Number(row?.time ?? state.time);
  try {
    const s = openStatement(bytes);
    return {
      ...about,
      id: s.id,
      kind: s.kind,
      org: s.org,
      name: nameIn(state)(s.org),
      time,
      summary: summaries.get(s.kind) ?? '',
      payload: JSON.stringify(
        { kind: s.kind, org: s.org, ...(s.seen ? { seen: s.seen, until: s.until } : {}), body: s.body },
        null,
        2,
      ),
      signers: s.signatures.map(({ keyId }) => {
        const key = state.keys[keyId];
        return { keyId, ...(key ? { use: key.use, org: key.org } : {}) };
      }),
    };
  } catch {
    return {
      ...about,
      id: '',
      kind: 'unreadable',
      org: '',
      name: '',
      time,
      summary: 'Not a statement',
      payload: fromUtf8(bytes.slice(0, 4000)),
      signers: [],
    };
  }
}
