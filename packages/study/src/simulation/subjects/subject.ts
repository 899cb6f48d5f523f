// A kind that can be simulated: its rows, its declaration, the federated run, the central twin, and how its model is scored.
import type { AsyncSummation, Learner, Presence, RoundReport, Rows } from '../../kinds/learner.ts';
import { train, trainOver } from '../../kinds/learner.ts';
import { pooled, simulatedNodes, type TargetKind } from '../data.ts';

export interface Subject {
  /** Only sums travel, so that the model must equal the central one. */
  readonly onlySums: boolean;
  /** No more rounds than this. */
  readonly mostRounds: number;
  federated(
    sum: AsyncSummation,
    onRound?: (r: RoundReport) => void,
    present?: Presence,
  ): Promise<{ model: unknown; rounds: number; numbers: number }>;
  central(): unknown;
  /** Mean loss on fresh rows; `undefined` scores the untrained model. */
  loss(model: unknown): number;
  details?(model: unknown, central: unknown): Readonly<Record<string, unknown>>;
}

type Settings = Readonly<Record<string, number>>;
export type MakeSubject = (nodes: number, rows: number, seed: string | number, settings: Settings) => Subject;

export const FRESH_ROWS = 4000;

/** Rows at the nodes, and as many fresh ones of the same law that no node has. */
export function tables(
  nodes: number,
  rows: number,
  seed: string | number,
  target: TargetKind,
  features: number,
  missing?: number,
) {
  const all = simulatedNodes(nodes + 1, rows + FRESH_ROWS, features, target, seed, missing);
  // The last table is cut off as the unseen rows, and what the others lack is dealt again, so that counts are as asked.
  const flat = pooled(all);
  const parts: Rows[] = [];
  const sizes = all.slice(0, nodes).map(t => t.count);
  const total = sizes.reduce((a, b) => a + b, 0);
  let at = 0;
  for (let n = 0; n < nodes; n++) {
    const end =
      n === nodes - 1
        ? rows
        : Math.min(rows - (nodes - 1 - n), at + Math.max(1, Math.round((rows * sizes[n]) / total)));
    parts.push(slice(flat, at, end));
    at = end;
  }
  return { nodes: parts, all: slice(flat, 0, rows), fresh: slice(flat, rows, flat.count) };
}

function slice(t: Rows, from: number, to: number): Rows {
  return {
    count: to - from,
    features: t.features,
    x: t.x.subarray(from * t.features, to * t.features),
    y: t.y.subarray(from, to),
  };
}

/** Mean of the targets: what a model without features would say. */
export function mean(x: Float64Array): number {
  return x.reduce((a, b) => a + b, 0) / x.length;
}

/** Kinds whose central twin is the same code over one table; `make` is given the most rows a node may bring. */
export function learnerSubject<State>(
  make: (maxRows: number) => Learner<Rows, State>,
  data: ReturnType<typeof tables>,
  loss: (state: State | undefined) => number,
  details?: (state: State) => Readonly<Record<string, unknown>>,
): Subject {
  return {
    onlySums: true,
    mostRounds: make(data.all.count).most.rounds,
    async federated(sum, onRound, present) {
      const run = await trainOver(
        make(Math.max(...data.nodes.map(t => t.count))),
        data.nodes,
        sum,
        (_, report) => void onRound?.(report),
        present,
      );
      return { model: run.state, rounds: run.rounds, numbers: run.numbers };
    },
    central: () => train(make(data.all.count), [data.all]).state,
    loss: model => loss(model as State | undefined),
    ...(details ? { details: model => details(model as State) } : {}),
  };
}
