export { decimal, formatCsv, parseCsv, type Table } from './csv.ts';
export { civilDay, civilOf, dateOf } from './days.ts';
export { erfc, erfcx, logErfc, normalCdf } from './erfc.ts';
export { type FftPlan, fft, fftPlan, inverseFft } from './fft.ts';
export { cholesky, choleskySolve } from './linear.ts';
export { conicBound } from './optimise/conic-bound.ts';
export type { Cone, ConicModel } from './optimise/conic-model.ts';
export { solveNonlinear } from './optimise/interior-nonlinear.ts';
export { type InteriorOptions, solveQuadratic } from './optimise/interior-quadratic.ts';
export { interiorSolver } from './optimise/interior-solver.ts';
export { type LeastViolation, leastViolation } from './optimise/least-violation.ts';
export type {
  LinearModel,
  LinearSolver,
  ModelSolution,
  ModelStatus,
  OpenModel,
  SolverOptions,
} from './optimise/linear-model.ts';
export { ModelBuilder } from './optimise/model-builder.ts';
export { type Check, check } from './optimise/model-check.ts';
export type { NonlinearOptions, NonlinearProgram, NonlinearSolution, Pattern } from './optimise/nonlinear-program.ts';
export { type Random, random } from './random.ts';
export { type Factor, newFactor } from './sparse/factor.ts';
export { factorize } from './sparse/ldl.ts';
export { type Graph, graphOf, minimumDegree } from './sparse/minimum-degree.ts';
export { residual, solve, solveRefined } from './sparse/solve.ts';
export { analyse, type Symbolic } from './sparse/symbolic.ts';
