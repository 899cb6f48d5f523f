// The shared regressions of all targets and leads on a similarity of days, and each station's correction of what is near.
import { beliefIn } from './calibrate.ts';
import { correctStations } from './correct.ts';
import { arena } from './dense/products.ts';
import { chooseLandmarks, similarityDoubles, thin } from './kernel.ts';
import { MOST_LEAD, type Prepared } from './prepare.ts';
import {
  FOLDS,
  foldGrams,
  gramDoubles,
  type Predictions,
  regress,
  regressionDoubles,
  thinGrams,
  yearlySegments,
} from './regression.ts';
import type { SimilaritySource } from './similar-days.ts';
import { penalty, type Target } from './targets.ts';

/** Landmark days: many where the signal is strong (temperature a day ahead), few where it is weak, fewest for one station alone. */
export const LANDMARKS = { strong: 1800, middle: 1100, weak: 600, own: 240 } as const;
/** A station corrects its temperatures this many days ahead. */
const NEAR_DAYS = 2;

/** One regressand at one lead. */
interface Row {
  readonly target: Target;
  readonly lead: number;
  readonly z: Float64Array;
}

const landmarksFor = ({ target, lead }: Row): number =>
  target.kind !== 'normal' || lead > NEAR_DAYS ? LANDMARKS.weak : lead === 1 ? LANDMARKS.strong : LANDMARKS.middle;

/** Issue days below this train; the last days are left out, since their targets lie in the test year. */
export const trainedDays = (p: Prepared): number => p.trainEnd - MOST_LEAD;

/** Predictions of the targets `which` from a similarity of at most `most` landmark days: one row for each target, lead and regressand, in this order. What is not believed at any lead is 0. */
export function predict(p: Prepared, source: SimilaritySource, which: readonly number[], most: number): Predictions {
  const days = p.testTo;
  const trained = trainedDays(p);
  const rows: Row[] = which.flatMap(t =>
    Array.from({ length: MOST_LEAD }, (_, l) =>
      p.targets[t].regressands.map(r => ({ target: p.targets[t], lead: l + 1, z: r.z })),
    ).flat(),
  );
  const nothing = new Float64Array(days);
  const fitted: Float64Array[] = new Array(rows.length).fill(nothing);
  const withheld: Float64Array[] = new Array(rows.length).fill(nothing);
  const landmarks = chooseLandmarks(p.trainEnd, most);
  const m = landmarks.length;
  const segments = yearlySegments(trained);
  /** Rows by how many landmarks they are regressed on. */
  const tiers = Map.groupBy(
    rows.flatMap((row, i) => (beliefIn(row.target.kind, row.lead) > 0 ? [i] : [])),
    i => Math.min(m, landmarksFor(rows[i])),
  );
  const y = rows.map(row => knownOrGuessed(p, source, row));
  const memory = arena(
    similarityDoubles(days, m) +
      gramDoubles(m, FOLDS) +
      Math.max(
        source.doubles(m, days),
        ...[...tiers].map(([n, of]) => {
          const own = n < m ? similarityDoubles(days, n) + gramDoubles(n, FOLDS) : 0;
          return own + regressionDoubles(n, days, of.length, FOLDS);
        }),
      ),
  );
  const alike = source.build(memory, landmarks, days);
  const grams = foldGrams(memory, alike, segments);
  for (const [n, of] of tiers)
    memory.scope(() => {
      const targets = {
        y: of.map(i => y[i]),
        penalty: Float64Array.from(of, i => penalty(rows[i].target.kind, rows[i].lead)),
      };
      const keep = chooseLandmarks(m, n);
      const found =
        n < m
          ? regress(memory, thin(memory, alike, keep), thinGrams(memory, grams, m, keep), targets, segments, trained)
          : regress(memory, alike, grams, targets, segments, trained);
      of.forEach((i, k) => {
        fitted[i] = found.fitted[k];
        withheld[i] = found.withheld[k];
      });
    });
  if (source.shared) {
    const near = rows.flatMap((row, i) => (row.target.kind === 'normal' && row.lead <= NEAR_DAYS ? [i] : []));
    const correctable = near.map(i => ({
      ...rows[i],
      station: rows[i].target.station,
      y: y[i],
      fitted: fitted[i],
      withheld: withheld[i],
    }));
    correctStations(p, correctable, trained);
  }
  return { fitted, withheld };
}

/** What is regressed, by issue day: a temperature nobody measured is what the neighbours suggest, so that a station that starts late is not taught that all its days were usual. */
function knownOrGuessed(p: Prepared, source: SimilaritySource, { target, lead, z }: Row): Float64Array {
  const guess = source.shared && target.kind === 'normal' ? p.released.z[target.series] : undefined;
  const v = new Float64Array(p.testTo);
  for (let d = lead; d < p.trainEnd; d++) v[d - lead] = Number.isNaN(z[d]) ? (guess?.[d] ?? 0) : z[d];
  return v;
}
