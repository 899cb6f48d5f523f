// Operators on values (OpenQASM 3, "Classical instructions"): which kind of operands goes where. Mixed operands follow C99: complex over float
// over the integers; at equal width uint over int.
import type { BinaryOperator } from './ast.ts';
import { asWhole, complexOperation, floatOperation, wholeOperation } from './numbers.ts';
import { shift, withAngle, withBits, withDuration } from './special.ts';
import {
  angleFrom,
  type Bit,
  bitType,
  boolType,
  type Complex,
  type Duration,
  type Hooks,
  toIndex,
  truth,
  typeName,
  type Value,
  type Whole,
  whole,
  wrap,
} from './value.ts';

/** a op b. && and || are the caller's, since they may skip the right side. */
export function binary(op: BinaryOperator, a: Value, b: Value, hooks: Hooks): Value {
  const ka = a.type.kind;
  const kb = b.type.kind;
  if (op === '<<' || op === '>>') return shift(op, a, toIndex(b, hooks), hooks);
  if (ka === 'bits' || kb === 'bits') return withBits(op, a, b, hooks);
  if ((ka === 'bit' || ka === 'bool') && (kb === 'bit' || kb === 'bool')) {
    if (op === '&' || op === '|' || op === '^') {
      const x = hooks.force(a.v as Bit);
      const y = hooks.force(b.v as Bit);
      return {
        type: ka === 'bit' && kb === 'bit' ? bitType : boolType,
        v: op === '&' ? x & y : op === '|' ? x | y : x ^ y,
      };
    }
  }
  if (ka === 'duration' || kb === 'duration') return withDuration(op, a, b, hooks);
  if (ka === 'angle' || kb === 'angle') return withAngle(op, a, b, hooks);
  if (ka === 'complex' || kb === 'complex') return complexOperation(op, a, b, hooks);
  if (ka === 'float' || kb === 'float') return floatOperation(op, a, b, hooks);
  return wholeOperation(op, asWhole(a, hooks), asWhole(b, hooks), hooks);
}

/** -x, ~x, !x. */
export function unary(op: '-' | '~' | '!', x: Value, hooks: Hooks): Value {
  const { type } = x;
  if (op === '!') return { type: boolType, v: truth(x, hooks) ? 0 : 1 };
  if (op === '~') {
    if (type.kind === 'bits') return { type, v: (x.v as Int32Array).map(b => 1 - hooks.force(b)) };
    if (type.kind === 'bit' || type.kind === 'bool') return { type, v: 1 - hooks.force(x.v as Bit) };
    const sizedAngle = type.kind === 'angle' && type.size > 0;
    if (!sizedAngle && type.kind !== 'int' && type.kind !== 'uint')
      return hooks.fail(`"~" does not work on ${typeName(type)}`);
    return { type, v: wrap(whole(~BigInt(x.v as Whole)), type.kind === 'int' ? 'int' : 'uint', type.size) };
  }
  switch (type.kind) {
    case 'float':
      return { type, v: -(x.v as number) };
    case 'complex':
      return { type, v: { re: -(x.v as Complex).re, im: -(x.v as Complex).im } };
    case 'angle':
      return type.size === 0
        ? { type, v: angleFrom(-Number(x.v), 0) }
        : { type, v: wrap(whole(-BigInt(x.v as Whole)), 'uint', type.size) };
    case 'int':
    case 'uint':
    case 'bit':
    case 'bool': {
      const w = asWhole(x, hooks);
      const negative = typeof w.v === 'number' ? 0 - w.v : whole(-(w.v as bigint));
      return { type: w.type, v: wrap(negative, w.type.kind as 'int' | 'uint', w.type.size) };
    }
    case 'duration':
      return { type, v: { nanoseconds: -(x.v as Duration).nanoseconds, dt: -(x.v as Duration).dt } };
    default:
      return hooks.fail(`"-" does not work on ${typeName(type)}`);
  }
}
