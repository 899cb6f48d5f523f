export { type AccountLine, accounts } from './accounts.ts';
export {
  BadDocument,
  formatProgram,
  formatResult,
  type JobResult,
  parseProgram,
  parseResult,
  QUANTUM,
  type QuantumProgram,
} from './program.ts';
