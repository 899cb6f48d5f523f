// Lengths in bytes and elements that follow from a circuit, the number of aggregators and the number of proofs; and the checks of lengths.
import { PrivacyError } from '../error.ts';
import { fieldParameters } from '../field/field.ts';
import { type Circuit, proofLen, queryRandLen, verifierLen } from './circuit.ts';

export const seedSize = 32;
export const nonceSize = 16;

export function sizesOf(circuit: Circuit<never>, shares: number, proofs: number) {
  const size = fieldParameters[circuit.field].encodedSize;
  const joint = circuit.jointRandLen > 0;
  const blindBytes = joint ? seedSize : 0;
  const lengths = {
    proofLen: proofLen(circuit),
    verifierLen: verifierLen(circuit),
    queryRandLen: queryRandLen(circuit),
  };
  const measBytes = circuit.measLen * size;
  /** Of one proof. */
  const proofBytes = lengths.proofLen * size;
  /** Of one proof. */
  const verifierBytes = lengths.verifierLen * size;
  return {
    ...lengths,
    shares,
    proofs,
    /** Bytes of an element. */
    size,
    /** Is there joint randomness? */
    joint,
    measBytes,
    proofBytes,
    verifierBytes,
    queryRandBytes: lengths.queryRandLen * size,
    jointRandBytes: circuit.jointRandLen * size,
    proveRandBytes: circuit.arity * size,
    outputBytes: circuit.outputLen * size,
    publicShareSize: joint ? shares * seedSize : 0,
    verifierShareSize: verifierBytes * proofs + blindBytes,
    verifierMessageSize: blindBytes,
    randSize: shares * seedSize * (joint ? 2 : 1),
    inputShareSize: (aggId: number) => (aggId === 0 ? measBytes + proofBytes * proofs : seedSize) + blindBytes,
  };
}

export type Sizes = ReturnType<typeof sizesOf>;

/** Throws `parameter`: our own caller is at fault. */
export function checkArgument(name: string, bytes: Uint8Array, size: number): void {
  if (bytes.length !== size) throw new PrivacyError('parameter', `${name} must be ${size} bytes, not ${bytes.length}`);
}

/** Throws `shape`: whoever sent the bytes is at fault. */
export function checkShape(name: string, bytes: Uint8Array, size: number): void {
  if (bytes.length !== size) throw new PrivacyError('shape', `${name} must be ${size} bytes, not ${bytes.length}`);
}
