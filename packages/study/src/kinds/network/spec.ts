// What a study of a network declares, and the state between its rounds.
import type { DesignSpec, Scaling } from '../linear/design.ts';
import type { NetworkLoss, Widths } from './mlp.ts';

export type ServerStep =
  /** The weighted mean of the updates. */
  | { readonly kind: 'average' }
  | {
      readonly kind: 'adam';
      readonly rate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly tau: number;
    }
  /** Sum of updates over a declared total weight, then momentum: needs no secret denominator, as differential privacy asks. */
  | { readonly kind: 'momentum'; readonly rate: number; readonly beta: number; readonly totalWeight: number };

export interface NetworkSpec {
  readonly featureRanges: readonly (readonly [low: number, high: number])[];
  readonly hidden: readonly number[];
  readonly loss: NetworkLoss;
  readonly seed: string;
  /** Most rounds of averaging. */
  readonly rounds: number;
  /** Passes over a node's rows in one round. */
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  /** Pull of local steps towards the shared model (FedProx); 0 for FedAvg. */
  readonly proximal: number;
  readonly server: ServerStep;
  /** A node's update is scaled down to this L2 norm. */
  readonly clip: number;
  /** Binary places of an update's coordinates. */
  readonly bits: number;
  /** A node with this many training rows or more has weight 1; fewer, in proportion. */
  readonly rowsForFullWeight: number;
  readonly maxRows: number;
  /** Every n-th row of a node is kept for validation; 0 for none. */
  readonly validateEvery: number;
  /** Rounds without a better validation loss before it stops; 0 never. */
  readonly patience: number;
  /** Validation losses of one row are clipped to [0, lossBound]. */
  readonly lossBound: number;
}

export interface NetworkState {
  readonly scaling?: Scaling;
  readonly parameters: Float64Array;
  /** Server memory: momentum, or Adam's two moments. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly round: number;
  /** Mean validation loss of the shared model before each round, over all nodes. */
  readonly losses: readonly number[];
  /** The parameters with the least validation loss so far, kept when validation is on. */
  readonly best?: { readonly round: number; readonly loss: number; readonly parameters: Float64Array };
  readonly done: boolean;
  readonly stoppedEarly: boolean;
}

/** Numbers behind an update: weight, validation loss, validation rows. */
export const AUX = 3;
export const AUX_BITS = 16;

export function widthsOf(spec: NetworkSpec): Widths {
  return [spec.featureRanges.length, ...spec.hidden, spec.loss.kind === 'quantile' ? spec.loss.levels.length : 1];
}

/** The first round's moments are those of a linear design without a hidden layer. */
export function momentsOf(spec: NetworkSpec): DesignSpec {
  return { ...spec, hidden: 0, rowNorm: 1 };
}
