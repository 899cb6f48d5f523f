// Planning across borders, alone: what a study of several operators needs of this package.
export { readFolder } from '../plan/read-folder.ts';
export {
  askOf,
  type Border,
  type BorderState,
  type ConsensusState,
  consensusStep,
  startConsensus,
} from './consensus.ts';
export { madeUpCountry, madeUpJointly } from './made-up.ts';
export { makeOperator, type Operator } from './operator.ts';
