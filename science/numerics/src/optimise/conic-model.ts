// A linear or convex quadratic program some of whose rows form second-order cones.
import type { LinearModel } from './linear-model.ts';

/** Rows `first .. first + size` form a cone: with u = A x - rowLower of these rows, u_0 >= |(u_1, …)|. Their rowUpper is not used. */
export interface Cone {
  readonly first: number;
  readonly size: number;
}

export type ConicModel = LinearModel & { readonly cones?: readonly Cone[] };
