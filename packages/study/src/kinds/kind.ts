// What a kind of question is: how a query is read, which shape and sensitivity it has, what a node computes, what the sums mean.
// One kind, one folder or file. The node enforces shape and bounds; the charter sees only what the proposal declares.
import type { Shape } from '@madang/charter';

/** How a node reaches its own data. Implemented by the node beside the data; nothing here touches a disk. */
export interface DataSource {
  /** The organisation whose data it is. */
  readonly owner?: string;
  /** Names of the declared files. */
  readonly files?: readonly string[];
  /** The text of a file that the steward declared under this name (for example `vintages`). */
  file(name: string): Promise<string>;
  /** Rows of a query over the steward's declared views, in a locked-down engine: no files, no network. */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** The sum of one round as it was published: the numbers with their noise, and how many nodes are in it. */
export interface PublishedRound {
  readonly sums: ArrayLike<number>;
  readonly contributors: number;
  /** Names the contributors: the same text for the same set. */
  readonly set?: string;
}

export interface StudyKind<Q> {
  readonly kind: string;
  readonly version: number;
  /** Rounds build on the results before them: `contribute` and `decode` are given these. */
  readonly buildsOnEarlier?: true;
  /** Parses and checks the query's blob. Throws with a sentence that names the member at fault. */
  parse(text: string): Q;
  /** The vector that each node contributes. A proposal with another shape is refused by the nodes. */
  shape(query: Q): Shape;
  /** Squared L2 sensitivity of one release to one unit, as an integer; undefined for a unit that the kind cannot bound. */
  sensitivitySquared(query: Q, unit: string): number | undefined;
  /** Why sums of this kind may be released without noise; absent: they may not, and nodes refuse a proposal that charges nothing. */
  readonly withoutNoise?: string;
  /** For the steward: the exact question and what would leave, a line each. */
  describe(query: Q): readonly string[];
  /** The node's measurement for a round: whole numbers from 0 to shape.maximum. `earlier`: rounds 1 to round - 1, if the kind builds on them. */
  contribute(
    query: Q,
    round: number,
    source: DataSource,
    earlier?: readonly PublishedRound[],
  ): Promise<ArrayLike<number>>;
  /** Whether the rounds so far answer the question, so that nothing more is asked. Absent: it takes every round that the study declares. */
  ended?(query: Q, rounds: readonly PublishedRound[]): boolean;
  /** What the released sums mean, with the error that the noise brings. Plain JSON. `rounds`: this round and those before it, as above. */
  decode(query: Q, sums: ArrayLike<number>, noiseDeviation: number, rounds?: readonly PublishedRound[]): unknown;
}

/** Reads a JSON object or throws; `what` names it in the message. */
export function parseObject(text: string, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${what} is not JSON`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} is not an object`);
  return value as Record<string, unknown>;
}
