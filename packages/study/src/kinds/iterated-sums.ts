// Rounds of sums as the round protocol carries them: every round one vector of one length, whole numbers from 0 to a maximum, as Prio3 proves them.
// So numbers are shifted up by the round's limit, short vectors are filled with zeros, and the state is worked out from the public sums of the rounds
// before by the learner's pure functions: no node needs to remember anything. A kind says how a query becomes a learner and how a node reads its data.
import { optimalChunkLength } from '@madang/privacy';
import type { DataSource, PublishedRound, StudyKind } from './kind.ts';
import { checked, type Integers, type Learner } from './learner.ts';

/**
 * How vectors are shared. `proven`: Prio3 proves every number in range; some 50,000 elements times bits. `ring-32`, `ring-64`: masked sum, for vectors
 * too long to prove; nothing then bounds a node that lies.
 */
export type Sharing = 'proven' | 'ring-32' | 'ring-64';

/** What a kind of iterated sums declares; all of it pure but `data`. */
export interface IteratedSums<Q, Data, State> {
  readonly kind: string;
  readonly parse: (text: string) => Q;
  readonly learner: (query: Q) => Learner<Data, State>;
  /** What the node computes on in the round that `state` asks for. */
  readonly data: (query: Q, source: DataSource, state: State) => Promise<Data>;
  /** Whom the noise protects, and how many rows (of the learner's asks) one has at most. */
  readonly unit: (query: Q) => { readonly name: string; readonly rows: number };
  readonly sharing: (query: Q) => Sharing;
  /** As in StudyKind. */
  readonly withoutNoise?: string;
  /** For the steward; what leaves and what is not proven is said here already. */
  readonly describe: (query: Q, most: Learner<Data, State>['most']) => readonly string[];
  /** What a result says beside the sums, in plain JSON; absent while there is nothing whole to say. Default: the state of the last round. */
  readonly publish?: (query: Q, state: State) => unknown;
}

/** A study kind whose rounds build on each other. */
export interface IteratedStudyKind<Q> extends StudyKind<Q> {
  readonly buildsOnEarlier: true;
  /** The learner's state after the rounds published so far: the model. Plain data. */
  modelAfter(query: Q, rounds: readonly PublishedRound[]): unknown;
  /** Rounds that a proposal needs at most. */
  rounds(query: Q): number;
}

export function iteratedSums<Q, Data, State>(k: IteratedSums<Q, Data, State>): IteratedStudyKind<Q> {
  const { kind } = k;
  const stateOf = (q: Q, rounds: readonly PublishedRound[]) => {
    const learner = k.learner(q);
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
    ...(k.withoutNoise === undefined ? {} : { withoutNoise: k.withoutNoise }),
    parse(text) {
      const q = k.parse(text);
      k.learner(q); // throws on a declaration that cannot be
      return q;
    },
    shape(q) {
      const { length, limit } = k.learner(q).most;
      const maximum = 2n * limit;
      if (maximum > 2n ** 48n)
        throw new RangeError(
          `${kind}: numbers up to ${maximum} are too large for the round protocol; lower bits, rowNorm or maximumRows`,
        );
      const common = { length, maximum: Number(maximum), proofs: 1 };
      const sharing = k.sharing(q);
      if (sharing !== 'proven')
        return { ...common, encoding: 'masked-sum', field: sharing === 'ring-32' ? 32 : 64, chunk: 1 };
      const bits = maximum.toString(2).length;
      if (length * bits > MOST_PROVEN)
        throw new RangeError(
          `${kind}: ${length} numbers of ${bits} bits are too many to prove; make the model smaller or use "sharing": "ring-64" without proofs`,
        );
      return { ...common, encoding: 'prio3-sumvec', field: 128, chunk: optimalChunkLength(length * bits) };
    },
    sensitivitySquared(q, unit) {
      const { name, rows } = k.unit(q);
      if (unit !== name) return undefined;
      const d2 = k.learner(q).most.sensitivitySquared(rows);
      return d2 <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(d2) : undefined;
    },
    rounds: q => k.learner(q).most.rounds,
    describe(q) {
      const { most } = k.learner(q);
      return [
        ...k.describe(q, most),
        `Leaves the node in each of up to ${most.rounds} rounds, as sealed shares each of which is random alone: sums over all rows, ${most.length} whole numbers.`,
        "Does not leave the node: rows, identifiers, the node's own sums.",
        ...(k.withoutNoise === undefined ? [] : [`The totals are released without noise: ${k.withoutNoise}.`]),
        ...(k.sharing(q) === 'proven'
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
      const vector = checked(learner.node(await k.data(q, source, state)).encode(state), ask);
      const shift = Number(ask.limit);
      for (let i = 0; i < vector.length; i++) out[i] = Number(vector[i]) + shift;
      if (ask.limit > limit) throw new RangeError(`${kind}: the round's numbers exceed the study's maximum`);
      return out;
    },
    decode(q, sums, noiseDeviation, rounds = []) {
      const { learner, state } = stateOf(q, rounds);
      const base = { numbers: sums.length, noiseDeviation, round: rounds.length };
      const last = rounds.length > 0 && (!learner.ask(state) || rounds.length >= learner.most.rounds);
      const found = k.publish ? k.publish(q, state) : last ? state : undefined;
      // Anyone can work the model out from the rounds; where it is whole it is published, if it is short enough to read.
      if (found === undefined)
        return { ...base, note: 'sums of one training round; the model follows from all rounds together' };
      // A number takes two letters at least: what is hopeless is not even written.
      const model = 2 * numbersIn(found) <= MODEL_BYTES ? plainJson(found) : undefined;
      return model !== undefined && JSON.stringify(model).length <= MODEL_BYTES
        ? { ...base, model }
        : { ...base, note: 'the model is too long to be repeated here; it follows from all rounds together' };
    },
    ended(q, rounds) {
      const { learner, state } = stateOf(q, rounds);
      return learner.ask(state) === undefined;
    },
    modelAfter: (q, rounds) => stateOf(q, rounds).state,
  };
}

/** Prio3 takes seconds and megabytes beyond some 50,000; this is where a sealed share stops to be of use. */
const MOST_PROVEN = 250_000;
const MODEL_BYTES = 1 << 20;

/** Plain JSON: typed arrays as lists, 64-bit integers as text. */
export function plainJson(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, v: unknown) =>
      ArrayBuffer.isView(v) ? Array.from(v as Float64Array) : typeof v === 'bigint' ? String(v) : v,
    ),
  );
}

function numbersIn(value: unknown): number {
  if (ArrayBuffer.isView(value)) return (value as Float64Array).length;
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, v) => sum + numbersIn(v), 0);
}

function unshift(r: PublishedRound, length: number, limit: bigint): Integers {
  const shift = Number(limit) * r.contributors;
  const out = new Float64Array(length);
  for (let i = 0; i < length; i++) out[i] = r.sums[i] - shift;
  return out;
}
