// What a learning kind is: rounds of sums. Each round the public state says what every node computes on its own rows; the nodes' whole-number vectors
// are added (secretly), and the sum gives the next state. No step sees rows and state of two nodes, so the code runs the same over shares, in the
// clear, or with all rows at one node: that is the central twin, and sums of whole numbers make it equal to the last bit.

/** Whole numbers, one a coordinate: doubles below 2^53 in size, or 64-bit integers. */
export type Integers = Float64Array | BigInt64Array;

/** Rows of a table at one node: x row-major (count x features, NaN for missing), y the target, weight in [0, 1] (absent: all 1). */
export interface Rows {
  readonly count: number;
  readonly features: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly weight?: Float64Array;
}

/** The vector that every node owes in this round. */
export interface Ask {
  /** What it holds, for the steward who approves and for logs. */
  readonly label: string;
  readonly length: number;
  /** No coordinate of one node's vector is larger in size; the node enforces it, the aggregators size their ring by it. */
  readonly limit: bigint;
  /** Largest squared L2 distance between the contributions of any two rows, or of a row and none, in the same whole numbers. */
  readonly rowDiameterSquared: bigint;
  /** The same for everything that one node holds, where a clip bounds it. */
  readonly nodeDiameterSquared?: bigint;
}

/** A node's part, with whatever it keeps between rounds; all of it can be computed again from rows and state after a crash. */
export interface NodeSide<State> {
  encode(state: State): Integers;
}

export interface Learner<Data, State> {
  readonly kind: string;
  /** No study of this declaration asks more often, for longer vectors or for larger numbers: what budgets and shapes are made from. */
  readonly most: {
    readonly rounds: number;
    readonly length: number;
    readonly limit: bigint;
    /** Of `sensitivitySquared` over all asks. */
    sensitivitySquared(rowsAUnit: number): bigint;
  };
  start(): State;
  /** Undefined when nothing is left to ask. */
  ask(state: State): Ask | undefined;
  node(data: Data): NodeSide<State>;
  /**
   * The next state from the sum over `contributors` nodes; `sum` may carry noise. `set` names who they were (any text, e.g. a digest of the list):
   * a learner that combines sums of two rounds must know whether they are of the same nodes.
   */
  absorb(state: State, sum: Integers, contributors: number, set?: string): State;
}

/** D^2 for a unit that adds, removes or changes up to `rows` rows: the sum moves by at most `rows` times the diameter, or a node's whole diameter. */
export function sensitivitySquared(ask: Ask, rows: number): bigint {
  if (!Number.isSafeInteger(rows) || rows < 1)
    throw new RangeError(`rows a unit: ${rows} is not a whole number above 0`);
  const byRows = BigInt(rows) * BigInt(rows) * ask.rowDiameterSquared;
  const whole = ask.nodeDiameterSquared;
  return whole !== undefined && whole < byRows ? whole : byRows;
}

/** How nodes' vectors become their sum: `plainSum`, or secret sharing. May add noise. */
export type Summation = (vectors: readonly Integers[], ask: Ask) => Integers;

/** The same where sharing and opening take their time. */
export type AsyncSummation = (vectors: readonly Integers[], ask: Ask) => Integers | Promise<Integers>;

/** Adds in the clear. */
export const plainSum: Summation = vectors => addIntegers(vectors);

/** The sum coordinate by coordinate; 64-bit as soon as one vector is. */
export function addIntegers(vectors: readonly Integers[]): Integers {
  const [first] = vectors;
  if (first === undefined) throw new RangeError('sum: no vector was given');
  if (vectors.some(v => v instanceof BigInt64Array)) {
    const out = new BigInt64Array(first.length);
    for (const v of vectors) for (let i = 0; i < out.length; i++) out[i] += BigInt(v[i]);
    return out;
  }
  const out = new Float64Array(first.length);
  for (const v of vectors as readonly Float64Array[]) for (let i = 0; i < out.length; i++) out[i] += v[i];
  return out;
}

/** One round that was held. */
export interface RoundReport {
  readonly label: string;
  readonly length: number;
}

/** Whether a node answers in a round; rounds count from 1. */
export type Presence = (node: number, round: number) => boolean;

/** Holds every round of a learner over the given nodes. `afterRound` sees each new state (a checkpoint) and may end the study early with `true`. */
export function train<Data, State>(
  learner: Learner<Data, State>,
  nodes: readonly Data[],
  sum: Summation = plainSum,
  afterRound?: (state: State, report: RoundReport) => boolean | undefined,
  from: State = learner.start(),
): { state: State; rounds: number; numbers: number } {
  const sides = nodes.map(rows => learner.node(rows));
  let state = from;
  let rounds = 0;
  let numbers = 0;
  for (let ask = learner.ask(state); ask; ask = learner.ask(state)) {
    const vectors = sides.map(s => checked(s.encode(state), ask as Ask));
    state = learner.absorb(state, sum(vectors, ask), vectors.length);
    rounds += 1;
    numbers += ask.length;
    if (afterRound?.(state, ask)) break;
  }
  return { state, rounds, numbers };
}

/** As `train`, over a summation that may be asynchronous, with nodes that may be absent from some rounds. */
export async function trainOver<Data, State>(
  learner: Learner<Data, State>,
  nodes: readonly Data[],
  sum: AsyncSummation,
  afterRound?: (state: State, report: RoundReport) => boolean | undefined,
  present: Presence = () => true,
): Promise<{ state: State; rounds: number; numbers: number }> {
  const sides = nodes.map(rows => learner.node(rows));
  const from = learner.start();
  let state = from;
  let rounds = 0;
  let numbers = 0;
  for (let ask = learner.ask(state); ask; ask = learner.ask(state)) {
    rounds += 1;
    const here = sides.flatMap((side, i) => (present(i, rounds) ? [{ side, i }] : []));
    const vectors = here.map(({ side }) => checked(side.encode(state), ask as Ask));
    state = learner.absorb(state, await sum(vectors, ask), vectors.length, here.map(h => h.i).join());
    numbers += ask.length;
    if (afterRound?.(state, ask)) break;
  }
  return { state, rounds, numbers };
}

/** The node's last check before anything leaves: right length, whole numbers, within the limit that the study declared. */
export function checked(vector: Integers, ask: Ask): Integers {
  if (vector.length !== ask.length)
    throw new RangeError(`${ask.label}: ${vector.length} numbers where the study asks for ${ask.length}`);
  if (vector instanceof BigInt64Array) {
    for (const v of vector)
      if (v > ask.limit || -v > ask.limit) throw new RangeError(`${ask.label}: ${v} is outside ±${ask.limit}`);
    return vector;
  }
  const limit = Number(ask.limit);
  for (let i = 0; i < vector.length; i++) {
    const v = vector[i];
    if (!(v <= limit && -v <= limit) || !Number.isInteger(v))
      throw new RangeError(`${ask.label}: ${v} is not a whole number within ±${ask.limit}`);
  }
  return vector;
}

/** The `most` of a learner from its number of rounds and one ask of every sort. */
export function mostOf(rounds: number, asks: readonly (Ask | undefined)[]): Learner<unknown, unknown>['most'] {
  const given = asks.filter(a => a !== undefined);
  let [length, limit] = [0, 0n];
  for (const a of given) {
    length = Math.max(length, a.length);
    if (a.limit > limit) limit = a.limit;
  }
  const worst = (rowsAUnit: number) => {
    let most = 0n;
    for (const a of given) {
      const d2 = sensitivitySquared(a, rowsAUnit);
      if (d2 > most) most = d2;
    }
    return most;
  };
  return { rounds, length, limit, sensitivitySquared: worst };
}
