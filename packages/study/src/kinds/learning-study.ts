// What can be learnt from a table at each node over the round protocol (iterated-sums.ts): the query that all learning kinds share, and how rows are read.
import { parseCsv, type Table } from '@madang/numerics';
import { gbdtLoss } from './gbdt/central.ts';
import { gbdt } from './gbdt/gbdt.ts';
import type { GbdtSpec } from './gbdt/spec.ts';
import type { GbdtState } from './gbdt/state.ts';
import { type GlmFamily, type GlmSpec, type GlmState, glm } from './glm/glm.ts';
import { type IteratedStudyKind, iteratedSums, type Sharing } from './iterated-sums.ts';
import { parseObject } from './kind.ts';
import { type KMeansSpec, type KMeansState, kmeans } from './kmeans/kmeans.ts';
import { type Learner, type Rows, train } from './learner.ts';
import { glmLoss, kmeansLoss, ridgeLoss } from './losses.ts';
import { evaluateNetwork } from './network/evaluate.ts';
import { network } from './network/network.ts';
import type { NetworkSpec, NetworkState } from './network/spec.ts';
import { type RidgeSpec, type RidgeState, ridge } from './ridge/ridge.ts';

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
  /** Default: proven. */
  readonly sharing?: Sharing;
  /** What the learner needs beside the above: its declaration without feature ranges and rows. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface LearningStudyKind extends IteratedStudyKind<LearningQuery> {
  /**
   * How well a model (`modelAfter`) does on a partner's own rows, worked out at home: mean loss in the kind's own terms, beside that of the same learner
   * trained on these rows alone. Throws on rows without the query's columns, and when there is no model yet.
   */
  evaluate(query: LearningQuery, model: unknown, csv: string): Evaluation;
}

export interface Evaluation {
  readonly rows: number;
  readonly loss: number;
  /** Trained on these rows and scored on them: flattered by having seen them. */
  readonly alone: number;
}

/** What can be learnt over the round protocol. */
export const learningStudyKinds: readonly LearningStudyKind[] = [
  learningStudy<RidgeState, RidgeSpec>(
    'ridge',
    (q, base) => ({ ...(q.settings as unknown as RidgeSpec), ...base, seed: String(q.settings['seed'] ?? '') }),
    ridge,
    ridgeLoss,
  ),
  ...(['linear', 'logistic', 'poisson'] as const).map((family: GlmFamily) =>
    learningStudy<GlmState, GlmSpec>(
      family,
      (q, base) => ({ hidden: 0, seed: '', ...(q.settings as object), ...base, family }) as GlmSpec,
      glm,
      glmLoss,
    ),
  ),
  learningStudy<GbdtState, GbdtSpec>(
    'gbdt',
    (q, base) => ({ ...(q.settings as unknown as GbdtSpec), ...base }),
    gbdt,
    (spec, state, rows) => gbdtLoss(spec, state.model, rows),
  ),
  learningStudy<NetworkState, NetworkSpec>(
    'network',
    (q, base) => ({ ...(q.settings as unknown as NetworkSpec), ...base }),
    network,
    evaluateNetwork,
  ),
  learningStudy<KMeansState, KMeansSpec>(
    'kmeans',
    (q, base) => ({ ...(q.settings as unknown as KMeansSpec), ...base }),
    kmeans,
    kmeansLoss,
  ),
];

interface Base {
  readonly featureRanges: readonly (readonly [number, number])[];
  readonly maxRows: number;
}

function learningStudy<State, Spec>(
  kind: string,
  specOf: (q: LearningQuery, base: Base) => Spec,
  learner: (spec: Spec) => Learner<Rows, State>,
  loss: (spec: Spec, state: State, rows: Rows) => number,
): LearningStudyKind {
  const spec = (q: LearningQuery, maxRows = q.maximumRows) =>
    specOf(q, { featureRanges: q.features.map(f => [f.low, f.high] as const), maxRows });
  return {
    ...iteratedSums<LearningQuery, Rows, State>({
      kind,
      parse: text => parseQuery(text, kind),
      learner: q => learner(spec(q)),
      data: async (q, source) => readRows(q, await source.file(q.file)),
      unit: q => ({ name: q.unit, rows: q.rowsPerUnit }),
      sharing: q => q.sharing ?? 'proven',
      describe: q => [
        `Trains "${kind}" on "${q.file}": ${q.features.map(f => `${f.column} (${f.low} to ${f.high})`).join(', ')}${q.target ? ` to predict ${q.target}` : ''}.`,
        `At most ${q.maximumRows} rows of this node, each clipped to the ranges above; a ${q.unit} has at most ${q.rowsPerUnit}.`,
      ],
    }),
    evaluate(q, model, csv) {
      const rows = readRows(q, csv);
      if (rows.count === 0) throw new RangeError(`${q.file}: no row has a target`);
      // Nobody's limit on rows is meant here: nothing leaves.
      const own = spec(q, Math.max(q.maximumRows, rows.count));
      const alone = train(learner(own), [rows]).state;
      return { rows: rows.count, loss: loss(own, model as State, rows), alone: loss(own, alone, rows) };
    },
  };
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
