// Boosted trees under simulation.
import { gbdtLoss, trainGbdtCentrally } from '../../kinds/gbdt/central.ts';
import { gbdt } from '../../kinds/gbdt/gbdt.ts';
import type { GbdtLoss, GbdtModel, GbdtSpec } from '../../kinds/gbdt/spec.ts';
import { trainOver } from '../../kinds/learner.ts';
import type { TargetKind } from '../data.ts';
import { type MakeSubject, mean, tables } from './subject.ts';

export function gbdtSubject(loss: GbdtLoss): MakeSubject {
  return (nodes, rows, seed, s) => {
    const target: TargetKind = loss.kind === 'poisson' ? 'count' : 'number';
    const features = s['features'] ?? 10;
    const data = tables(nodes, rows, seed, target, features);
    const spec: GbdtSpec = {
      loss,
      featureRanges: Array.from({ length: features }, () => [-4, 4] as const),
      targetRange: target === 'count' ? [0, 80] : [-8, 8],
      trees: s['trees'] ?? 50,
      depth: s['depth'] ?? 5,
      bins: s['bins'] ?? 32,
      learningRate: s['learningRate'] ?? 0.15,
      lambda: 1,
      minChildWeight: 10,
      minGain: 0,
      gradientClip: s['gradientClip'] ?? (loss.kind === 'quantile' ? 1 : loss.kind === 'poisson' ? 80 : 16),
      bits: loss.kind === 'squared' ? 12 : 10,
      maxRows: Math.max(...data.nodes.map(t => t.count)),
    };
    return {
      onlySums: true,
      mostRounds: gbdt(spec).most.rounds,
      async federated(sum, onRound, present) {
        const run = await trainOver(gbdt(spec), data.nodes, sum, (_, report) => void onRound?.(report), present);
        return { model: run.state.model, rounds: run.rounds, numbers: run.numbers };
      },
      central: () => trainGbdtCentrally(spec, data.all),
      loss(model) {
        const m = model as GbdtModel | undefined;
        const base = target === 'count' ? Math.log(mean(data.all.y)) : mean(data.all.y);
        const untrained = {
          edges: spec.featureRanges.map(() => []),
          base: loss.kind === 'quantile' ? loss.levels.map(() => base) : [base],
          trees: [],
        };
        return gbdtLoss(spec, m ?? untrained, data.fresh);
      },
      details: model => ({
        trees: (model as GbdtModel).trees.length,
        leaves: (model as GbdtModel).trees.reduce((n, t) => n + (t.length + 1) / 2, 0),
      }),
    };
  };
}
