// Secure aggregation and learning on top of it, beside the field's best.
import type { BenchSuite } from '../figure.ts';
import { aggregationFigures } from './privacy/aggregation.ts';
import { learningFigures } from './privacy/learning.ts';

export const privacySuite: BenchSuite = async function* () {
  yield* aggregationFigures();
  yield* learningFigures();
};
