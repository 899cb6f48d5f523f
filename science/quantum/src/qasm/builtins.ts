// The built-in functions (OpenQASM 3, "Built-in constant expression functions").
import { exponential, floatOperation } from './numbers.ts';
import { binary } from './operate.ts';
import {
  angleRadians,
  type Bit,
  bitsOfWhole,
  type Complex,
  floatType,
  type Hooks,
  toIndex,
  toNumber,
  typeName,
  uintType,
  type Value,
  type Whole,
  wholeOfBits,
  wrap,
} from './value.ts';

/** Names that are functions without being declared, with their smallest and largest number of arguments. */
export const builtins: Readonly<Record<string, readonly [number, number]>> = {
  arccos: [1, 1],
  arcsin: [1, 1],
  arctan: [1, 1],
  ceiling: [1, 1],
  cos: [1, 1],
  exp: [1, 1],
  floor: [1, 1],
  log: [1, 1],
  // Older name of log, still in the official grammar's tests.
  ln: [1, 1],
  mod: [2, 2],
  popcount: [1, 1],
  real: [1, 1],
  imag: [1, 1],
  rotl: [2, 2],
  rotr: [2, 2],
  sin: [1, 1],
  sqrt: [1, 1],
  tan: [1, 1],
  sizeof: [1, 2],
};

const real: Readonly<Record<string, (x: number) => number>> = {
  arccos: Math.acos,
  arcsin: Math.asin,
  arctan: Math.atan,
  ceiling: Math.ceil,
  cos: Math.cos,
  exp: Math.exp,
  floor: Math.floor,
  log: Math.log,
  ln: Math.log,
  sin: Math.sin,
  sqrt: Math.sqrt,
  tan: Math.tan,
};

/** Calls a built-in function; `sizeof` is the caller's. */
export function callBuiltin(name: string, args: readonly Value[], hooks: Hooks): Value {
  const [x] = args;
  const kind = x.type.kind;
  if (kind === 'complex') {
    const z = x.v as Complex;
    if (name === 'real' || name === 'imag')
      return { type: { kind: 'float', size: x.type.size }, v: name === 'real' ? z.re : z.im };
    if (name === 'exp') return { type: x.type, v: exponential(z) };
    if (name === 'sqrt') {
      const r = Math.hypot(z.re, z.im);
      const im = Math.sqrt(Math.max(0, (r - z.re) / 2));
      return { type: x.type, v: { re: Math.sqrt(Math.max(0, (r + z.re) / 2)), im: z.im < 0 ? -im : im } };
    }
    return hooks.fail(`${name} does not take a complex number`);
  }
  if (name === 'real' || name === 'imag') return { type: floatType, v: name === 'real' ? toNumber(x, hooks) : 0 };
  if (name === 'mod')
    return kind === 'float' || args[1].type.kind === 'float'
      ? floatOperation('%', x, args[1], hooks)
      : binary('%', x, args[1], hooks);
  if (name === 'popcount' || name === 'rotl' || name === 'rotr') return onBits(name, x, args[1], hooks);
  const r = real[name](kind === 'angle' ? angleRadians(x.v as Whole, x.type.size) : toNumber(x, hooks));
  if (Number.isNaN(r)) return hooks.fail(`${name} is not defined for ${String(x.v)}`);
  return { type: floatType, v: r };
}

function onBits(name: string, x: Value, by: Value | undefined, hooks: Hooks): Value {
  const { type } = x;
  const bits = type.kind === 'bits' ? (x.v as Int32Array) : bitsOfWhole(asBits(x, name, hooks), type.size || 64);
  if (name === 'popcount') return { type: uintType, v: bits.reduce((n, b) => n + hooks.force(b), 0) };
  const n = bits.length;
  const d = toIndex(by!, hooks) * (name === 'rotl' ? 1 : -1);
  const turned = bits.map((_, i) => bits[(((i - d) % n) + n) % n]);
  if (type.kind === 'bits') return { type, v: turned };
  return { type, v: wrap(wholeOfBits(turned, hooks), type.kind === 'int' ? 'int' : 'uint', n) };
}

function asBits(x: Value, name: string, hooks: Hooks): Whole {
  if (x.type.kind === 'int' || x.type.kind === 'uint' || (x.type.kind === 'angle' && x.type.size > 0))
    return x.v as Whole;
  if (x.type.kind === 'bit' || x.type.kind === 'bool') return hooks.force(x.v as Bit);
  return hooks.fail(`${name} does not take ${typeName(x.type)}`);
}
