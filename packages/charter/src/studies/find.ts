// Shared lookups of the study statements, with the refusals they give.
import type { Opening, Round, State, Study } from '../state.ts';
import { isRefusal, put, type Refusal, refuse } from '../statement-type.ts';

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

const NO_ROUND: Round = { commits: {}, spent: false, reveals: {} };

export interface FoundRound extends Found {
  readonly number: number;
  readonly round: Round;
}

/** The opening and its round's record, refusing numbers outside 1..R. */
export function findRound(
  state: State,
  at: { readonly opening: string; readonly round: number },
): FoundRound | Refusal {
  const found = findOpening(state, at.opening);
  if (isRefusal(found)) return found;
  if (at.round < 1 || at.round > found.study.rounds)
    return refuse('unknown-round', `the opening covers rounds 1 to ${found.study.rounds}, not ${at.round}`);
  return { ...found, number: at.round, round: found.opening.rounds[String(at.round)] ?? NO_ROUND };
}

export function withStudy(state: State, id: string, change: Partial<Study>): State {
  return { ...state, studies: put(state.studies, id, { ...state.studies[id], ...change }) };
}

export function withRound(
  state: State,
  { studyId, opening, number, round }: FoundRound,
  change: Partial<Round>,
): State {
  const rounds = put(opening.rounds, String(number), { ...round, ...change });
  return withStudy(state, studyId, { opening: { ...opening, rounds } });
}
