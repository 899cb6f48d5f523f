export { formatCsv, parseCsv, type Table } from './csv.ts';
export { cholesky, choleskySolve } from './linear.ts';
export { type Random, random } from './random.ts';
