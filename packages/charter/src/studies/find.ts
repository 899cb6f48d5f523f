// Shared lookups of the study statements, with the refusals they give.
import type { Opening, Round, State, Study } from '../state.ts';
import { put, type Refusal, refuse } from '../statement-type.ts';

export function findStudy(state: State, id: string): Study | Refusal {
  return state.studies[id] ?? refuse('unknown-study', `no study ${id.slice(0, 12)}… is in the log`);
}

export interface Found {
  readonly studyId: string;
  readonly study: Study;
  readonly opening: Opening;
}

export function findOpening(state: State, id: string): Found | Refusal {
  const studyId = state.openings[id];
  const study = studyId === undefined ? undefined : state.studies[studyId];
  if (!study?.opening || studyId === undefined || study.opening.id !== id)
    return refuse('unknown-opening', `no opening ${id.slice(0, 12)}… is in the log`);
  return { studyId, study, opening: study.opening };
}

export const NO_ROUND: Round = { commits: {}, spent: false, reveals: {} };

/** The round's record, refusing numbers outside 1..R. */
export function findRound(found: Found, round: number): Round | Refusal {
  if (round < 1 || round > found.study.rounds)
    return refuse('unknown-round', `the opening covers rounds 1 to ${found.study.rounds}, not ${round}`);
  return found.opening.rounds[String(round)] ?? NO_ROUND;
}

export function withStudy(state: State, id: string, change: Partial<Study>): State {
  return { ...state, studies: put(state.studies, id, { ...state.studies[id], ...change }) };
}

export function withRound(state: State, found: Found, round: number, change: Partial<Round>): State {
  const old = found.opening.rounds[String(round)] ?? NO_ROUND;
  const opening = { ...found.opening, rounds: put(found.opening.rounds, String(round), { ...old, ...change }) };
  return withStudy(state, found.studyId, { opening });
}
