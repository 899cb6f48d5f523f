// The disease forecasters' shared ridge (science/disease/shared-ridge) as a study: three rounds of sums for each day that a model is wanted for:
// location, scale, shape. The unit is `place-week`: one value of one place in one week after the frozen day, in whatever revision. Sums of the three
// rounds are in units of their own, so that one unit's influence, and with one noise its cost, is the same in each.
// Trap: weeks up to the frozen day set scales and climatologies and are not protected by the noise.
import {
  checkSharedRidge,
  dayOf,
  eachRow,
  PRIVATE_RIDGE,
  rowBounds,
  rowsOfPlaceWeek,
  type SharedRidgeFit,
  type SharedRidgeSpec,
  SUMS,
  type SumName,
  sharedRidgeRows,
  snapshot,
  solveShared,
  sumLength,
  weekOf,
} from '@madang/disease';
import { type IteratedStudyKind, iteratedSums, type Sharing } from './iterated-sums.ts';
import { parseObject } from './kind.ts';
import { type Ask, type Learner, mostOf } from './learner.ts';
import { readVintages } from './pooled-increments.ts';

export interface SharedRidgeQuery {
  readonly kind: 'shared-ridge';
  readonly version: 1;
  /** The signal whose series are learnt from, e.g. ILI. */
  readonly target: string;
  /** Rows begin after this day; scales and climatologies are of the weeks up to it, and of no later one. */
  readonly frozenOn: string;
  /** The days whose knowledge is learnt from; three rounds each. */
  readonly asOf: readonly string[];
  /** Days on which members publish forecasts with the newest model; absent: the asOf days. */
  readonly deadlines?: readonly string[];
  readonly spec: SharedRidgeSpec;
  /** No node brings more rows. */
  readonly maximumRows: number;
  /** Binary places of the first sum, 4 to 32; 10 where noise is added. */
  readonly bits: number;
  /** Variance that each aggregator will add to a number, 0 for none: only to say how far coefficients are drawn to 0. */
  readonly variance: number;
  readonly aggregators: number;
  readonly sharing?: Sharing;
}

/** Rounds of a release are counted here: which model is being made, and what of it is solved. */
export interface SharedRidgeState {
  readonly models: readonly SharedRidgeFit[];
  readonly upper?: Float64Array;
  readonly location?: Float64Array;
  readonly scale?: Float64Array;
}

type Rows = ReturnType<typeof sharedRidgeRows>;

export const sharedRidge: IteratedStudyKind<SharedRidgeQuery> = iteratedSums<SharedRidgeQuery, Rows, SharedRidgeState>({
  kind: 'shared-ridge',
  parse: parseSharedRidge,
  learner: sharedRidgeLearner,
  data: async (q, source, state) => rowsAsOf(q, await source.file('vintages'), q.asOf[state.models.length]),
  unit: q => ({ name: 'place-week', rows: rowsOfPlaceWeek(q.spec) }),
  sharing: q => q.sharing ?? 'proven',
  describe: q => [
    `Trains one model of how weekly values of ${q.target} rise and fall 1 to ${q.spec.steps} weeks ahead, from ${q.spec.terms.join(', ')}, as of ${q.asOf.join(', ')}.`,
    `Every value is divided by the place's own 95th percentile of the six years before ${q.frozenOn}; rows begin after that day, at most ${q.maximumRows}.`,
    `One value of one place in one week changes at most ${rowsOfPlaceWeek(q.spec)} rows, each of length at most ${q.spec.rowNorm}.`,
  ],
  publish: (_, state) =>
    state.models.length > 0 && !state.upper ? (state.models.at(-1) as SharedRidgeFit) : undefined,
});

/** A node's training rows as known on a day. */
export function rowsAsOf(q: SharedRidgeQuery, vintages: string, day: string): Rows {
  const series = snapshot(readVintages(vintages), dayOf(day)).filter(s => s.target === q.target);
  return sharedRidgeRows(series, q.spec, firstWeek(q));
}

const firstWeek = (q: SharedRidgeQuery) => weekOf(dayOf(q.frozenOn)) + 1;

/** The rounds as pure functions. Throws RangeError on a declaration that cannot be. */
export function sharedRidgeLearner(q: SharedRidgeQuery): Learner<Rows, SharedRidgeState> {
  const { spec } = q;
  checkSharedRidge(spec);
  // Whole numbers a real one; the same distance in every round.
  const reach = 2 ** q.bits * rowBounds(spec, 'location').diameter;
  const unit = (name: SumName) => reach / rowBounds(spec, name).diameter;
  const askOf = (name: SumName): Ask => {
    const length = sumLength(spec, name);
    const bounds = rowBounds(spec, name);
    // Half a unit of rounding on each side.
    const distance = BigInt(Math.ceil(bounds.diameter * unit(name)) + Math.ceil(Math.sqrt(length)));
    return {
      label: `${name} of the shared ridge`,
      length,
      limit: BigInt(q.maximumRows) * BigInt(Math.ceil(bounds.size * unit(name)) + 1),
      rowDiameterSquared: distance * distance,
    };
  };
  const next = (s: SharedRidgeState): SumName => (!s.location ? 'location' : !s.scale ? 'scale' : 'shape');
  const deviation = Math.sqrt(q.aggregators * q.variance);
  return {
    kind: 'shared-ridge',
    most: mostOf(SUMS.length * q.asOf.length, SUMS.map(askOf)),
    start: () => ({ models: [] }),
    ask: s => (s.models.length < q.asOf.length ? askOf(next(s)) : undefined),
    node: rows => ({
      encode(state) {
        if (rows.rows > q.maximumRows)
          throw new RangeError(
            `shared ridge: ${rows.rows} rows, but the study allows ${q.maximumRows} a node; do not take part`,
          );
        const name = next(state);
        const out = new Float64Array(sumLength(spec, name));
        const scale = unit(name);
        eachRow(rows, spec, state, (k, value) => {
          out[k] += Math.round(scale * value);
        });
        return out;
      },
    }),
    absorb(state, sum) {
      const name = next(state);
      const reals = Float64Array.from(sum as Float64Array, v => Number(v) / unit(name));
      const weeks = weekOf(dayOf(q.asOf[state.models.length])) - firstWeek(q) + 1;
      const noise = deviation / unit('location');
      if (name === 'location') {
        const p = 1 + spec.terms.length;
        const upper = reals.slice(0, reals.length - p);
        const location = solveShared(spec, upper, reals.slice(reals.length - p), weeks, noise, name);
        return { models: state.models, upper, location };
      }
      if (name === 'scale')
        return { ...state, scale: solveShared(spec, state.upper as Float64Array, reals, weeks, noise, name) };
      const { location, scale } = state as Required<SharedRidgeState>;
      return { models: [...state.models, { location, scale, shape: reals }] };
    },
  };
}

/** How many whole numbers one in a sum counts as, by the study's declaration: `variance` is in their square. */
export function sharedRidgeSensitivity(q: Pick<SharedRidgeQuery, 'spec' | 'bits'>): number {
  const full = { ...q, asOf: ['2000-01-01'], frozenOn: '2000-01-01', maximumRows: 1, variance: 0, aggregators: 2 };
  const most = sharedRidgeLearner(full as unknown as SharedRidgeQuery).most;
  return Number(most.sensitivitySquared(rowsOfPlaceWeek(q.spec)));
}

function parseSharedRidge(text: string): SharedRidgeQuery {
  const q = parseObject(text, 'the query') as unknown as SharedRidgeQuery;
  const need = (ok: boolean, what: string) => {
    if (!ok) throw new Error(`shared-ridge: ${what}`);
  };
  need(q.kind === 'shared-ridge' && q.version === 1, 'kind and version must be "shared-ridge" and 1');
  need(typeof q.target === 'string' && q.target.length > 0, 'target must name a signal');
  need(Array.isArray(q.asOf) && q.asOf.length > 0, 'asOf must name at least one day');
  for (const d of [q.frozenOn, ...q.asOf, ...(q.deadlines ?? [])]) dayOf(d);
  need(
    q.asOf.every((d, i) => d > (q.asOf[i - 1] ?? q.frozenOn)),
    'asOf days must follow each other, all after frozenOn',
  );
  const whole = (x: number, low: number, high: number) => Number.isSafeInteger(x) && x >= low && x <= high;
  need(whole(q.maximumRows, 1, 10_000_000), 'maximumRows must be a whole number above 0');
  need(whole(q.bits, 4, 32), 'bits must be 4 to 32');
  need(whole(q.variance, 0, Number.MAX_SAFE_INTEGER), 'variance must be a whole number, 0 for none');
  need(whole(q.aggregators, 2, 5), 'aggregators must be 2 to 5');
  need(
    q.sharing === undefined || ['proven', 'ring-32', 'ring-64'].includes(q.sharing),
    'sharing must be "proven", "ring-32" or "ring-64"',
  );
  checkSharedRidge(q.spec);
  return q;
}

/** The usual query for noised sums: what a proposal fills in is the target and the days. */
export function privateSharedRidge(
  q: Pick<SharedRidgeQuery, 'target' | 'frozenOn' | 'asOf' | 'deadlines' | 'maximumRows' | 'variance'>,
): SharedRidgeQuery {
  return { kind: 'shared-ridge', version: 1, spec: PRIVATE_RIDGE, bits: 10, aggregators: 2, ...q };
}
