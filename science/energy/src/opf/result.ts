// What an optimal power flow gives back, whichever model was solved.

export interface Violation {
  readonly what: string;
  /** Amount in `unit`. */
  readonly by: number;
  readonly unit: string;
}

export interface OpfResult {
  readonly model: 'dc-powermodels' | 'dc-matpower' | 'ac';
  readonly status: 'optimal' | 'infeasible' | 'failed';
  /** Why, when the status is not optimal. */
  readonly detail: string;
  /** $/h; NaN unless optimal. */
  readonly cost: number;
  /** Proven lower bound on the optimum in $/h. */
  readonly bound: number;
  /** (cost - bound)/cost: a fraction; how far from the optimum the answer can be at most. */
  readonly gap: number;
  readonly iterations: number;
  readonly voltagePu: Float64Array;
  readonly angleDegree: Float64Array;
  readonly powerMw: Float64Array;
  readonly reactiveMvar: Float64Array;
  readonly dcLineMw: Float64Array;
  readonly flowFromMw: Float64Array;
  readonly flowFromMvar: Float64Array;
  readonly flowToMw: Float64Array;
  readonly flowToMvar: Float64Array;
  /** Price at each bus in $/MWh, and its parts: price = energy + congestion + loss (loss is 0 in DC). */
  readonly priceMwh: Float64Array;
  readonly energyPriceMwh: Float64Array;
  readonly congestionPriceMwh: Float64Array;
  readonly lossPriceMwh: Float64Array;
  /** Rows that cannot be met, largest first, when infeasible. */
  readonly violations: readonly Violation[];
  /** Largest violation of any constraint, per unit. */
  readonly primalViolation: number;
}
