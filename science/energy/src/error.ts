// What can be wrong with a grid, as a closed list of codes; the message names the thing, its row and the reason.

export type EnergyErrorCode =
  | 'syntax'
  | 'missing-matrix'
  | 'missing-column'
  | 'not-a-number'
  | 'duplicate'
  | 'unknown-bus'
  | 'unknown-name'
  | 'zero-impedance'
  | 'limits-contradict'
  | 'no-reference'
  | 'cost'
  | 'unsupported'
  | 'no-convergence';

/** Thrown for input that cannot be worked with. */
export class EnergyError extends Error {
  readonly code: EnergyErrorCode;
  constructor(code: EnergyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
