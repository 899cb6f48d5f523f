// A MATPOWER case as data: every matrix of the file, row-major, untouched. Units are MATPOWER's (MW, Mvar, per unit, degrees).

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row-major. */
  readonly data: Float64Array;
}

/** A field that is neither a matrix nor one of the named ones: text, or a cell array of texts. */
export type OtherField = string | readonly (readonly string[])[];

export interface MatpowerCase {
  readonly name: string;
  /** '1' or '2' as the file says. */
  readonly version: string;
  readonly baseMva: number;
  /** `bus`, `gen`, `branch`, `gencost`, `dcline`, `areas`, and whatever else the file holds. */
  readonly matrices: Readonly<Record<string, Matrix>>;
  readonly other: Readonly<Record<string, OtherField>>;
}

export function entry(m: Matrix, row: number, column: number): number {
  return m.data[row * m.columns + column];
}
