// What can go wrong in secure aggregation: one error class with a closed list of codes.

/**
 * - `parameter`: a function was called with parameters or a measurement it cannot take (programming or configuration fault)
 * - `measurement`: a value lies outside what the aggregation function can carry
 * - `shape`: bytes from another party have the wrong length or hold a number that is not reduced modulo the field's prime
 * - `proof`: the verifier message says the measurement is not valid, or was tampered with
 * - `joint-randomness`: the joint randomness the client used is not the one the aggregators computed
 * - `test-point`: the query randomness hit a root of unity (probability below 2^-50): this report cannot be verified with this key
 * - `sum-too-large`: a sum is no safe integer; use the exact form
 */
export type PrivacyErrorCode =
  | 'parameter'
  | 'measurement'
  | 'shape'
  | 'proof'
  | 'joint-randomness'
  | 'test-point'
  | 'sum-too-large';

/** Thrown by this package; `code` says which of the closed list it is, `message` names the thing and the reason. */
export class PrivacyError extends Error {
  readonly code: PrivacyErrorCode;

  constructor(code: PrivacyErrorCode, message: string) {
    super(message);
    this.name = 'PrivacyError';
    this.code = code;
  }
}
