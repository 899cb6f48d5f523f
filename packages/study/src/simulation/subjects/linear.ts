// Ridge and generalised linear models under simulation.
import { type GlmFamily, type GlmSpec, type GlmState, glm } from '../../kinds/glm/glm.ts';
import { glmLoss, glmLossOf, meanOver, ridgeLoss } from '../../kinds/losses.ts';
import { fitRidgeInFloat } from '../../kinds/ridge/central.ts';
import { type RidgeSpec, type RidgeState, ridge } from '../../kinds/ridge/ridge.ts';
import { FRESH_ROWS, learnerSubject, type MakeSubject, mean, tables } from './subject.ts';

export const ridgeSubject: MakeSubject = (nodes, rows, seed, s) => {
  const features = s['features'] ?? 10;
  const data = tables(nodes, rows, seed, 'number', features);
  const spec: RidgeSpec = {
    featureRanges: Array.from({ length: features }, () => [-4, 4] as const),
    hidden: s['hidden'] ?? 100,
    seed: 'public',
    rowNorm: s['rowNorm'] ?? 20,
    maxRows: Math.max(rows, FRESH_ROWS),
    targetBound: 12,
    lambda: s['lambda'] ?? 1,
    upTo: 'shape',
    groups: 1,
    cells: 200,
    shapeReach: 8,
  };
  const loss = (state: RidgeState | undefined) =>
    state ? ridgeLoss(spec, state, data.fresh) : meanOver(data.fresh, (_, y) => (y - mean(data.all.y)) ** 2 / 2);
  return learnerSubject(
    maxRows => ridge({ ...spec, maxRows }),
    data,
    loss,
    state => {
      const twin = fitRidgeInFloat(spec, data.all);
      const size = Math.max(...twin.location.map(Math.abs));
      return {
        columns: twin.location.length,
        largestDifferenceFromFloat64: Math.max(...twin.location.map((v, i) => Math.abs(v - state.location![i]))) / size,
      };
    },
  );
};

export function glmSubject(family: GlmFamily): MakeSubject {
  return (nodes, rows, seed, s) => {
    const features = s['features'] ?? 10;
    const data = tables(
      nodes,
      rows,
      seed,
      family === 'linear' ? 'number' : family === 'logistic' ? 'class' : 'count',
      features,
    );
    const spec: GlmSpec = {
      family,
      featureRanges: Array.from({ length: features }, () => [-4, 4] as const),
      hidden: s['hidden'] ?? 0,
      seed: 'public',
      rowNorm: s['rowNorm'] ?? 20,
      maxRows: Math.max(rows, FRESH_ROWS),
      targetBound: family === 'poisson' ? 80 : 12,
      lambda: s['lambda'] ?? 1,
      rounds: s['rounds'] ?? 25,
      tolerance: 1e-8,
    };
    const loss = (state: GlmState | undefined) =>
      state ? glmLoss(spec, state, data.fresh) : meanOver(data.fresh, (_, y) => glmLossOf(family, mean(data.all.y), y));
    return learnerSubject(
      maxRows => glm({ ...spec, maxRows }),
      data,
      loss,
      state => ({
        converged: state.converged,
        scoringRounds: state.rounds,
      }),
    );
  };
}
