// Operators on the standard classical types: whole numbers, float, complex; and comparison, which all types share. As in C99, both sides take
// their common type first. Trap: 3 / 5 is 0, since both are integers.
import { convert } from './convert.ts';
import {
  type Bit,
  boolType,
  type Complex,
  complexType,
  floatType,
  type Hooks,
  intType,
  roundFloat,
  type Type,
  toNumber,
  typeName,
  type Value,
  type Whole,
  whole,
  wrap,
} from './value.ts';

/** Operators that yield a bool. */
export const comparisons: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==', '!=']);

/** A bool from the order of two values: negative, 0, positive, or NaN where there is none. */
export function compare(op: string, order: number): Value {
  const yes =
    op === '=='
      ? order === 0
      : op === '!='
        ? order !== 0
        : op === '<'
          ? order < 0
          : op === '<='
            ? order <= 0
            : op === '>'
              ? order > 0
              : order >= 0;
  return { type: boolType, v: yes ? 1 : 0 };
}

/** The order of two numbers, for `compare`. */
export const sign = (a: Whole, b: Whole): number => (a < b ? -1 : a > b ? 1 : a >= b ? 0 : Number.NaN);

/** A bit or bool as an int; whole numbers as they are; else it fails. */
export function asWhole(x: Value, hooks: Hooks): Value {
  if (x.type.kind === 'bit' || x.type.kind === 'bool') return { type: intType, v: hooks.force(x.v as Bit) };
  if (x.type.kind === 'int' || x.type.kind === 'uint') return x;
  return hooks.fail(`${typeName(x.type)} cannot be used with this operator`);
}

/** An operator on two whole numbers. */
export function wholeOperation(op: string, a: Value, b: Value, hooks: Hooks): Value {
  const sa = a.type.size || 64;
  const sb = b.type.size || 64;
  const type: Type = sa > sb ? a.type : sb > sa ? b.type : a.type.kind === 'uint' ? a.type : b.type;
  const kind = type.kind as 'int' | 'uint';
  // Both sides take the common type before anything else, so that a negative int beside a uint is a large number, as in C.
  const x = wrap(a.v as Whole, kind, type.size);
  const y = op === '**' ? (b.v as Whole) : wrap(b.v as Whole, kind, type.size);
  if (comparisons.has(op)) return compare(op, sign(x, y));
  if (op === '**' && y < 0) return { type: floatType, v: Number(x) ** Number(y) };
  if ((op === '/' || op === '%') && y === 0) return hooks.fail('division by zero');
  if (typeof x === 'number' && typeof y === 'number') {
    let r = Number.NaN;
    if (op === '+') r = x + y;
    else if (op === '-') r = x - y;
    else if (op === '*') r = x * y;
    else if (op === '/') r = Math.trunc(x / y);
    else if (op === '%') r = x % y;
    else if (op === '**') r = x ** y;
    else if (x >= 0 && y >= 0 && x < 2 ** 31 && y < 2 ** 31) r = op === '&' ? x & y : op === '|' ? x | y : x ^ y;
    if (Number.isSafeInteger(r)) return { type, v: wrap(r + 0, kind, type.size) };
  }
  const p = BigInt(x);
  const q = BigInt(y);
  let r: bigint;
  if (op === '+') r = p + q;
  else if (op === '-') r = p - q;
  else if (op === '*') r = p * q;
  else if (op === '/') r = p / q;
  else if (op === '%') r = p % q;
  else if (op === '&') r = p & q;
  else if (op === '|') r = p | q;
  else if (op === '^') r = p ^ q;
  else r = modularPower(p, q, BigInt(type.size || 64));
  return { type, v: wrap(whole(r), kind, type.size) };
}

/** p^q modulo 2^bits, in few steps however large q is. */
function modularPower(p: bigint, q: bigint, bits: bigint): bigint {
  const mask = (1n << bits) - 1n;
  let result = 1n;
  let base = p & mask;
  for (let e = q; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * base) & mask;
    base = (base * base) & mask;
  }
  return result;
}

/** An operator where at least one side is a float. */
export function floatOperation(op: string, a: Value, b: Value, hooks: Hooks): Value {
  const x = toNumber(a, hooks);
  const y = toNumber(b, hooks);
  if (comparisons.has(op)) return compare(op, sign(x, y));
  const sizes = [a, b].filter(v => v.type.kind === 'float').map(v => v.type.size || 64);
  const size = Math.max(...sizes);
  let r: number;
  if (op === '+') r = x + y;
  else if (op === '-') r = x - y;
  else if (op === '*') r = x * y;
  else if (op === '/') r = x / y;
  else if (op === '%') r = x % y;
  else if (op === '**') r = x ** y;
  else return hooks.fail(`"${op}" does not work on float; cast to an integer first`);
  return { type: { kind: 'float', size }, v: roundFloat(r, size) };
}

/** An operator where at least one side is complex. */
export function complexOperation(op: string, a: Value, b: Value, hooks: Hooks): Value {
  const size = Math.max(...[a, b].filter(v => v.type.kind === 'complex').map(v => v.type.size));
  const type: Type = { kind: 'complex', size };
  const x = convert(a, type, false, hooks).v as Complex;
  const y = convert(b, type, false, hooks).v as Complex;
  if (op === '==') return compare(op, x.re === y.re && x.im === y.im ? 0 : 1);
  if (op === '!=') return compare(op, x.re === y.re && x.im === y.im ? 0 : 1);
  let r: Complex;
  if (op === '+') r = { re: x.re + y.re, im: x.im + y.im };
  else if (op === '-') r = { re: x.re - y.re, im: x.im - y.im };
  else if (op === '*') r = times(x, y);
  else if (op === '/') {
    const d = y.re * y.re + y.im * y.im;
    r = { re: (x.re * y.re + x.im * y.im) / d, im: (x.im * y.re - x.re * y.im) / d };
  } else if (op === '**') {
    if (x.re === 0 && x.im === 0) r = y.re === 0 && y.im === 0 ? { re: 1, im: 0 } : { re: 0, im: 0 };
    else r = exponential(times(y, { re: Math.log(Math.hypot(x.re, x.im)), im: Math.atan2(x.im, x.re) }));
  } else return hooks.fail(`"${op}" does not work on complex numbers`);
  return convert({ type: complexType, v: r }, type, false, hooks);
}

const times = (x: Complex, y: Complex): Complex => ({ re: x.re * y.re - x.im * y.im, im: x.re * y.im + x.im * y.re });

/** e to the power z. */
export const exponential = (z: Complex): Complex => ({
  re: Math.exp(z.re) * Math.cos(z.im),
  im: Math.exp(z.re) * Math.sin(z.im),
});
