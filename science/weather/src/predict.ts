// The shared regressions of all targets and leads on the similarity of days, and each station's correction of what is near.
import { beliefIn } from './calibrate.ts';
import { correctStations } from './correct.ts';
import { type Arena, arena } from './dense/products.ts';
import { type DistanceSource, isEveryDay, type TakeDistances } from './distances.ts';
import { byFold, exactDoubles, regressExactly } from './exact.ts';
import { FOLDS, type Predictions, type Segment, yearlySegments } from './folds.ts';
import { chooseLandmarks } from './parts.ts';
import { MOST_LEAD, type Prepared } from './prepare.ts';
import { regress, regressionDoubles, type Targets } from './regression.ts';
import { gatherLandmarks, gatherWhole, similarityDoubles, toKernel, wholeDoubles } from './similarity.ts';
import { penalty, type Target } from './targets.ts';

/** Landmark days. Where the signal is strong (temperature and wind a day ahead) every day where there are at most `every`, else `strong`; fewer where it is weak, fewest for one station alone. */
export const LANDMARKS = { every: 4000, strong: 1800, middle: 1100, weak: 400, own: 240 } as const;
/** Noise over signal where every day is a landmark: one for all its rows, which share a factorisation. */
const STRONG_NOISE = 0.05;
/** The signal in temperature is middling so many days ahead; a station corrects its own so many. */
const MIDDLE_DAYS = 3;
const CORRECTED_DAYS = 2;

/** One regressand at one lead. */
interface Row {
  readonly target: Target;
  readonly lead: number;
  readonly z: Float64Array;
}

/** Of `most` landmark days, how many a row is regressed on. */
function landmarksFor({ target: { kind }, lead }: Row, most: number): number {
  if (kind !== 'rain' && lead === 1) return most;
  return Math.min(most, kind === 'normal' && lead <= MIDDLE_DAYS ? LANDMARKS.middle : LANDMARKS.weak);
}

/** Issue days below this train; the last days are left out, since their targets lie in the test year. */
export const trainedDays = (p: Prepared): number => p.trainEnd - MOST_LEAD;

/** As many landmark days as a fit on many stations is worth. */
export const landmarksOfMany = ({ trainEnd }: Prepared): number =>
  trainEnd <= LANDMARKS.every ? trainEnd : LANDMARKS.strong;

/** A regression that gathers the kernel as it comes. */
interface Fit {
  /** Doubles of arena that it keeps from the beginning, and those that it uses in the end for so many rows. */
  readonly kept: number;
  working(rows: number): number;
  begin(memory: Arena): { readonly take: TakeDistances; finish(targets: Targets): Predictions };
}

/** On all days, with one noise for all rows. */
function onEveryDay(days: number, segments: readonly Segment[]): Fit {
  const folds = byFold(segments);
  const n = folds.order.length;
  return {
    kept: wholeDoubles(days, n),
    working: rows => exactDoubles(n, days - n, rows),
    begin(memory) {
      const { take, whole } = gatherWhole(memory, folds.order, days);
      return { take, finish: ({ y }) => regressExactly(memory, whole, folds, y, STRONG_NOISE) };
    },
  };
}

/** On `n` of the landmark days. */
function onLandmarks(landmarks: Int32Array, n: number, days: number, segments: readonly Segment[], from: number): Fit {
  return {
    kept: similarityDoubles(days, n),
    working: rows => regressionDoubles(n, days, rows, FOLDS),
    begin(memory) {
      const { take, finish } = gatherLandmarks(memory, landmarks, chooseLandmarks(landmarks.length, n), days);
      return { take, finish: targets => regress(memory, finish(), targets, segments, from) };
    },
  };
}

/** Predictions of the targets `which` from the similarity to at most `most` landmark days: one row for each target, lead and regressand, in this order. What is not believed at any lead is 0. */
export function predict(p: Prepared, source: DistanceSource, which: readonly number[], most: number): Predictions {
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
  const y = rows.map(row => knownOrGuessed(p, source, row));
  const segments = yearlySegments(trained);
  const landmarks = chooseLandmarks(p.trainEnd, most);
  const m = landmarks.length;
  const whole = isEveryDay(landmarks) && m > LANDMARKS.middle;
  const believed = rows.flatMap((row, i) => (beliefIn(row.target.kind, row.lead) > 0 ? [i] : []));
  /** Rows by how many landmarks they are regressed on. */
  const tiers = [...Map.groupBy(believed, i => landmarksFor(rows[i], m))].map(([n, of]) => ({
    of,
    fit: whole && n === m ? onEveryDay(days, segments) : onLandmarks(landmarks, n, days, segments, trained),
  }));
  const memory = arena(
    tiers.reduce((s, { fit }) => s + fit.kept, 0) +
      Math.max(source.doubles(m, days), ...tiers.map(({ fit, of }) => fit.working(of.length))),
  );
  const begun = tiers.map(({ fit }) => fit.begin(memory));
  source.each(memory, landmarks, days, (from, n, cols, squared) => {
    toKernel(squared, source.size);
    for (const b of begun) b.take(from, n, cols, squared);
  });
  for (const [k, { of }] of tiers.entries()) {
    const penalties = Float64Array.from(of, i => penalty(rows[i].target.kind, rows[i].lead));
    const found = memory.scope(() => begun[k].finish({ y: of.map(i => y[i]), penalty: penalties }));
    of.forEach((i, r) => {
      fitted[i] = found.fitted[r];
      withheld[i] = found.withheld[r];
    });
  }
  if (source.shared) {
    const near = rows.flatMap((row, i) => (row.target.kind === 'normal' && row.lead <= CORRECTED_DAYS ? [i] : []));
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
function knownOrGuessed(p: Prepared, source: DistanceSource, { target, lead, z }: Row): Float64Array {
  const guess = source.shared && target.kind === 'normal' ? p.released.z[target.series] : undefined;
  const v = new Float64Array(p.testTo);
  for (let d = lead; d < p.trainEnd; d++) v[d - lead] = Number.isNaN(z[d]) ? (guess?.[d] ?? 0) : z[d];
  return v;
}
