// One model fitted on a similarity of days: regressions for all targets and leads, corrections at each station, calibrated distributions, adapted spreads.
import { adaptSpread } from './adapt.ts';
import { calibrate } from './calibrate.ts';
import { correctStations } from './correct.ts';
import { arena } from './dense/products.ts';
import type { Distribution } from './distributions.ts';
import { chooseLandmarks, type Similarity, similarityDoubles, thin } from './kernel.ts';
import { MOST_LEAD, type Prepared } from './prepare.ts';
import { FOLDS, regress, regressionDoubles, yearlySegments } from './regression.ts';
import type { SecureSum } from './secure-sum.ts';
import type { SimilaritySource } from './similar-days.ts';
import { penalty } from './targets.ts';

/** Landmark days: many where the signal is strong (temperature, two days ahead), few where it is weak, fewest for one station alone. */
export const LANDMARKS = { strong: 1800, weak: 600, own: 240 } as const;
const STRONG_DAYS = 2;
const WARM_UP_DAYS = 730;

/** Distributions of one model for the test year: `forecasts[target][lead - 1][day - testFrom]`. */
export type Forecasts = readonly (readonly (readonly Distribution[])[])[];

/** Fits the targets `which` on a similarity of at most `most` landmark days and gives their distributions; spreads adapt through `sum`. */
export function run(
  p: Prepared,
  source: SimilaritySource,
  which: readonly number[],
  most: number,
  sum: SecureSum,
): Forecasts {
  const { angles } = p.gated;
  const days = p.testTo;
  // The last days are left out: their targets lie in the test year.
  const trained = p.trainEnd - MOST_LEAD;
  const landmarks = chooseLandmarks(p.trainEnd, most);
  const m = landmarks.length;
  const rows = which.flatMap(t =>
    Array.from({ length: MOST_LEAD }, (_, l) => p.targets[t].regressands.map(r => ({ t, lead: l + 1, z: r.z }))).flat(),
  );
  const y = rows.map(({ t, lead, z }) => {
    const { kind, series } = p.targets[t];
    // A temperature nobody measured is what the neighbours suggest, so that a station that starts late is not taught that all its days were usual.
    const guess = source.shared && kind === 'normal' ? p.released.z[series] : undefined;
    const v = new Float64Array(days);
    for (let d = lead; d < p.trainEnd; d++) v[d - lead] = Number.isNaN(z[d]) ? (guess?.[d] ?? 0) : z[d];
    return v;
  });
  const penalties = Float64Array.from(rows, r => penalty(p.targets[r.t].kind, r.lead));
  const fitted: Float64Array[] = new Array(rows.length);
  const withheld: Float64Array[] = new Array(rows.length);
  const { width } = source;
  const few = Math.min(m, LANDMARKS.weak);
  const split = m > few;
  const near = rows.flatMap((r, i) => (r.lead <= STRONG_DAYS && p.targets[r.t].kind === 'normal' ? [i] : []));
  const strong = split ? near : [];
  const weak = rows.flatMap((_, i) => (split && near.includes(i) ? [] : [i]));
  const memory = arena(
    similarityDoubles(days, m) +
      Math.max(
        (days + m + 256) * (width + 20) + 256 * m,
        strong.length === 0 ? 0 : regressionDoubles(m, days, strong.length, FOLDS),
        (split ? similarityDoubles(days, few) : 0) + regressionDoubles(few, days, weak.length, FOLDS),
      ),
  );
  const alike = source.build(memory, landmarks, days);
  const solve = (which: readonly number[], like: Similarity) => {
    if (which.length === 0) return;
    const found = regress(
      memory,
      like,
      { y: which.map(r => y[r]), penalty: Float64Array.from(which, r => penalties[r]) },
      yearlySegments(trained),
      trained,
    );
    which.forEach((r, i) => {
      fitted[r] = found.fitted[i];
      withheld[r] = found.withheld[i];
    });
  };
  solve(strong, alike);
  memory.scope(() => solve(weak, split ? thin(memory, alike, few) : alike));
  if (source.shared)
    correctStations(
      p,
      near.map(r => ({
        ...rows[r],
        station: p.targets[rows[r].t].station,
        y: y[r],
        fitted: fitted[r],
        withheld: withheld[r],
      })),
      trained,
    );
  let row = 0;
  const from = Math.max(MOST_LEAD, p.testFrom - WARM_UP_DAYS);
  const raw = which.map(t => {
    const target = p.targets[t];
    const k = target.regressands.length;
    return Array.from({ length: MOST_LEAD }, (_, l) => {
      const lead = l + 1;
      const use = Array.from({ length: k }, (_, j) => row + j);
      row += k;
      const known = Array.from({ length: trained }, (_, i) => i + lead).filter(
        d => !Number.isNaN(target.regressands[0].z[d]),
      );
      const predicted = use.map(r => Float64Array.from(known, d => withheld[r][d - lead]));
      const link = calibrate(target, { days: known, predicted, outOf: trained }, angles, lead);
      return Array.from({ length: p.testTo - from }, (_, i) => {
        const issued = from + i - lead;
        return link(
          from + i,
          use.map(r => (issued < trained ? withheld : fitted)[r][issued]),
        );
      });
    });
  });
  return adaptAll(p, which, raw, from, sum);
}

/** One spread factor for each variable and lead, learnt as the days go by, first on the end of the training years. */
function adaptAll(p: Prepared, which: readonly number[], raw: Forecasts, from: number, sum: SecureSum): Forecasts {
  const out: Distribution[][][] = which.map(() => []);
  for (const variable of new Set(which.map(t => p.targets[t].variable))) {
    const group = which.flatMap((t, i) => (p.targets[t].variable === variable ? [i] : []));
    const observed = group.map(i => p.targets[which[i]].observed.subarray(from, p.testTo));
    for (let l = 0; l < MOST_LEAD; l++) {
      const adapted = adaptSpread(
        group.map(i => raw[i][l]),
        observed,
        l + 1,
        sum,
      );
      group.forEach((i, g) => {
        out[i].push(adapted[g].slice(p.testFrom - from));
      });
    }
  }
  return out;
}
