// Model of a study: who was asked, who answered, what it cost. Everything is in the log's state but the query's text, which is a blob.
import { ledgerId, microRhoOf, type State, type Study } from '@madang/charter';
import { epsilonFromRho } from '@madang/privacy';
import { fromUtf8 } from '@madang/trust';
import type { DataKind, LedgerLine, RoundLine, StudyLine, StudyModel } from '@madang/web';
import type { Hub } from '../hub.ts';

const DELTA = 1e-5;
const QUERY_BYTES = 256 * 1024;
const epsilon = (microRho: number) => (microRho > 0 ? epsilonFromRho(microRho / 1e6, DELTA) : 0);

/** A study says in its title what its data are; the pages repeat it wherever something was made from them. */
export function dataKindOf(title: string): DataKind {
  if (/\bsimulated\b/i.test(title)) return 'simulated';
  return /\breal data\b/i.test(title) ? 'real' : 'unstated';
}

/** Budgets of datasets; with charges only those that they touch. */
export function ledgersOf(
  state: State,
  datasets: readonly string[],
  charges?: readonly { readonly unit: string; readonly period: string }[],
): LedgerLine[] {
  const wanted = charges && new Set(datasets.flatMap(d => charges.map(c => ledgerId(d, c.unit, c.period))));
  const own = new Set(datasets);
  return Object.entries(state.ledgers).flatMap(([id, l]) => {
    const [dataset, unit, period] = id.split('/');
    if (!own.has(dataset) || (wanted && !wanted.has(id))) return [];
    return [
      {
        dataset,
        org: state.datasets[dataset]?.org ?? '',
        unit,
        period,
        capEpsilon: epsilon(l.cap),
        spentEpsilon: epsilon(l.spent),
        capMicroRho: l.cap,
        spentMicroRho: l.spent,
        reservedMicroRho: l.reserved,
      },
    ];
  });
}

function studyLine(id: string, s: Study): StudyLine {
  return { id, title: s.title, stage: s.stage, kind: s.kind, data: dataKindOf(s.title), proposer: s.org };
}

/** All studies, the newest first. */
export function studyLines(state: State): StudyLine[] {
  return Object.entries(state.studies)
    .map(([id, s]) => studyLine(id, s))
    .reverse();
}

export async function studyModel(hub: Hub, id: string): Promise<StudyModel | undefined> {
  const { state } = hub;
  if (!Object.hasOwn(state.studies, id)) return undefined;
  const s = state.studies[id];
  const name = (org: string) => state.members[org]?.name ?? org;
  const bytes = await hub.blobs.get(s.query);
  const queryText = bytes && bytes.length <= QUERY_BYTES ? fromUtf8(bytes) : undefined;
  const owners = [...new Set(s.datasets.map(d => state.datasets[d]?.org).filter(o => o !== undefined))];
  return {
    ...studyLine(id, s),
    proposerName: name(s.org),
    version: s.version,
    purpose: s.purpose,
    query: s.query,
    ...(queryText === undefined ? {} : { queryText, ...(await inWords(s, queryText)) }),
    code: s.code,
    encoding: s.shape.encoding,
    numbers: s.shape.length,
    maximum: s.shape.maximum,
    minimum: s.minimum,
    rounds: s.rounds,
    differencing: s.differencing,
    collector: s.collector,
    aggregators: s.aggregators.map(org => ({
      org,
      name: name(org),
      home: state.members[org]?.home ?? '',
      seat: state.members[org]?.seat ?? '',
    })),
    asked: owners.map(org => {
      const approval = s.approvals[org];
      return {
        org,
        name: name(org),
        ...(approval && approval.withdrawn === undefined ? { approved: approval.index } : {}),
      };
    }),
    charges: s.charges.map(c => {
      const one = microRhoOf(c.sensitivitySquared, c.variance);
      return {
        unit: c.unit,
        period: c.period,
        variance: c.variance,
        deviation: Math.sqrt(s.aggregators.length * c.variance),
        sensitivitySquared: c.sensitivitySquared,
        epsilonRound: epsilon(one),
        epsilonAll: epsilon(one * s.rounds),
      };
    }),
    ledgers: ledgersOf(state, s.datasets, s.charges),
    done: await roundLines(hub, s, asOfDays(queryText)),
    ...(s.failure ? { failure: s.failure } : {}),
    proposedAt: s.proposedAt,
    ...(s.opening ? { openedAt: s.opening.index } : {}),
    closed: s.opening !== undefined && s.aggregators.every(a => s.opening!.closedBy.includes(a)),
    forecasts: s.opening ? await forecastsOf(hub, s.opening.id) : 0,
  };
}

async function roundLines(hub: Hub, s: Study, days: readonly string[]): Promise<RoundLine[]> {
  if (!s.opening) return [];
  const rows = await hub.database.db
    .selectFrom('results')
    .select(['index', 'round'])
    .where('opening', '=', s.opening.id)
    .execute();
  const entry = new Map(rows.map(r => [Number(r.round), Number(r.index)]));
  const opening = s.opening;
  // A kind may take several rounds for each day.
  const day = (i: number): string | undefined => days[Math.floor((i * days.length) / s.rounds)];
  return Array.from({ length: s.rounds }, (_, i) => {
    const number = i + 1;
    const r = opening.rounds[String(number)];
    const at = entry.get(number);
    return {
      number,
      ...(day(i) === undefined ? {} : { asOf: day(i) }),
      ...(r?.transcript ? { counted: r.transcript.organisations } : {}),
      ...(r?.differ ? { differ: r.differ } : {}),
      ...(r?.transcript?.twins
        ? { twins: Object.entries(r.transcript.twins).map(([org, evidence]) => ({ org, evidence })) }
        : {}),
      spent: r?.spent ?? false,
      revealed: Object.keys(r?.reveals ?? {}).length,
      ...(r?.result ? { result: { ...r.result, ...(at === undefined ? {} : { entry: at }) } } : {}),
    };
  });
}

/** The kind's own words for the steward; nothing for a kind or query that this program does not know. */
async function inWords(s: Study, queryText: string): Promise<Pick<StudyModel, 'leaves'>> {
  try {
    const { kindOf } = await import('@madang/study');
    const kind = kindOf(s.kind, s.version);
    return kind ? { leaves: kind.describe(kind.parse(queryText)) } : {};
  } catch {
    return {};
  }
}

/** Days that a query names for its rounds, where it names some. */
function asOfDays(text: string | undefined): readonly string[] {
  try {
    const { asOf } = JSON.parse(text ?? '{}') as { asOf?: unknown };
    return Array.isArray(asOf) ? asOf.filter(d => typeof d === 'string' && /^\d{4}-\d\d-\d\d$/.test(d)) : [];
  } catch {
    return [];
  }
}

async function forecastsOf(hub: Hub, opening: string): Promise<number> {
  const rows = await hub.database.db.selectFrom('forecasts').select('index').where('opening', '=', opening).execute();
  return rows.length;
}
