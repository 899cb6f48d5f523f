// Sums of Pauli strings and their expectation values in a state vector. A string is written with the highest qubit first: "XIZ" is X on qubit 2
// and Z on qubit 0, the order of bits in keys of counts.
import { QuantumError } from '../error.ts';

export interface PauliTerm {
  readonly coefficient: number;
  /** Letters I, X, Y, Z, highest qubit first. */
  readonly paulis: string;
}

interface Masks {
  readonly flip: number;
  readonly sign: number;
  readonly ys: number;
}

function masks(paulis: string, qubits: number): Masks {
  if (paulis.length !== qubits)
    throw new QuantumError('argument', `"${paulis}" has ${paulis.length} letters for ${qubits} qubits`);
  let flip = 0;
  let sign = 0;
  let ys = 0;
  for (let i = 0; i < qubits; i++) {
    const p = paulis[qubits - 1 - i];
    if (!'IXYZ'.includes(p)) throw new QuantumError('argument', `"${p}" is not a Pauli letter`);
    if (p === 'X' || p === 'Y') flip += 2 ** i;
    if (p === 'Z' || p === 'Y') sign += 2 ** i;
    if (p === 'Y') ys += 1;
  }
  return { flip, sign, ys };
}

function oddBits(v: number): boolean {
  let x = v ^ (v >>> 16);
  x ^= x >>> 8;
  x ^= x >>> 4;
  return ((0x6996 >>> (x & 15)) & 1) === 1;
}

/** out += coefficient P a, for amplitudes as pairs. P|x> = i^(number of Y) (-1)^(x·sign) |x ^ flip>. */
function addTimes(out: Float64Array, a: Float64Array, coefficient: number, m: Masks): void {
  const re = [1, 0, -1, 0][m.ys & 3] * coefficient;
  const im = [0, 1, 0, -1][m.ys & 3] * coefficient;
  for (let x = 0; x < a.length / 2; x++) {
    const s = oddBits(x & m.sign) ? -1 : 1;
    const to = 2 * (x ^ m.flip);
    out[to] += s * (re * a[2 * x] - im * a[2 * x + 1]);
    out[to + 1] += s * (re * a[2 * x + 1] + im * a[2 * x]);
  }
}

/** O|a> for a sum of Pauli strings. */
export function applyObservable(terms: readonly PauliTerm[], a: Float64Array): Float64Array {
  const qubits = Math.round(Math.log2(a.length / 2));
  const out = new Float64Array(a.length);
  for (const t of terms) addTimes(out, a, t.coefficient, masks(t.paulis, qubits));
  return out;
}

/** <a|O|a> of a normalised state; real, since coefficients are. */
export function expectation(terms: readonly PauliTerm[], a: Float64Array): number {
  const o = applyObservable(terms, a);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * o[i];
  return sum;
}

/** Estimate of <Z…Z on the qubits of `mask`> from counts of one register, with its standard error. */
export function parityFromCounts(
  counts: Readonly<Record<string, number>>,
  mask: string,
): { readonly mean: number; readonly error: number } {
  let sum = 0;
  let shots = 0;
  for (const [key, n] of Object.entries(counts)) {
    const bits = key.replaceAll(' ', '');
    if (bits.length !== mask.length)
      throw new QuantumError('argument', `the key "${key}" does not have ${mask.length} bits`);
    let odd = 0;
    for (let i = 0; i < bits.length; i++) if (mask[i] === '1' && bits[i] === '1') odd ^= 1;
    sum += odd ? -n : n;
    shots += n;
  }
  const mean = sum / shots;
  return { mean, error: Math.sqrt(Math.max(0, 1 - mean * mean) / shots) };
}
