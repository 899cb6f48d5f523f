// Neural networks by federated averaging (McMahan et al. 2017), with a proximal term (FedProx, Li et al. 2020), with Adam at the server (FedAdam, Reddi et
// al. 2021), or with clipped updates, a fixed denominator and server momentum (DP-FedAvg, McMahan et al. 2018). Not identical to central training: local
// steps drift. Each node's whole update is clipped to an L2 norm, so that the privacy unit is the node; a single row is bounded by the same number.
import { type Ask, type Learner, mostOf, type Rows } from '../learner.ts';
import { momentsAsk, scalingFrom } from '../linear/design.ts';
import { initialParameters, parameterCount } from './mlp.ts';
import { networkNode } from './node.ts';
import { serverStep } from './server.ts';
import { AUX, AUX_BITS, momentsOf, type NetworkSpec, type NetworkState, widthsOf } from './spec.ts';

/** The learner for one study. Throws RangeError on a declaration that cannot be. */
export function network(spec: NetworkSpec): Learner<Rows, NetworkState> {
  const need = (ok: boolean, what: string) => {
    if (!ok) throw new RangeError(`network: ${what}`);
  };
  need(spec.featureRanges.length > 0 && spec.featureRanges.every(([a, b]) => a < b), 'a feature range is empty');
  need(
    spec.hidden.every(h => Number.isInteger(h) && h >= 1),
    'a hidden layer has no units',
  );
  need(spec.rounds >= 1 && spec.epochs >= 1 && spec.batch >= 1 && spec.rate > 0, 'rounds, epochs, batch or rate');
  need(spec.clip > 0 && Number.isInteger(spec.bits) && spec.bits >= 4 && spec.bits <= 40, 'clip or bits');
  need(
    spec.rowsForFullWeight >= 1 && spec.lossBound > 0 && spec.proximal >= 0,
    'rows for full weight, loss bound or proximal',
  );
  const n = parameterCount(widthsOf(spec));
  const start: NetworkState = {
    parameters: initialParameters(widthsOf(spec), spec.seed),
    first: new Float64Array(spec.server.kind === 'average' ? 0 : n),
    second: new Float64Array(spec.server.kind === 'adam' ? n : 0),
    round: 0,
    losses: [],
    done: false,
    stoppedEarly: false,
  };
  return {
    kind: 'network',
    most: mostOf(1 + spec.rounds, [momentsAsk(momentsOf(spec)), updateAsk(spec, start)]),
    start: () => start,
    ask: state => (state.scaling ? updateAsk(spec, state) : momentsAsk(momentsOf(spec))),
    node: rows => networkNode(spec, rows),
    absorb(state, sum) {
      if (!state.scaling)
        return {
          ...state,
          scaling: scalingFrom(momentsOf(spec), Float64Array.from(sum as Float64Array, Number)),
        };
      return serverStep(spec, state, sum, n);
    },
  };
}

function updateAsk(spec: NetworkSpec, state: NetworkState): Ask | undefined {
  if (state.done) return undefined;
  const length = parameterCount(widthsOf(spec)) + AUX;
  const scale = 2 ** spec.bits;
  // Two updates of norm `clip` may point apart; rounding moves each by half a unit a coordinate. Auxiliary numbers are counts and bounded losses.
  const update = BigInt(Math.ceil(2 * spec.clip * scale)) + BigInt(Math.ceil(Math.sqrt(length)));
  const validationRows = spec.validateEvery > 0 ? Math.ceil(spec.maxRows / spec.validateEvery) : 0;
  const loss = BigInt(Math.ceil(validationRows * spec.lossBound * 2 ** AUX_BITS));
  const whole = update * update + BigInt(2 ** AUX_BITS) ** 2n + loss * loss + BigInt(validationRows) ** 2n;
  return {
    label: `update of ${length - AUX} parameters, round ${state.round + 1} of at most ${spec.rounds}`,
    length,
    limit: [BigInt(Math.ceil(spec.clip * scale)) + 1n, BigInt(2 ** AUX_BITS), loss].reduce((a, b) => (a > b ? a : b)),
    rowDiameterSquared: whole,
    nodeDiameterSquared: whole,
  };
}
