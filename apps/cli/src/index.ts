export { highsSolver } from './energy/highs.ts';
