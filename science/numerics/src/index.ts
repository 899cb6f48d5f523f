export { formatCsv, parseCsv, type Table } from './csv.ts';
export { erfc, erfcx, logErfc, normalCdf } from './erfc.ts';
export { type FftPlan, fft, fftPlan, inverseFft } from './fft.ts';
export { cholesky, choleskySolve } from './linear.ts';
export { type Random, random } from './random.ts';
