// The factors of a symmetric sparse matrix, and the memory that making and using them takes. ldl.ts fills them, solve.ts uses them.
import type { Symbolic } from './symbolic.ts';

/** Factors and what was met on the way. Reuse by passing it back to `factorize`. */
export interface Factor {
  readonly symbolic: Symbolic;
  /** Panels: for each supernode its columns of unit lower L, column-major; the diagonal places hold nothing of use. */
  readonly panel: Float64Array;
  /** D: diagonal, and the entry below it for the first row of a 2x2 pivot (else 0). */
  readonly d: Float64Array;
  readonly e: Float64Array;
  /** For each column, the local row (in its supernode) that the pivot search swapped in, encoded as the final local order. */
  readonly pivot: Int32Array;
  positive: number;
  negative: number;
  /** Pivots that were lifted to `smallest`. */
  lifted: number;
  readonly work: { front: Float64Array; stack: Float64Array; vector: Float64Array };
}

export function newFactor(symbolic: Symbolic): Factor {
  return {
    symbolic,
    panel: new Float64Array(symbolic.factorEntries),
    d: new Float64Array(symbolic.size),
    e: new Float64Array(symbolic.size),
    pivot: new Int32Array(symbolic.size),
    positive: 0,
    negative: 0,
    lifted: 0,
    work: {
      front: new Float64Array(symbolic.largestFront * symbolic.largestFront),
      stack: new Float64Array(1024),
      vector: new Float64Array(symbolic.size + symbolic.largestFront),
    },
  };
}
