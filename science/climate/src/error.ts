// What is thrown when an input cannot be used. Every message names the thing, where it stands, why it will not do and what to do.

/** The closed list of reasons. */
export type ClimateCode =
  | 'bad-number'
  | 'bad-parameter'
  | 'bad-species-table'
  | 'bad-unit'
  | 'duplicate-series'
  | 'missing-column'
  | 'missing-series'
  | 'missing-year'
  | 'negative-concentration'
  | 'not-converged'
  | 'short-scenario'
  | 'unknown-parameter'
  | 'unknown-scenario'
  | 'unknown-species';

export class ClimateError extends Error {
  readonly code: ClimateCode;
  constructor(code: ClimateCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ClimateError';
    this.code = code;
  }
}
