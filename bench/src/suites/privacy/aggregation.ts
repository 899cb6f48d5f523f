// Secure aggregation, measured.
import type { Figure } from '../../figure.ts';
import { prio3Figures } from './prio3.ts';
import { twoCoreFigures } from './two-cores.ts';

export async function* aggregationFigures(): AsyncGenerator<Figure> {
  yield* prio3Figures();
  yield* twoCoreFigures();
}
