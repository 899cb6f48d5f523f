// Classical types and values of a running program (OpenQASM 3, "Types and Casting").
// Choices the language leaves open: an unsized int or uint has 64 bits, an unsized float 64, an unsized angle is a double in [0, 2π).
// Trap: whole numbers are JavaScript numbers while exact and become BigInt beyond 2^53; `whole` keeps that rule.

/** 0 or 1; 2 + k stands for the k-th measurement of a traced circuit, whose outcome is not known yet. */
export type Bit = number;
export type Whole = number | bigint;

export interface Type {
  readonly kind:
    | 'bit'
    | 'bits'
    | 'bool'
    | 'int'
    | 'uint'
    | 'float'
    | 'angle'
    | 'complex'
    | 'duration'
    | 'array'
    | 'void';
  /** Width in bits; 0 where none is written. Of `bits` the length. */
  readonly size: number;
  /** Of an array. */
  readonly base?: Type;
  readonly shape?: readonly number[];
}

export interface Complex {
  readonly re: number;
  readonly im: number;
}
export interface Duration {
  readonly nanoseconds: number;
  /** Samples of the device, which have no length in nanoseconds here. */
  readonly dt: number;
}
/** A window on the elements of an array; slices share `data`. */
export interface ArrayView {
  readonly data: Value['v'][];
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

export type Value =
  | { readonly type: Type; readonly v: Whole }
  | { readonly type: Type; readonly v: Int32Array }
  | { readonly type: Type; readonly v: Complex }
  | { readonly type: Type; readonly v: Duration }
  | { readonly type: Type; readonly v: ArrayView };

/** What a conversion may need from the running program. */
export interface Hooks {
  /** The outcome behind a bit; a trace stops here when the outcome is not known. */
  force(bit: Bit): number;
  /** Stops with the place in the program. */
  fail(message: string): never;
}

export const bitType: Type = { kind: 'bit', size: 1 };
export const boolType: Type = { kind: 'bool', size: 1 };
export const intType: Type = { kind: 'int', size: 0 };
export const uintType: Type = { kind: 'uint', size: 0 };
export const floatType: Type = { kind: 'float', size: 64 };
export const complexType: Type = { kind: 'complex', size: 64 };
export const durationType: Type = { kind: 'duration', size: 0 };

/** As written in a program. */
export function typeName(t: Type): string {
  if (t.kind === 'bits') return `bit[${t.size}]`;
  if (t.kind === 'array') return `array[${typeName(t.base!)}, ${t.shape!.join(', ')}]`;
  if (t.kind === 'complex') return `complex[float[${t.size}]]`;
  return t.size > 0 && ['int', 'uint', 'float', 'angle'].includes(t.kind) ? `${t.kind}[${t.size}]` : t.kind;
}

/** A number while exact, else a BigInt. */
export function whole(x: bigint): Whole {
  const n = Number(x);
  return Number.isSafeInteger(n) ? n : x;
}

/** Reduces to the range of a type: two's complement for int, modulo 2^size for uint and angle. */
export function wrap(v: Whole, kind: 'int' | 'uint', size: number): Whole {
  const bits = size || 64;
  if (typeof v === 'number' && bits <= 53) {
    const half = 2 ** (bits - 1);
    if (kind === 'int' ? v >= -half && v < half : v >= 0 && v < 2 * half) return v;
  } else if (typeof v === 'number' && Number.isSafeInteger(v) && (kind === 'int' || v >= 0)) return v;
  return whole(kind === 'int' ? BigInt.asIntN(bits, BigInt(v)) : BigInt.asUintN(bits, BigInt(v)));
}

const fround16 = (Math as { f16round?(x: number): number }).f16round ?? Math.fround;
/** Rounds to the precision of float[size]; other sizes compute in double. */
export function roundFloat(x: number, size: number): number {
  return size === 32 ? Math.fround(x) : size === 16 ? fround16(x) : x;
}

const TAU = 2 * Math.PI;
/** Radians of an angle's value. */
export function angleRadians(v: Whole, size: number): number {
  return size === 0 ? Number(v) : (Number(v) / 2 ** size) * TAU;
}

/** The angle nearest to some radians, ties to even, modulo 2π. */
export function angleFrom(radians: number, size: number): Whole {
  if (size === 0) {
    const r = radians % TAU;
    return r < 0 ? r + TAU : r;
  }
  const turns = radians / TAU;
  const x = (turns - Math.floor(turns)) * 2 ** Math.min(size, 52);
  let n = Math.floor(x);
  const rest = x - n;
  if (rest > 0.5 || (rest === 0.5 && n % 2 === 1)) n += 1;
  const exact = size > 52 ? BigInt(n) << BigInt(size - 52) : n;
  return wrap(exact, 'uint', size);
}

/** Bits of a whole number, lowest first. */
export function bitsOfWhole(v: Whole, size: number): Int32Array {
  const out = new Int32Array(size);
  if (typeof v === 'number' && v >= 0) {
    for (let i = 0; i < size && v > 0; i++) {
      out[i] = v % 2;
      v = Math.floor(v / 2);
    }
    return out;
  }
  const x = BigInt.asUintN(size, BigInt(v));
  for (let i = 0; i < size; i++) out[i] = Number((x >> BigInt(i)) & 1n);
  return out;
}

/** The whole number of bits, lowest first. */
export function wholeOfBits(bits: Int32Array, hooks: Hooks): Whole {
  if (bits.length <= 53) {
    let n = 0;
    for (let i = bits.length - 1; i >= 0; i--) n = 2 * n + hooks.force(bits[i]);
    return n;
  }
  let n = 0n;
  for (let i = bits.length - 1; i >= 0; i--) n = (n << 1n) | BigInt(hooks.force(bits[i]));
  return whole(n);
}

/** True when a value counts as true: a condition, or a cast to bool. */
export function truth(x: Value, hooks: Hooks): boolean {
  const { type, v } = x;
  switch (type.kind) {
    case 'bit':
    case 'bool':
      return hooks.force(v as number) !== 0;
    case 'bits':
      // Every bit is asked for, so that a trace sees that the outcome matters.
      return (v as Int32Array).reduce((any, b) => any | hooks.force(b), 0) !== 0;
    case 'int':
    case 'uint':
    case 'float':
    case 'angle':
      // A whole zero may be 0 or 0n.
      return Number(v) !== 0;
    default:
      return hooks.fail(`${typeName(type)} cannot be a condition`);
  }
}

/** A whole number for an index, a size or a count. */
export function toIndex(x: Value, hooks: Hooks): number {
  const { type, v } = x;
  if (type.kind === 'int' || type.kind === 'uint') return Number(v);
  if (type.kind === 'bit' || type.kind === 'bool') return hooks.force(v as number);
  if (type.kind === 'bits') return Number(wholeOfBits(v as Int32Array, hooks));
  return hooks.fail(`a whole number is expected here, not ${typeName(type)}`);
}

/** Radians or a plain number, for gate parameters and exponents. */
export function toNumber(x: Value, hooks: Hooks): number {
  const { type, v } = x;
  switch (type.kind) {
    case 'float':
    case 'int':
    case 'uint':
      return Number(v);
    case 'angle':
      return angleRadians(v as Whole, type.size);
    case 'bit':
    case 'bool':
      return hooks.force(v as number);
    default:
      return hooks.fail(`a number is expected here, not ${typeName(type)}`);
  }
}

/** The value of a variable declared without one. The language leaves it undefined; here it is zero. */
export function zero(type: Type): Value {
  switch (type.kind) {
    case 'bits':
      return { type, v: new Int32Array(type.size) };
    case 'complex':
      return { type, v: { re: 0, im: 0 } };
    case 'duration':
      return { type, v: { nanoseconds: 0, dt: 0 } };
    case 'array': {
      const shape = type.shape!;
      const strides = new Array<number>(shape.length);
      let size = 1;
      for (let d = shape.length - 1; d >= 0; d--) {
        strides[d] = size;
        size *= shape[d];
      }
      return { type, v: { data: Array.from({ length: size }, () => zero(type.base!).v), offset: 0, shape, strides } };
    }
    default:
      return { type, v: 0 };
  }
}
