// Integers in [0, maxMeasurement] as weighted bits: draft-irtf-cfrg-vdaf, `encode_range_checked_int`. The last bit's weight is chosen so that
// all ones give exactly maxMeasurement: no other range check is needed. Trap: the last weight is no power of two in general.
import { PrivacyError } from '../error.ts';
import { type FieldName, fieldParameters } from '../field/field.ts';
import type { Pointer } from '../kernel/kernel.ts';

export interface BitEncoding {
  readonly maxMeasurement: bigint;
  readonly bits: number;
  readonly lastWeight: bigint;
}

/** Throws `parameter` unless 0 < maxMeasurement and 2^bits fits the field. */
export function bitEncoding(field: FieldName, maxMeasurement: number | bigint): BitEncoding {
  if (typeof maxMeasurement === 'number' && !Number.isSafeInteger(maxMeasurement))
    throw new PrivacyError(
      'parameter',
      `maxMeasurement ${maxMeasurement} is no whole number that a double holds exactly`,
    );
  const max = BigInt(maxMeasurement);
  if (max <= 0n) throw new PrivacyError('parameter', `maxMeasurement must be at least 1, not ${max}`);
  const bits = max.toString(2).length;
  if (1n << BigInt(bits) >= fieldParameters[field].modulus)
    throw new PrivacyError('parameter', `maxMeasurement ${max} needs ${bits} bits, too many for ${field}`);
  return { maxMeasurement: max, bits, lastWeight: max - ((1n << BigInt(bits - 1)) - 1n) };
}

/** Writes `bits` elements of value 0 or 1 at `out`, which is zero. Throws `measurement` outside [0, maxMeasurement]; `name` is for the message. */
export function encodeBits(
  e: BitEncoding,
  elementBytes: number,
  value: number | bigint,
  memory: Uint8Array,
  out: Pointer,
  name: string,
): void {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new PrivacyError('measurement', `${name} is ${value}, not a whole number`);
  if (value < 0 || value > e.maxMeasurement)
    throw new PrivacyError('measurement', `${name} is ${value}, outside 0 to ${e.maxMeasurement}`);
  const last = out + (e.bits - 1) * elementBytes;
  if (typeof value === 'number' && e.bits <= 53) {
    const ones = 2 ** (e.bits - 1) - 1;
    const top = value > ones ? 1 : 0;
    const rest = value - top * Number(e.lastWeight);
    const low = rest >>> 0;
    const high = Math.floor(rest / 2 ** 32);
    memory[last] = top;
    for (let l = 0; l < e.bits - 1; l++)
      memory[out + l * elementBytes] = l < 32 ? (low >>> l) & 1 : (high >>> (l - 32)) & 1;
    return;
  }
  const exact = BigInt(value);
  const top = exact > (1n << BigInt(e.bits - 1)) - 1n;
  const rest = top ? exact - e.lastWeight : exact;
  memory[last] = top ? 1 : 0;
  for (let l = 0; l < e.bits - 1; l++) memory[out + l * elementBytes] = Number((rest >> BigInt(l)) & 1n);
}
