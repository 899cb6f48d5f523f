// A learning kind as the round protocol carries it: every round one vector of one length, whole numbers from 0 to a maximum, as Prio3 proves them.
// So numbers are shifted up by the round's limit, short vectors are filled with zeros, and the state is worked out from the public sums of the rounds
// before: no node needs to remember anything. Proven up to some 50,000 elements times bits; longer vectors go through masked sum, if the query says so.
import { parseCsv, type Table } from '@madang/numerics';
import { optimalChunkLength } from '@madang/privacy';
import { gbdt } from './gbdt/gbdt.ts';
import type { GbdtSpec } from './gbdt/spec.ts';
import { type GlmFamily, glm } from './glm/glm.ts';
import { type PublishedRound, parseObject, type StudyKind } from './kind.ts';
import { kmeans } from './kmeans/kmeans.ts';
import { checked, type Integers, type Learner, type Rows } from './learner.ts';
import { type NetworkSpec, network } from './network/network.ts';
import { type RidgeSpec, ridge } from './ridge/ridge.ts';

export interface LearningQuery {
  readonly kind: string;
  readonly version: 1;
  /** Name of the file that the steward declared: CSV with a header, one row a case. */
  readonly file: string;
  readonly features: readonly { readonly column: string; readonly low: number; readonly high: number }[];
  /** Column of the target; absent for kmeans. */
  readonly target?: string;
  /** Column of weights in [0, 1]; absent: all 1. */
  readonly weight?: string;
  /** Whose privacy the noise protects, e.g. person, and how many rows one has at most. */
  readonly unit: string;
  readonly rowsPerUnit: number;
  /** No node brings more rows. */
  readonly maximumRows: number;
  /**
   * How vectors are shared. `proven` (default): Prio3 proves every number in range. `ring-32`, `ring-64`: masked sum, for vectors too long to prove;
   * nothing then bounds a node that lies.
   */
  readonly sharing?: 'proven' | 'ring-32' | 'ring-64';
  /** What the learner needs beside the above: its declaration without feature ranges and rows. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A study kind whose rounds build on each other. */
export interface LearningStudyKind extends StudyKind<LearningQuery> {
  readonly buildsOnEarlier: true;
  /** The learner's state after the rounds published so far: the model. Plain data. */
  modelAfter(query: LearningQuery, rounds: readonly PublishedRound[]): unknown;
  /** Rounds that a proposal needs at most. */
  rounds(query: LearningQuery): number;
}

/** What can be learnt over the round protocol. */
export const learningStudyKinds: readonly LearningStudyKind[] = [
  learningStudy('ridge', (q, base) =>
    ridge({ ...(q.settings as unknown as RidgeSpec), ...base, seed: String(q.settings['seed'] ?? '') }),
  ),
  ...(['linear', 'logistic', 'poisson'] as const).map((family: GlmFamily) =>
    learningStudy(family, (q, base) =>
      glm({ hidden: 0, seed: '', ...(q.settings as object), ...base, family } as Parameters<typeof glm>[0]),
    ),
  ),
  learningStudy('gbdt', (q, base) => gbdt({ ...(q.settings as unknown as GbdtSpec), ...base })),
  learningStudy('network', (q, base) => network({ ...(q.settings as unknown as NetworkSpec), ...base })),
  learningStudy('kmeans', (q, base) => kmeans({ ...(q.settings as unknown as Parameters<typeof kmeans>[0]), ...base })),
];

interface Base {
  readonly featureRanges: readonly (readonly [number, number])[];
  readonly maxRows: number;
}

function learningStudy<State>(
  kind: string,
  build: (q: LearningQuery, base: Base) => Learner<Rows, State>,
): LearningStudyKind {
  const learnerOf = (q: LearningQuery) =>
    build(q, { featureRanges: q.features.map(f => [f.low, f.high] as const), maxRows: q.maximumRows });
  const stateOf = (q: LearningQuery, rounds: readonly PublishedRound[]) => {
    const learner = learnerOf(q);
    let state = learner.start();
    for (const r of rounds) {
      const ask = learner.ask(state);
      if (!ask) break;
      state = learner.absorb(state, unshift(r, ask.length, ask.limit), r.contributors, r.set);
    }
    return { learner, state };
  };
  return {
    kind,
    version: 1,
    buildsOnEarlier: true,
    parse(text) {
      const q = parseQuery(text, kind);
      learnerOf(q); // throws on a declaration that cannot be
      return q;
    },
    shape(q) {
      const { length, limit } = learnerOf(q).most;
      const maximum = 2n * limit;
      if (maximum > 2n ** 48n)
        throw new RangeError(
          `${kind}: numbers up to ${maximum} are too large for the round protocol; lower bits, rowNorm or maximumRows`,
        );
      const common = { length, maximum: Number(maximum), proofs: 1 };
      if (q.sharing === 'ring-32' || q.sharing === 'ring-64')
        return { ...common, encoding: 'masked-sum', field: q.sharing === 'ring-32' ? 32 : 64, chunk: 1 };
      const bits = maximum.toString(2).length;
      if (length * bits > MOST_PROVEN)
        throw new RangeError(
          `${kind}: ${length} numbers of ${bits} bits are too many to prove; make the model smaller or use "sharing": "ring-64" without proofs`,
        );
      return { ...common, encoding: 'prio3-sumvec', field: 128, chunk: optimalChunkLength(length * bits) };
    },
    sensitivitySquared(q, unit) {
      if (unit !== q.unit) return undefined;
      const d2 = learnerOf(q).most.sensitivitySquared(q.rowsPerUnit);
      return d2 <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(d2) : undefined;
    },
    rounds: q => learnerOf(q).most.rounds,
    describe(q) {
      const { most } = learnerOf(q);
      return [
        `Trains "${kind}" on "${q.file}": ${q.features.map(f => `${f.column} (${f.low} to ${f.high})`).join(', ')}${q.target ? ` to predict ${q.target}` : ''}.`,
        `At most ${q.maximumRows} rows of this node, each clipped to the ranges above; a ${q.unit} has at most ${q.rowsPerUnit}.`,
        `Leaves the node in each of up to ${most.rounds} rounds, as sealed shares each of which is random alone: sums over all rows, ${most.length} whole numbers.`,
        "Does not leave the node: rows, identifiers, the node's own sums.",
        ...(q.sharing === undefined || q.sharing === 'proven'
          ? []
          : ['No proof is made that numbers are in range: a node that lies can move the model by any amount.']),
      ];
    },
    async contribute(q, round, source, earlier = []) {
      if (earlier.length !== round - 1)
        throw new Error(
          `${kind}: round ${round} builds on the results of the ${round - 1} rounds before it; ${earlier.length} were given`,
        );
      const { learner, state } = stateOf(q, earlier);
      const { length, limit } = learner.most;
      const ask = learner.ask(state);
      const out = new Float64Array(length);
      if (!ask) return out; // it ended before its last round
      const vector = checked(learner.node(readRows(q, await source.file(q.file))).encode(state), ask);
      const shift = Number(ask.limit);
      for (let i = 0; i < vector.length; i++) out[i] = Number(vector[i]) + shift;
      if (ask.limit > limit) throw new RangeError(`${kind}: the round's numbers exceed the study's maximum`);
      return out;
    },
    decode(q, sums, noiseDeviation, rounds = []) {
      const { learner, state } = stateOf(q, rounds);
      const next = learner.ask(state);
      const base = { numbers: sums.length, noiseDeviation, round: rounds.length };
      // Anyone can work the model out from the rounds; with the last one it is published, if it is short enough to read.
      if (rounds.length === 0 || (next && rounds.length < learner.most.rounds))
        return { ...base, note: 'sums of one training round; the model follows from all rounds together' };
      const model = plainJson(state);
      return JSON.stringify(model).length <= MODEL_BYTES
        ? { ...base, model }
        : { ...base, note: 'the model is too long to be repeated here; it follows from all rounds together' };
    },
    modelAfter: (q, rounds) => stateOf(q, rounds).state,
  };
}

/** Prio3 takes seconds and megabytes beyond some 50,000; this is where a sealed share stops to be of use. */
const MOST_PROVEN = 250_000;
const MODEL_BYTES = 1 << 20;

/** Typed arrays as lists. */
function plainJson(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, v: unknown) =>
      ArrayBuffer.isView(v) ? Array.from(v as Float64Array) : typeof v === 'bigint' ? String(v) : v,
    ),
  );
}

function unshift(r: PublishedRound, length: number, limit: bigint): Integers {
  const shift = Number(limit) * r.contributors;
  return Float64Array.from({ length }, (_, i) => r.sums[i] - shift);
}

function parseQuery(text: string, kind: string): LearningQuery {
  const q = parseObject(text, 'the query') as unknown as LearningQuery;
  const need = (ok: unknown, what: string) => {
    if (!ok) throw new Error(`${kind}: ${what}`);
  };
  need(q.kind === kind && q.version === 1, `kind and version must be "${kind}" and 1`);
  need(typeof q.file === 'string' && q.file.length > 0, 'file must name a declared file');
  need(
    Array.isArray(q.features) && q.features.length > 0 && q.features.length <= 1000,
    'features must be a list of 1 to 1,000',
  );
  for (const f of q.features)
    need(
      typeof f?.column === 'string' && Number.isFinite(f.low) && Number.isFinite(f.high),
      'each feature needs column, low and high',
    );
  need(kind === 'kmeans' || typeof q.target === 'string', 'target must name a column');
  need(q.weight === undefined || typeof q.weight === 'string', 'weight must name a column');
  need(
    q.sharing === undefined || ['proven', 'ring-32', 'ring-64'].includes(q.sharing),
    'sharing must be "proven", "ring-32" or "ring-64"',
  );
  need(typeof q.unit === 'string' && q.unit.length > 0, 'unit must say whom the noise protects');
  for (const name of ['rowsPerUnit', 'maximumRows'] as const)
    need(Number.isSafeInteger(q[name]) && q[name] >= 1, `${name} must be a whole number above 0`);
  need(
    typeof q.settings === 'object' && q.settings !== null && !Array.isArray(q.settings),
    'settings must be an object',
  );
  return q;
}

/** Rows with a target; missing features stay missing. */
function readRows(q: LearningQuery, text: string): Rows {
  const table: Table = parseCsv(text, q.file);
  const columns = q.features.map(f => table.numbers(f.column));
  const target = q.target === undefined ? new Float64Array(table.length) : table.numbers(q.target);
  const weight = q.weight === undefined ? undefined : table.numbers(q.weight);
  const kept = Array.from({ length: table.length }, (_, i) => i).filter(i => !Number.isNaN(target[i]));
  return {
    count: kept.length,
    features: columns.length,
    x: Float64Array.from(
      { length: kept.length * columns.length },
      (_, k) => columns[k % columns.length][kept[Math.floor(k / columns.length)]],
    ),
    y: Float64Array.from(kept, i => target[i]),
    ...(weight ? { weight: Float64Array.from(kept, i => weight[i]) } : {}),
  };
}
