// The learning kinds: what a study or a science needs to train a model over many nodes by sums alone.

export { type FixedPoint, fixedLimit, toFixed } from './fixed-point.ts';
export { trainGbdtCentrally } from './gbdt/central.ts';
export { gbdt } from './gbdt/gbdt.ts';
export {
  type GbdtLoss,
  type GbdtModel,
  type GbdtSpec,
  predict as predictGbdt,
  type Tree,
  type TreeNode,
} from './gbdt/spec.ts';
export type { GbdtState } from './gbdt/state.ts';
export { type GlmFamily, type GlmSpec, type GlmState, glm, glmMean } from './glm/glm.ts';
export { type KMeansSpec, type KMeansState, kmeans, kmeansCluster } from './kmeans/kmeans.ts';
export {
  type Ask,
  type AsyncSummation,
  type Integers,
  type Learner,
  type NodeSide,
  type Presence,
  plainSum,
  type RoundReport,
  type Rows,
  type Summation,
  sensitivitySquared,
  train,
  trainOver,
} from './learner.ts';
export {
  type Evaluation,
  type LearningQuery,
  type LearningStudyKind,
  learningStudyKinds,
} from './learning-study.ts';
export { columnsOf, type DesignSpec, type Scaling } from './linear/design.ts';
export { evaluateNetwork, networkDistance, networkOutput } from './network/evaluate.ts';
export type { NetworkLoss } from './network/mlp.ts';
export { network } from './network/network.ts';
export type { NetworkSpec, NetworkState, ServerStep } from './network/spec.ts';
export { fitRidgeInFloat } from './ridge/central.ts';
export {
  type RidgeRows,
  type RidgeSpec,
  type RidgeState,
  ridge,
  ridgeLocation,
  ridgeQuantiles,
} from './ridge/ridge.ts';
