// Operators on the special classical types of the standard: angles, registers of bits, durations.

import { convert } from './convert.ts';
import { asWhole, compare, comparisons, sign, wholeOperation } from './numbers.ts';
import {
  angleFrom,
  type Bit,
  type Duration,
  durationType,
  floatType,
  type Hooks,
  type Type,
  toIndex,
  toNumber,
  typeName,
  type Value,
  type Whole,
  whole,
  wholeOfBits,
  wrap,
} from './value.ts';

/** An operator where at least one side is an angle. */
export function withAngle(op: string, a: Value, b: Value, hooks: Hooks): Value {
  const left = a.type.kind === 'angle';
  const size = left && b.type.kind === 'angle' ? Math.max(a.type.size, b.type.size) : (left ? a : b).type.size;
  const type: Type = { kind: 'angle', size };
  const isWhole = (x: Value) => ['int', 'uint', 'bit', 'bool'].includes(x.type.kind);
  if (op === '**') return { type: floatType, v: toNumber(a, hooks) ** toNumber(b, hooks) };
  if ((op === '*' || op === '/') && (isWhole(a) || isWhole(b))) {
    if (op === '/' && !left) return hooks.fail('a number cannot be divided by an angle');
    const n = toIndex(left ? b : a, hooks);
    const v = (left ? a : b).v as Whole;
    if (op === '/' && n === 0) return hooks.fail('division by zero');
    if (size === 0) return { type, v: angleFrom(op === '*' ? Number(v) * n : Number(v) / n, 0) };
    const r = op === '*' ? BigInt(v) * BigInt(n) : BigInt(v) / BigInt(n);
    return { type, v: wrap(whole(r), 'uint', size) };
  }
  const other = left ? b : a;
  if ((op === '*' || op === '/') && other.type.kind === 'float') {
    if (op === '/' && !left) return hooks.fail('a number cannot be divided by an angle');
    const x = toNumber(a, hooks);
    const y = toNumber(b, hooks);
    return { type, v: angleFrom(op === '*' ? x * y : x / y, size) };
  }
  const x = convert(a, type, false, hooks).v as Whole;
  const y = convert(b, type, false, hooks).v as Whole;
  if (comparisons.has(op)) return compare(op, sign(x, y));
  if (op === '/') {
    if (y === 0) return hooks.fail('division by zero');
    return {
      type: { kind: 'uint', size },
      v: size === 0 ? Math.floor(Number(x) / Number(y)) : whole(BigInt(x) / BigInt(y)),
    };
  }
  if (size === 0) {
    if (op === '+' || op === '-')
      return { type, v: angleFrom(op === '+' ? Number(x) + Number(y) : Number(x) - Number(y), 0) };
    return hooks.fail(`"${op}" needs an angle with a written size, such as angle[32]`);
  }
  if (op !== '+' && op !== '-' && op !== '&' && op !== '|' && op !== '^')
    return hooks.fail(`"${op}" does not work between two angles`);
  const u: Type = { kind: 'uint', size };
  return { type, v: wholeOperation(op, { type: u, v: x }, { type: u, v: y }, hooks).v as Whole };
}

/** An operator where at least one side is a register of bits. */
export function withBits(op: string, a: Value, b: Value, hooks: Hooks): Value {
  if (a.type.kind === 'bits' && b.type.kind === 'bits') {
    const x = a.v as Int32Array;
    const y = b.v as Int32Array;
    if (op === '&' || op === '|' || op === '^') {
      if (x.length !== y.length)
        return hooks.fail(`"${op}" needs registers of one length; these have ${x.length} and ${y.length} bits`);
      const f = (p: Bit, q: Bit) => (op === '&' ? p & q : op === '|' ? p | q : p ^ q);
      return { type: a.type, v: x.map((bit, i) => f(hooks.force(bit), hooks.force(y[i]))) };
    }
    if (!comparisons.has(op))
      return hooks.fail(`"${op}" does not work on bit registers; cast them, such as uint[n](c)`);
    if (x.length !== y.length) return hooks.fail(`registers of ${x.length} and ${y.length} bits cannot be compared`);
  }
  // Beside a whole number a register is the number that its bits say (as Qiskit writes expressions).
  const number = (x: Value): Value =>
    x.type.kind === 'bits'
      ? { type: { kind: 'uint', size: x.type.size }, v: wholeOfBits(x.v as Int32Array, hooks) }
      : asWhole(x, hooks);
  const [x, y] = [number(a), number(b)];
  return comparisons.has(op) ? compare(op, sign(x.v as Whole, y.v as Whole)) : wholeOperation(op, x, y, hooks);
}

/** << and >>; what is shifted off the end is lost. */
export function shift(op: string, a: Value, places: number, hooks: Hooks): Value {
  if (places < 0) return hooks.fail('the number of places of a shift is negative');
  const up = op === '<<';
  if (a.type.kind === 'bits') {
    const x = a.v as Int32Array;
    return { type: a.type, v: x.map((_, i) => x[up ? i - places : i + places] ?? 0) };
  }
  const sizedAngle = a.type.kind === 'angle' && a.type.size > 0;
  if (!sizedAngle && a.type.kind !== 'int' && a.type.kind !== 'uint')
    return hooks.fail(`"${op}" does not work on ${typeName(a.type)}`);
  const size = a.type.size || 64;
  if (places >= size) return { type: a.type, v: !up && (a.v as Whole) < 0 ? -1 : 0 };
  const x = BigInt(a.v as Whole);
  const r = up ? x << BigInt(places) : x >> BigInt(places);
  return { type: a.type, v: wrap(whole(r), a.type.kind === 'int' ? 'int' : 'uint', size) };
}

/** An operator where at least one side is a duration. */
export function withDuration(op: string, a: Value, b: Value, hooks: Hooks): Value {
  if (a.type.kind === 'duration' && b.type.kind === 'duration') {
    const x = a.v as Duration;
    const y = b.v as Duration;
    if (op === '+') return { type: durationType, v: { nanoseconds: x.nanoseconds + y.nanoseconds, dt: x.dt + y.dt } };
    if (op === '-') return { type: durationType, v: { nanoseconds: x.nanoseconds - y.nanoseconds, dt: x.dt - y.dt } };
    const mixed = (x.dt !== 0 || y.dt !== 0) && (x.nanoseconds !== 0 || y.nanoseconds !== 0);
    if (mixed) return hooks.fail('dt has no length in seconds here, so these durations cannot be compared or divided');
    const p = x.nanoseconds + x.dt;
    const q = y.nanoseconds + y.dt;
    if (op === '/') return { type: floatType, v: p / q };
    if (comparisons.has(op)) return compare(op, sign(p, q));
    return hooks.fail(`"${op}" does not work between two durations`);
  }
  const left = a.type.kind === 'duration';
  const { nanoseconds, dt } = (left ? a : b).v as Duration;
  if (op !== '*' && !(op === '/' && left)) return hooks.fail(`"${op}" does not work on a duration and a number`);
  const n = toNumber(left ? b : a, hooks);
  const f = op === '*' ? n : 1 / n;
  return { type: durationType, v: { nanoseconds: nanoseconds * f, dt: dt * f } };
}
