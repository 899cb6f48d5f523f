// Each kind that can be simulated: its rows, its declaration, the federated run, the central twin, and how its model is scored.

import { gbdtLoss, trainGbdtCentrally } from '../kinds/gbdt/central.ts';
import { gbdt } from '../kinds/gbdt/gbdt.ts';
import type { GbdtLoss, GbdtModel, GbdtSpec } from '../kinds/gbdt/spec.ts';
import { type GlmFamily, type GlmSpec, type GlmState, glm } from '../kinds/glm/glm.ts';
import { type KMeansSpec, type KMeansState, kmeans } from '../kinds/kmeans/kmeans.ts';
import type { AsyncSummation, Learner, Presence, RoundReport, Rows } from '../kinds/learner.ts';
import { train, trainOver } from '../kinds/learner.ts';
import { glmLoss, glmLossOf, kmeansLoss, meanOver, ridgeLoss } from '../kinds/losses.ts';
import {
  evaluateNetwork,
  type NetworkSpec,
  type NetworkState,
  network,
  networkDistance,
  type ServerStep,
} from '../kinds/network/network.ts';
import { fitRidgeInFloat } from '../kinds/ridge/central.ts';
import { type RidgeSpec, type RidgeState, ridge } from '../kinds/ridge/ridge.ts';
import { pooled, simulatedNodes, type TargetKind } from './data.ts';

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
type MakeSubject = (nodes: number, rows: number, seed: string | number, settings: Settings) => Subject;

const FRESH_ROWS = 4000;

/** Rows at the nodes, and as many fresh ones of the same law that no node has. */
function tables(
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

function gbdtSubject(loss: GbdtLoss): MakeSubject {
  return (nodes, rows, seed, s) => {
    const target: TargetKind = loss.kind === 'poisson' ? 'count' : 'number';
    const features = s['features'] ?? 10;
    const data = tables(nodes, rows, seed, target, features);
    const spec: GbdtSpec = {
      loss,
      featureRanges: Array.from({ length: features }, () => [-4, 4] as const),
      targetRange: target === 'count' ? [0, 80] : [-8, 8],
      trees: s['trees'] ?? 50,
      depth: s['depth'] ?? 5,
      bins: s['bins'] ?? 32,
      learningRate: s['learningRate'] ?? 0.15,
      lambda: 1,
      minChildWeight: 10,
      minGain: 0,
      gradientClip: s['gradientClip'] ?? (loss.kind === 'quantile' ? 1 : loss.kind === 'poisson' ? 80 : 16),
      bits: loss.kind === 'squared' ? 12 : 10,
      maxRows: Math.max(...data.nodes.map(t => t.count)),
    };
    return {
      onlySums: true,
      mostRounds: gbdt(spec).most.rounds,
      async federated(sum, onRound, present) {
        const run = await trainOver(gbdt(spec), data.nodes, sum, (_, report) => void onRound?.(report), present);
        return { model: run.state.model, rounds: run.rounds, numbers: run.numbers };
      },
      central: () => trainGbdtCentrally(spec, data.all),
      loss(model) {
        const m = model as GbdtModel | undefined;
        const base = target === 'count' ? Math.log(mean(data.all.y)) : mean(data.all.y);
        const untrained = {
          edges: spec.featureRanges.map(() => []),
          base: loss.kind === 'quantile' ? loss.levels.map(() => base) : [base],
          trees: [],
        };
        return gbdtLoss(spec, m ?? untrained, data.fresh);
      },
      details: model => ({
        trees: (model as GbdtModel).trees.length,
        leaves: (model as GbdtModel).trees.reduce((n, t) => n + (t.length + 1) / 2, 0),
      }),
    };
  };
}

/** Kinds whose central twin is the same code over one table; `make` is given the most rows a node may bring. */
function learnerSubject<State>(
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

const ridgeSubject: MakeSubject = (nodes, rows, seed, s) => {
  const features = s['features'] ?? 10;
  const data = tables(nodes, rows, seed, 'number', features);
  const spec: RidgeSpec = {
    featureRanges: Array.from({ length: features }, () => [-4, 4] as const),
    hidden: s['hidden'] ?? 100,
    seed: 'public',
    rowNorm: s['rowNorm'] ?? 20,
    maxRows: Math.max(rows, FRESH_ROWS),
    targetBound: 12,
    lambda: s['lambda'] ?? 1,
    upTo: 'shape',
    groups: 1,
    cells: 200,
    shapeReach: 8,
  };
  const loss = (state: RidgeState | undefined) =>
    state ? ridgeLoss(spec, state, data.fresh) : meanOver(data.fresh, (_, y) => (y - mean(data.all.y)) ** 2 / 2);
  return learnerSubject(
    maxRows => ridge({ ...spec, maxRows }),
    data,
    loss,
    state => {
      const twin = fitRidgeInFloat(spec, data.all);
      const size = Math.max(...twin.location.map(Math.abs));
      return {
        columns: twin.location.length,
        largestDifferenceFromFloat64: Math.max(...twin.location.map((v, i) => Math.abs(v - state.location![i]))) / size,
      };
    },
  );
};

function glmSubject(family: GlmFamily): MakeSubject {
  return (nodes, rows, seed, s) => {
    const features = s['features'] ?? 10;
    const data = tables(
      nodes,
      rows,
      seed,
      family === 'linear' ? 'number' : family === 'logistic' ? 'class' : 'count',
      features,
    );
    const spec: GlmSpec = {
      family,
      featureRanges: Array.from({ length: features }, () => [-4, 4] as const),
      hidden: s['hidden'] ?? 0,
      seed: 'public',
      rowNorm: s['rowNorm'] ?? 20,
      maxRows: Math.max(rows, FRESH_ROWS),
      targetBound: family === 'poisson' ? 80 : 12,
      lambda: s['lambda'] ?? 1,
      rounds: s['rounds'] ?? 25,
      tolerance: 1e-8,
    };
    const loss = (state: GlmState | undefined) =>
      state ? glmLoss(spec, state, data.fresh) : meanOver(data.fresh, (_, y) => glmLossOf(family, mean(data.all.y), y));
    return learnerSubject(
      maxRows => glm({ ...spec, maxRows }),
      data,
      loss,
      state => ({
        converged: state.converged,
        scoringRounds: state.rounds,
      }),
    );
  };
}

const kmeansSubject: MakeSubject = (nodes, rows, seed, s) => {
  const features = s['features'] ?? 6;
  const data = tables(nodes, rows, seed, 'number', features);
  const spec: KMeansSpec = {
    clusters: s['clusters'] ?? 5,
    featureRanges: Array.from({ length: features }, () => [-4, 4] as const),
    seed: 'public',
    rounds: s['rounds'] ?? 50,
    tolerance: 1e-6,
    maxRows: Math.max(rows, FRESH_ROWS),
  };
  const learner = kmeans(spec);
  const loss = (state: KMeansState | undefined) =>
    kmeansLoss(spec, state ?? { ...learner.start(), centres: new Float64Array(features) }, data.fresh);
  return learnerSubject(
    maxRows => kmeans({ ...spec, maxRows }),
    data,
    loss,
    state => ({ rounds: state.rounds, sizes: Array.from(state.sizes) }),
  );
};

function networkSubject(server: ServerStep['kind'], proximal: number): MakeSubject {
  return (nodes, rows, seed, s) => {
    const features = s['features'] ?? 10;
    const data = tables(nodes, rows, seed, 'number', features);
    const most = Math.max(...data.nodes.map(t => t.count));
    const width = s['hidden'] ?? 32;
    const spec: NetworkSpec = {
      featureRanges: Array.from({ length: features }, () => [-4, 4] as const),
      hidden: [width, width],
      loss: { kind: 'squared' },
      seed: 'public',
      rounds: s['rounds'] ?? 30,
      epochs: s['epochs'] ?? 2,
      batch: s['batch'] ?? 32,
      rate: s['rate'] ?? 0.08,
      proximal,
      server: servers(server, nodes),
      clip: s['clip'] ?? (server === 'momentum' ? 2 : 10),
      bits: 20,
      rowsForFullWeight: most,
      maxRows: most,
      validateEvery: 10,
      patience: s['patience'] ?? 5,
      lossBound: 100,
    };
    // Central: one node with all rows and plain averaging, so that a round is an epoch of ordinary minibatch training.
    const one: NetworkSpec = {
      ...spec,
      server: { kind: 'average' },
      proximal: 0,
      clip: 1000,
      maxRows: rows,
      rowsForFullWeight: 1,
    };
    return {
      onlySums: false,
      mostRounds: network(spec).most.rounds,
      async federated(sum, onRound, present) {
        const run = await trainOver(network(spec), data.nodes, sum, (_, report) => void onRound?.(report), present);
        return { model: run.state, rounds: run.rounds, numbers: run.numbers };
      },
      central: () => train(network(one), [data.all]).state,
      loss: model =>
        model
          ? evaluateNetwork(spec, model as NetworkState, data.fresh)
          : meanOver(data.fresh, (_, y) => (y - mean(data.all.y)) ** 2 / 2),
      details: (model, central) => ({
        distanceToCentral: networkDistance(spec, model as NetworkState, central as NetworkState),
        stoppedEarly: (model as NetworkState).stoppedEarly,
        validationLosses: (model as NetworkState).losses.map(l => Number(l.toPrecision(4))),
        lossAtPartners: data.nodes.map(t => Number(evaluateNetwork(spec, model as NetworkState, t).toPrecision(4))),
      }),
    };
  };
}

function servers(kind: ServerStep['kind'], nodes: number): ServerStep {
  switch (kind) {
    case 'average':
      return { kind };
    case 'adam':
      return { kind, rate: 0.03, beta1: 0.9, beta2: 0.99, tau: 1e-3 };
    case 'momentum':
      return { kind, rate: 0.7, beta: 0.5, totalWeight: 0.7 * nodes };
  }
}

function mean(x: Float64Array): number {
  return x.reduce((a, b) => a + b, 0) / x.length;
}

export const subjects: Readonly<Record<string, MakeSubject>> = {
  gbdt: gbdtSubject({ kind: 'squared' }),
  'gbdt-quantile': gbdtSubject({ kind: 'quantile', levels: [0.05, 0.25, 0.5, 0.75, 0.95] }),
  'gbdt-poisson': gbdtSubject({ kind: 'poisson' }),
  ridge: ridgeSubject,
  linear: glmSubject('linear'),
  logistic: glmSubject('logistic'),
  poisson: glmSubject('poisson'),
  kmeans: kmeansSubject,
  fedavg: networkSubject('average', 0),
  fedprox: networkSubject('average', 0.05),
  fedadam: networkSubject('adam', 0),
  'dp-fedavg': networkSubject('momentum', 0),
};
