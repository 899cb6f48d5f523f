// Parameters of exact samplers are rational numbers of whole parts; a double is taken at its exact binary value.

/** numerator / denominator, both positive. */
export interface Rational {
  readonly numerator: bigint | number;
  readonly denominator: bigint | number;
}

/** A positive rational in lowest terms; doubles become the exact fraction that they are. Throws RangeError, naming `name`, unless positive and finite. */
export function rational(x: Rational | bigint | number, name: string): { numerator: bigint; denominator: bigint } {
  if (typeof x === 'bigint') return positive(x, 1n, name);
  if (typeof x === 'number') return fromDouble(x, name);
  return positive(whole(x.numerator, name), whole(x.denominator, name), name);
}

function whole(x: bigint | number, name: string): bigint {
  if (typeof x === 'number' && !Number.isSafeInteger(x))
    throw new RangeError(`${name}: ${x} is not a whole number below 2^53; give a BigInt`);
  return BigInt(x);
}

function fromDouble(x: number, name: string): { numerator: bigint; denominator: bigint } {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) throw new RangeError(`${name}: ${x} is not a positive number`);
  let denominator = 1n;
  let value = x;
  while (!Number.isInteger(value)) {
    value *= 2;
    denominator *= 2n;
  }
  return positive(BigInt(value), denominator, name);
}

function positive(numerator: bigint, denominator: bigint, name: string) {
  if (numerator <= 0n || denominator <= 0n)
    throw new RangeError(`${name}: ${numerator}/${denominator} is not positive`);
  let a = numerator;
  let b = denominator;
  while (b !== 0n) [a, b] = [b, a % b];
  return { numerator: numerator / a, denominator: denominator / a };
}

/** Largest integer whose square is at most n >= 0. */
export function integerSqrt(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const y = (x + n / x) >> 1n;
    if (y >= x) return x;
    x = y;
  }
}
