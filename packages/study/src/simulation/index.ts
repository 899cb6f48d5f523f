// Studies without the network, for `madang study simulate`, benches and tests.
export { type HistogramOutcome, type HistogramSimulation, simulateHistogram } from './histogram.ts';
export { type LearningOutcome, type LearningSimulation, learningKinds, simulateLearning } from './learning.ts';
