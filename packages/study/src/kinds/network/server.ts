// The step that follows from a round's sum, by the server's rule, and when to stop.
import type { Integers } from '../learner.ts';
import { AUX_BITS, type NetworkSpec, type NetworkState } from './spec.ts';

export function serverStep(spec: NetworkSpec, state: NetworkState, sum: Integers, n: number): NetworkState {
  const { server } = spec;
  const weight = Math.max(Number(sum[n]) / 2 ** AUX_BITS, 1e-9);
  const loss = Number(sum[n + 2]) > 0 ? Number(sum[n + 1]) / 2 ** AUX_BITS / Number(sum[n + 2]) : Number.NaN;
  const scale = 1 / (2 ** spec.bits * (server.kind === 'momentum' ? server.totalWeight : weight));
  const parameters = state.parameters.slice();
  const first = state.first.slice();
  const second = state.second.slice();
  for (let i = 0; i < n; i++) {
    const update = Number(sum[i]) * scale;
    switch (server.kind) {
      case 'average':
        parameters[i] += update;
        break;
      case 'momentum':
        first[i] = server.beta * first[i] + update;
        parameters[i] += server.rate * first[i];
        break;
      case 'adam':
        first[i] = server.beta1 * first[i] + (1 - server.beta1) * update;
        second[i] = server.beta2 * second[i] + (1 - server.beta2) * update * update;
        parameters[i] += (server.rate * first[i]) / (Math.sqrt(second[i]) + server.tau);
    }
  }
  // The validation loss belongs to the model before this step.
  const better = Number.isFinite(loss) && !(state.best && state.best.loss <= loss);
  const best = better ? { round: state.round, loss, parameters: state.parameters } : state.best;
  const stoppedEarly = spec.patience > 0 && best !== undefined && state.round - best.round >= spec.patience;
  const round = state.round + 1;
  return {
    scaling: state.scaling,
    parameters: stoppedEarly && best ? best.parameters : parameters,
    first,
    second,
    round,
    losses: [...state.losses, loss],
    ...(best ? { best } : {}),
    done: stoppedEarly || round >= spec.rounds,
    stoppedEarly,
  };
}
