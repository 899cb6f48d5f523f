// study.propose: the question, its shape, privacy and deadlines, the aggregators and who reads the result. Its id is the study's name.
import { asciiLine, base64, digest, handle, type Infer, integer, line, list, object, oneOf } from '../schema.ts';
import type { Study } from '../state.ts';
import { put, refuse, type StatementType } from '../statement-type.ts';

/** No study goes below this many contributors, whatever it declares. */
export const CONTRIBUTOR_FLOOR = 3;
const YEAR = 366 * 86_400;

const body = object({
  kind: handle,
  version: integer(1, 1_000),
  title: line(200),
  purpose: asciiLine(64),
  query: digest,
  code: digest,
  datasets: list(handle, 1, 400),
  shape: object({
    encoding: oneOf('prio3-sumvec', 'prio3-histogram', 'masked-sum'),
    length: integer(1, 2 ** 27),
    maximum: integer(1, Number.MAX_SAFE_INTEGER),
    field: integer(32, 128),
    proofs: integer(1, 8),
    chunk: integer(1, 2 ** 27),
  }),
  rounds: integer(1, 1_000),
  minimum: integer(CONTRIBUTOR_FLOOR, 10_000),
  aggregators: list(handle, 2, 5),
  collector: handle,
  charges: list(
    object({
      unit: handle,
      period: handle,
      sensitivitySquared: integer(1, Number.MAX_SAFE_INTEGER),
      variance: integer(1, Number.MAX_SAFE_INTEGER),
    }),
    0,
    8,
  ),
  /** X-Wing public key for what goes sealed to the proposer: declines, and shares of a result that is not public. */
  replyKey: base64(1216),
  family: handle,
  differencing: oneOf('withhold', 'accept'),
  approveSeconds: integer(1, YEAR),
});

export type Proposal = Infer<typeof body>;

export const propose: StatementType<Proposal> = {
  kind: 'study.propose',
  summary: 'Proposes a study.',
  body,
  signers: ['researcher'],
  refusals: {
    'unknown-dataset': 'A dataset in the list is not registered.',
    'aggregators-not-separate':
      'Aggregators are of different organisations, of both seat classes, in different legal homes, and neither proposer, collector nor operator.',
    'minimum-unreachable': 'Fewer organisations could contribute than the minimum asks.',
    'unsafe-shape': 'With Field64 at least three proofs; sums must fit the field.',
    'unnoised-release': 'A study that charges a unit declares sensitivity and noise for it.',
  },
  apply: {
    1(state, { id, index, org, body: b }) {
      const owners = new Set<string>();
      for (const d of b.datasets) {
        const owner = state.datasets[d]?.org;
        if (owner === undefined) return refuse('unknown-dataset', `no dataset ${d} is registered`);
        owners.add(owner);
      }
      const seats = new Set<string>();
      const homes = new Set<string>();
      for (const a of b.aggregators) {
        const m = state.members[a];
        if (!m || m.left !== undefined || !m.roles.includes('aggregator'))
          return refuse('aggregators-not-separate', `${a} is not a member with the role of an aggregator`);
        if (a === org || a === b.collector || a === state.root!.operator)
          return refuse('aggregators-not-separate', `${a} proposes, collects or runs the hub and cannot aggregate`);
        seats.add(m.seat);
        homes.add(m.home);
      }
      if (new Set(b.aggregators).size !== b.aggregators.length || seats.size < 2 || homes.size !== b.aggregators.length)
        return refuse(
          'aggregators-not-separate',
          'aggregators must differ in organisation and legal home and be of both seat classes',
        );
      // An organisation may hold data and aggregate; it does not count towards the minimum.
      const able = [...owners].filter(o => !b.aggregators.includes(o)).length;
      if (able < b.minimum)
        return refuse(
          'minimum-unreachable',
          `${able} organisations own the datasets without aggregating; the minimum is ${b.minimum}`,
        );
      if (b.shape.encoding !== 'masked-sum' && b.shape.field === 64 && b.shape.proofs < 3)
        return refuse('unsafe-shape', 'Field64 needs at least three proofs');
      if (b.shape.encoding !== 'masked-sum' && b.shape.field !== 64 && b.shape.field !== 128)
        return refuse('unsafe-shape', 'Prio3 works over Field64 or Field128');
      if (b.collector !== 'public' && !state.members[b.collector])
        return refuse(
          'aggregators-not-separate',
          `the collector ${b.collector} is not a member; name a member or "public"`,
        );
      const study: Study = {
        org,
        kind: b.kind,
        version: b.version,
        title: b.title,
        purpose: b.purpose,
        query: b.query,
        code: b.code,
        datasets: b.datasets,
        shape: b.shape,
        rounds: b.rounds,
        minimum: b.minimum,
        aggregators: b.aggregators,
        collector: b.collector,
        charges: b.charges,
        replyKey: b.replyKey,
        family: b.family,
        differencing: b.differencing,
        approveBy: state.time + b.approveSeconds,
        stage: 'proposed',
        proposedAt: index,
        approvals: {},
        ready: {},
      };
      return { ...state, studies: put(state.studies, id, study) };
    },
  },
};
