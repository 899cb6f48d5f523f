// Conversions between classical types (OpenQASM 3, "Casting specifics").
import {
  angleFrom,
  angleRadians,
  bitsOfWhole,
  type Complex,
  type Duration,
  type Hooks,
  roundFloat,
  type Type,
  toNumber,
  truth,
  typeName,
  type Value,
  type Whole,
  whole,
  wholeOfBits,
  wrap,
} from './value.ts';

/**
 * Converts to another type. `explicit` for a written cast; without it only what the language converts by itself:
 * upwards among bool, int, uint, float, complex; float to angle; bit register to integer that holds it.
 */
export function convert(x: Value, to: Type, explicit: boolean, hooks: Hooks): Value {
  const from = x.type;
  const refuse = (why = ''): never =>
    hooks.fail(
      explicit
        ? `${typeName(from)} cannot be cast to ${typeName(to)}${why}`
        : `a value of type ${typeName(from)} cannot be assigned to ${typeName(to)}${why}`,
    );
  const sized = (bits: Int32Array): Int32Array =>
    bits.length === to.size ? bits : refuse(`: the widths differ; choose bits by slicing, such as x[0:${to.size - 1}]`);
  switch (to.kind) {
    case 'bool':
      if (from.kind === 'bit' || from.kind === 'bool') return { type: to, v: x.v as Whole };
      if (!explicit && (from.kind === 'float' || from.kind === 'angle')) return refuse('; compare it with 0 instead');
      return { type: to, v: truth(x, hooks) ? 1 : 0 };
    case 'bit':
      if (from.kind === 'bit' || from.kind === 'bool') return { type: to, v: x.v as Whole };
      if (from.kind === 'bits')
        return (x.v as Int32Array).length === 1 ? { type: to, v: (x.v as Int32Array)[0] } : refuse();
      if (from.kind !== 'int' && from.kind !== 'uint') return refuse();
      if (!explicit && x.v !== 0 && x.v !== 1) return refuse(': only 0 and 1 are bits');
      return { type: to, v: x.v === 0 ? 0 : 1 };
    case 'bits': {
      if (from.kind === 'bits') return { type: to, v: sized(x.v as Int32Array) };
      if (from.kind === 'bit' || from.kind === 'bool') {
        if (!explicit && to.size !== 1) return refuse();
        const bits = new Int32Array(to.size);
        if (to.size > 0) bits[0] = x.v as number;
        return { type: to, v: bits };
      }
      if (from.kind === 'int' || from.kind === 'uint' || (from.kind === 'angle' && from.size > 0)) {
        if (from.size > 0 && from.size !== to.size) return refuse(': the widths differ; choose bits by slicing');
        const v = x.v as Whole;
        if (!(v >= -(2 ** (to.size - 1)) && v < 2 ** to.size)) return refuse(`: ${v} does not fit`);
        return { type: to, v: bitsOfWhole(v, to.size) };
      }
      return refuse();
    }
    case 'int':
    case 'uint': {
      if (from.kind === 'int' || from.kind === 'uint') return { type: to, v: wrap(x.v as Whole, to.kind, to.size) };
      if (from.kind === 'bit' || from.kind === 'bool') return { type: to, v: hooks.force(x.v as number) };
      if (from.kind === 'bits') {
        if (explicit ? to.size > 0 && to.size !== from.size : to.size > 0 && to.size < from.size)
          return refuse(': the widths differ; choose bits by slicing');
        return { type: to, v: wrap(wholeOfBits(x.v as Int32Array, hooks), to.kind, to.size) };
      }
      if (from.kind !== 'float' || !explicit) return refuse(from.kind === 'float' ? `; write ${typeName(to)}(…)` : '');
      if (!Number.isFinite(x.v as number)) return hooks.fail(`${x.v} cannot be cast to ${typeName(to)}`);
      return { type: to, v: wrap(whole(BigInt(Math.trunc(x.v as number))), to.kind, to.size) };
    }
    case 'float':
      if (from.kind === 'float' || from.kind === 'int' || from.kind === 'uint')
        return { type: to, v: roundFloat(Number(x.v), to.size) };
      if (from.kind === 'bool' || from.kind === 'bit') return { type: to, v: hooks.force(x.v as number) };
      // The language forbids it and then writes float(d) of an angle d; the radians are the only sensible meaning.
      if (from.kind === 'angle' && explicit)
        return { type: to, v: roundFloat(angleRadians(x.v as Whole, from.size), to.size) };
      return refuse();
    case 'angle':
      if (from.kind === 'float' || from.kind === 'int' || from.kind === 'uint') {
        if (!Number.isFinite(Number(x.v))) return hooks.fail(`${x.v} is not an angle`);
        return { type: to, v: angleFrom(Number(x.v), to.size) };
      }
      if (from.kind === 'angle') {
        if (from.size === to.size) return { type: to, v: x.v as Whole };
        if (from.size > 0 && to.size > from.size)
          return { type: to, v: whole(BigInt(x.v as Whole) << BigInt(to.size - from.size)) };
        return { type: to, v: angleFrom(angleRadians(x.v as Whole, from.size), to.size) };
      }
      if (from.kind === 'bits' && to.size > 0) return { type: to, v: wholeOfBits(sized(x.v as Int32Array), hooks) };
      return refuse();
    case 'complex': {
      if (from.kind === 'complex') {
        const { re, im } = x.v as Complex;
        return { type: to, v: { re: roundFloat(re, to.size), im: roundFloat(im, to.size) } };
      }
      if (from.kind === 'float' || from.kind === 'int' || from.kind === 'uint' || from.kind === 'bool')
        return { type: to, v: { re: roundFloat(toNumber(x, hooks), to.size), im: 0 } };
      return refuse();
    }
    case 'duration':
      return from.kind === 'duration' ? { type: to, v: x.v as Duration } : refuse();
    default:
      return refuse();
  }
}
