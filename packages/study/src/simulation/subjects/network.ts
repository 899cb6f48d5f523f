// Networks under simulation, with each of the server's steps.
import { train, trainOver } from '../../kinds/learner.ts';
import { meanOver } from '../../kinds/losses.ts';
import { evaluateNetwork, networkDistance } from '../../kinds/network/evaluate.ts';
import { network } from '../../kinds/network/network.ts';
import type { NetworkSpec, NetworkState, ServerStep } from '../../kinds/network/spec.ts';
import { type MakeSubject, mean, tables } from './subject.ts';

export function networkSubject(server: ServerStep['kind'], proximal: number): MakeSubject {
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
