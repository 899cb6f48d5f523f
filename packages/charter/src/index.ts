export { type AdmitOptions, admitStatement, MAX_SEEN_AGE_SECONDS, UnknownRules } from './admit.ts';
export { microRhoOf } from './budgets/micro-rho.ts';
export { accountOf } from './compute/find.ts';
export type { Account, ComputeBackend, Job, JobStage, Usage } from './compute/records.ts';
export { type FinalityVerdict, judgeFinality, witnessesOf } from './finality.ts';
export { History } from './history.ts';
export { isNoteKeys, keyIdOf, MAX_KEY_SECONDS, noteKeyId } from './members/keys.ts';
export { statementTypes } from './registry.ts';
export { conclude, type Fault, Replay, type ReplayResult, replay, stateDigest } from './replay.ts';
export { verifySignatures } from './signatures.ts';
export { readRefusal, refusalPayload, type SignedRefusal } from './signed-refusal.ts';
export {
  activeMembers,
  type Dataset,
  emptyState,
  type HybridKey,
  type KeyRecord,
  type KeyUse,
  type Ledger,
  ledgerId,
  type Member,
  type NoteKeys,
  type Opening,
  type Root,
  type Round,
  type Seat,
  type Shape,
  type State,
  type Study,
} from './state.ts';
export { isRefusal, type Refusal } from './statement-type.ts';
export type { Proposal } from './studies/propose.ts';
export { shareCommitment } from './studies/reveal.ts';
