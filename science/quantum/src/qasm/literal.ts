// Numbers, bits and durations as they are written.
import type { Expression } from './ast.ts';
import { boolType, complexType, durationType, floatType, intType, type Value, whole } from './value.ts';

const nanoseconds = { s: 1e9, ms: 1e6, us: 1e3, µs: 1e3, ns: 1 } as const;

/** The value of a literal. */
export function literal(e: Expression): Value {
  switch (e.kind) {
    case 'integer': {
      // Plain short numbers, the most common by far.
      if (e.text.length < 10 && !/[^0-9]/.test(e.text)) return { type: intType, v: Number(e.text) };
      const v = whole(BigInt(e.text.replaceAll('_', '').replace('0B', '0b').replace('0X', '0x')));
      return { type: intType, v };
    }
    case 'float':
      return { type: floatType, v: Number(e.text.replaceAll('_', '')) };
    case 'imaginary':
      return { type: complexType, v: { re: 0, im: Number(e.text.replaceAll('_', '')) } };
    case 'boolean':
      return { type: boolType, v: e.value ? 1 : 0 };
    case 'bits': {
      const digits = e.text.replaceAll('_', '');
      const bits = Int32Array.from(digits, (_, i) => Number(digits[digits.length - 1 - i]));
      return { type: { kind: 'bits', size: bits.length }, v: bits };
    }
    default: {
      const t = e as Expression & { kind: 'time' };
      const n = Number(t.text.replaceAll('_', ''));
      return {
        type: durationType,
        v: t.unit === 'dt' ? { nanoseconds: 0, dt: n } : { nanoseconds: n * nanoseconds[t.unit], dt: 0 },
      };
    }
  }
}
