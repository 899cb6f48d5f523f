// Units of rows: increments by the spread of their step, evidence by distinct periods.
import type { Design } from '../panel/design.ts';

/** The spread of increments grows about so with the step. */
const STEP_POWER = 0.7;

/** What increments over `step` periods are divided by, so that all steps have one spread. */
export const stepUnit = (step: number): number => step ** STEP_POWER;

/**
 * The design with increments in units of their step. Without it the long steps decide the fit, and the pull to 0 leaves the shortest
 * step with half of the longest one's effect (docs/decisions/0033).
 */
export function perStep(d: Design): Design {
  return { ...d, y: d.y.map((y, i) => y / stepUnit(d.step[i])) };
}

/** Number of distinct base periods in a design. */
export function periodsOf(d: Design): number {
  return new Set(d.period).size;
}
