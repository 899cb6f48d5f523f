// Synthetic twins: differentially private copies to develop against.
export { makeTwin, type Twin, type TwinOptions, type TwinReport } from './twin.ts';
