// A refusal is an answer in good order, not an error: a stable code for programs, a sentence for people.

export interface Refusal {
  readonly code: string;
  /** Names the thing and what is wrong with it. */
  readonly why: string;
}
