// Scores as pages say them: means over the targets that all compared models have, and over places the geometric mean of the ratios, in which every place
// weighs the same however large its numbers are.
import type { Outcome, OverallScore, ScoreLine } from '../models.ts';

/** Undefined when nothing has come true yet. */
export function scoreOf(outcomes: readonly Outcome[]): ScoreLine | undefined {
  const scored = outcomes.filter(o => o.wis !== undefined);
  if (scored.length === 0) return undefined;
  const withBaseline = scored.some(o => o.baseline !== undefined);
  const withEnsemble = scored.some(o => o.ensemble !== undefined);
  const common = scored.filter(
    o => (!withBaseline || o.baseline !== undefined) && (!withEnsemble || o.ensemble !== undefined),
  );
  // Baseline and ensemble may never have answered the same question; then the baseline alone is compared.
  if (common.length === 0) return scoreOf(scored.map(({ ensemble: _, ...o }) => o));
  const mean = (list: readonly Outcome[], of: (o: Outcome) => number) =>
    list.reduce((s, o) => s + of(o), 0) / list.length;
  return {
    n: common.length,
    wis: mean(common, o => o.wis!),
    ...(withBaseline ? { baseline: mean(common, o => o.baseline!) } : {}),
    ...(withEnsemble ? { ensemble: mean(common, o => o.ensemble!) } : {}),
    scored: scored.length,
    inside50: mean(scored, o => (o.inside50 ? 1 : 0)),
    inside95: mean(scored, o => (o.inside95 ? 1 : 0)),
  };
}

/** Over places: lines of places without a baseline count for the bands alone. Undefined without any line. */
export function overallOf(lines: readonly ScoreLine[]): OverallScore | undefined {
  if (lines.length === 0) return undefined;
  const scored = lines.reduce((n, l) => n + l.scored, 0);
  const share = (of: (l: ScoreLine) => number) => lines.reduce((s, l) => s + l.scored * of(l), 0) / scored;
  const against = lines.filter(l => l.baseline !== undefined && l.baseline > 0 && l.wis > 0);
  const beside = against.filter(l => l.ensemble !== undefined && l.ensemble > 0);
  const ratio = (list: readonly ScoreLine[], of: (l: ScoreLine) => number) =>
    Math.exp(list.reduce((s, l) => s + Math.log(of(l) / l.baseline!), 0) / list.length);
  return {
    places: lines.length,
    scored,
    inside50: share(l => l.inside50),
    inside95: share(l => l.inside95),
    compared: against.reduce((n, l) => n + l.n, 0),
    ...(against.length > 0
      ? { toBaseline: ratio(against, l => l.wis), better: against.filter(l => l.wis < l.baseline!).length }
      : {}),
    ...(beside.length > 0 ? { ensembleToBaseline: ratio(beside, l => l.ensemble!) } : {}),
  };
}
