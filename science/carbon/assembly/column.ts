// asc: --enable simd
// The inner loops of the pressure-swing column (src/column/kernel.ts): its equations, their Jacobian by structure, the linear equations of a step of the integration, and the linearised
// integration. One column at a time, in the module's own memory; the parts say what is where.
export { address, configure } from './column/memory';
export { derivative, ends, pressures, take } from './column/equations';
export { jacobian } from './column/jacobian';
export { factor, solve } from './column/factors';
export { forget, keepChange, keepStep, mark, propagate } from './column/tape';
