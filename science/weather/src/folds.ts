// Predictions of training days from fits that did not see them: the years are dealt to folds, each fold is left out in turn.

/** Predictions per target row and day, in the targets' standardised unit. */
export interface Predictions {
  /** From the fit on all training days; only days after training are out of sample. */
  readonly fitted: readonly Float64Array[];
  /** For training days: from the fit without the fold the day belongs to. */
  readonly withheld: readonly Float64Array[];
}

/** A run of training days [from, to) that belongs to a fold. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly fold: number;
}

export const FOLDS = 4;

/** Days [0, end) in blocks of about a year, dealt to the folds in turn. */
export function yearlySegments(end: number): Segment[] {
  const blocks = Math.max(FOLDS, Math.round(end / 365.25));
  return Array.from({ length: blocks }, (_, b) => ({
    from: Math.floor((b * end) / blocks),
    to: Math.floor(((b + 1) * end) / blocks),
    fold: b % FOLDS,
  }));
}
