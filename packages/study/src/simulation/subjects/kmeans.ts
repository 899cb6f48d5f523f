// Clusters under simulation.
import { type KMeansSpec, type KMeansState, kmeans } from '../../kinds/kmeans/kmeans.ts';
import { kmeansLoss } from '../../kinds/losses.ts';
import { FRESH_ROWS, learnerSubject, type MakeSubject, tables } from './subject.ts';

export const kmeansSubject: MakeSubject = (nodes, rows, seed, s) => {
  const features = s['features'] ?? 6;
  const data = tables(nodes, rows, seed, 'number', features);
  const spec: KMeansSpec = {
    clusters: s['clusters'] ?? 5,
    featureRanges: Array.from({ length: features }, () => [-4, 4] as const),
    seed: 'public',
    rounds: s['rounds'] ?? 50,
    tolerance: 1e-6,
    maxRows: Math.max(rows, FRESH_ROWS),
  };
  const learner = kmeans(spec);
  const loss = (state: KMeansState | undefined) =>
    kmeansLoss(spec, state ?? { ...learner.start(), centres: new Float64Array(features) }, data.fresh);
  return learnerSubject(
    maxRows => kmeans({ ...spec, maxRows }),
    data,
    loss,
    state => ({ rounds: state.rounds, sizes: Array.from(state.sizes) }),
  );
};
