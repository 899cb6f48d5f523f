// Arithmetic on rows of members: what the year loop is made of. Two implementations mean the same: plain.ts, which says what, and wasm.ts.
// A row is a Float64Array with one value a member, made by `row`; `out` may be any other argument's row only where a function says so.

export interface Rows {
  readonly members: number;
  /** A new row, all zero. Rows of one kernel may not be used with another. */
  row(): Float64Array;
  /** out = exp(x); out may be x. */
  exp(out: Float64Array, x: Float64Array): void;
  /** out = log(x), NaN where x is not positive; out may be x. */
  log(out: Float64Array, x: Float64Array): void;
  /** Lifetime scale of a gas from its integrated airborne fraction; 1 where g0 and exp cancel to no number. */
  alpha(out: Float64Array, gas: AlphaRows, temperature: Float64Array, iirfMax: number): void;
  /** Survival over a step of one box, and its gain per unit of emission rate. */
  decay(
    decay: Float64Array,
    gain: Float64Array,
    alpha: Float64Array,
    lifetime: Float64Array,
    fraction: Float64Array,
    step: number,
  ): void;
  /** box = gain (emissions - baseline) + box decay; airborne += box. */
  box(
    box: Float64Array,
    airborne: Float64Array,
    gain: Float64Array,
    decay: Float64Array,
    baseline: Float64Array,
    emissions: number,
  ): void;
  /** out = a + b c. */
  setLinear(out: Float64Array, a: Float64Array, b: Float64Array, c: Float64Array): void;
  /** out += x. */
  addNumber(out: Float64Array, x: number): void;
  /** out += a. */
  add(out: Float64Array, a: Float64Array): void;
  /** out += a x. */
  addScaled(out: Float64Array, a: Float64Array, x: number): void;
  /** out += weight (row - base). */
  addWeighted(out: Float64Array, weight: Float64Array, row: Float64Array, base: Float64Array): void;
  /** out = a b; out may be a or b. */
  setProduct(out: Float64Array, a: Float64Array, b: Float64Array): void;
  /** out += a b. */
  addProduct(out: Float64Array, a: Float64Array, b: Float64Array): void;
  /**
   * state = matrix state + vector forcing; row 0 of the matrix (whose rows follow one another) has one element that is not 0. `next` is for the
   * kernel to work in. Each list must be rows made one after the other.
   */
  propagate(
    state: readonly Float64Array[],
    next: readonly Float64Array[],
    matrix: readonly Float64Array[],
    vector: readonly Float64Array[],
    forcing: Float64Array,
  ): void;
  /** out = common (1 + row sensitivity), NaN where the bracket is not positive. */
  setFactor(out: Float64Array, row: Float64Array, sensitivity: Float64Array, common: number): void;
  /** out *= 1 + (row - base) sensitivity, at least LEAST_FACTOR (plain.ts). */
  mulFactor(out: Float64Array, row: Float64Array, base: Float64Array, sensitivity: Float64Array): void;
  /** out = scale (log(1 + out) - logBaseline). */
  aerosolCloud(out: Float64Array, scale: Float64Array, logBaseline: Float64Array): void;
  /** Forcing of one gas by Meinshausen et al. 2020, scaled, less the offset. */
  meinshausen(out: Float64Array, gas: 'co2' | 'ch4' | 'n2o', from: ForcingRows): void;
}

export interface AlphaRows {
  readonly g0: Float64Array;
  readonly g1: Float64Array;
  readonly iirf0: Float64Array;
  readonly iirfUptake: Float64Array;
  readonly iirfTemperature: Float64Array;
  readonly iirfAirborne: Float64Array;
  readonly airborne: Float64Array;
  readonly cumulative: Float64Array;
}

/** Concentrations of CO2 (ppm), CH4 and N2O (ppb), the references they are measured from, and scale and offset of the forcing. */
export interface ForcingRows {
  readonly co2: Float64Array;
  readonly ch4: Float64Array;
  readonly n2o: Float64Array;
  readonly co2Zero: Float64Array;
  readonly ch4Zero: Float64Array;
  readonly n2oZero: Float64Array;
  readonly scale: Float64Array;
  readonly offset: Float64Array;
}

/** Makes the kernel for so many members; `rowCount` is an upper bound of the rows that will be asked for. */
export type MakeRows = (members: number, rowCount: number) => Rows;
