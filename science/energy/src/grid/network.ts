// The network model: what is in service, by columns, units in the names. `row` always gives the row in the file, counted from 1.
import type { Cost } from './cost.ts';
import type { Island } from './islands.ts';

export interface Buses {
  readonly count: number;
  readonly row: Int32Array;
  /** The file's own bus numbers. */
  readonly number: Float64Array;
  /** 1 load (PQ), 2 voltage held (PV), 3 reference. */
  readonly kind: Uint8Array;
  readonly loadMw: Float64Array;
  readonly loadMvar: Float64Array;
  /** Consumed (Gs) and injected (Bs) by shunts at 1 per unit. */
  readonly shuntMw: Float64Array;
  readonly shuntMvar: Float64Array;
  readonly voltagePu: Float64Array;
  readonly angleDegree: Float64Array;
  readonly baseKv: Float64Array;
  readonly voltageMinPu: Float64Array;
  readonly voltageMaxPu: Float64Array;
}

export interface Generators {
  readonly count: number;
  readonly row: Int32Array;
  readonly bus: Int32Array;
  readonly powerMw: Float64Array;
  readonly reactiveMvar: Float64Array;
  readonly powerMinMw: Float64Array;
  readonly powerMaxMw: Float64Array;
  readonly reactiveMinMvar: Float64Array;
  readonly reactiveMaxMvar: Float64Array;
  readonly voltagePu: Float64Array;
  readonly cost: readonly Cost[];
  readonly reactiveCost: readonly Cost[];
}

export interface Branches {
  readonly count: number;
  readonly row: Int32Array;
  /** Rows of the file, those out of service too. */
  readonly rowsInFile: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly resistancePu: Float64Array;
  readonly reactancePu: Float64Array;
  readonly chargingPu: Float64Array;
  /** Long-term rating; Infinity where the file has 0 (no limit). */
  readonly ratingMva: Float64Array;
  /** Off-nominal ratio at the from side; 1 where the file has 0. */
  readonly tap: Float64Array;
  readonly shiftDegree: Float64Array;
  readonly angleMinDegree: Float64Array;
  readonly angleMaxDegree: Float64Array;
}

export interface DcLines {
  readonly count: number;
  readonly row: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Power taken at the from bus; what arrives is power - (loss0 + loss1 power). */
  readonly powerMw: Float64Array;
  readonly powerMinMw: Float64Array;
  readonly powerMaxMw: Float64Array;
  readonly loss0Mw: Float64Array;
  readonly loss1: Float64Array;
  /** Reactive power injected at each end: limits and the file's operating point. */
  readonly reactiveMinFromMvar: Float64Array;
  readonly reactiveMaxFromMvar: Float64Array;
  readonly reactiveMinToMvar: Float64Array;
  readonly reactiveMaxToMvar: Float64Array;
  readonly reactiveFromMvar: Float64Array;
  readonly reactiveToMvar: Float64Array;
  readonly voltageFromPu: Float64Array;
  readonly voltageToPu: Float64Array;
  readonly cost: readonly Cost[];
}

export interface Grid {
  readonly name: string;
  readonly baseMva: number;
  readonly buses: Buses;
  readonly generators: Generators;
  readonly branches: Branches;
  readonly dcLines: DcLines;
  readonly islands: readonly Island[];
  /** Island of each bus. */
  readonly islandOf: Int32Array;
  /** Things that are unusual but can be worked with, one sentence each. */
  readonly warnings: readonly string[];
}
