// Studies without the network, for `madang study simulate`, benches and tests.
export { type LearningOutcome, type LearningSimulation, learningKinds, simulateLearning } from './learning.ts';
