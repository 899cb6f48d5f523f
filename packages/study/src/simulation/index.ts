// Studies without the network, for `madang study simulate`, benches and tests.
export { pooled, simulatedNodes, type TargetKind } from './data.ts';
export { type LearningOutcome, type LearningSimulation, learningKinds, simulateLearning } from './learning.ts';
export { playStudy } from './play.ts';
export { type ScienceOutcome, type ScienceSimulation, scienceKinds, simulateScience } from './sciences.ts';
