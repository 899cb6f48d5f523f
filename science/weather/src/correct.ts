// The second step at each edge: what the shared regression left over, regressed on the station's own weather in every season.
// Ridge regression is the same machinery with features in the place of landmarks and the unit matrix among them.

import { harmonics } from './climatology.ts';
import { type Arena, arena } from './dense/products.ts';
import { FOLDS, type Predictions, type Segment, yearlySegments } from './folds.ts';
import { clipped } from './neighbours/judge.ts';
import { memberPart } from './parts.ts';
import type { Prepared } from './prepare.ts';
import { regress, regressionDoubles } from './regression.ts';
import { similarityDoubles } from './similarity.ts';

const PENALTY = 20;
/** Fewer days than this bear less of a correction. */
const ENOUGH_DAYS = 2000;

/** One target at one lead of one station: what was to be predicted per issue day, and what the shared regression made of it. */
export interface Correctable {
  readonly station: number;
  readonly lead: number;
  /** Standardised, per day; NaN where unknown. */
  readonly z: Float64Array;
  readonly y: Float64Array;
  readonly fitted: Float64Array;
  readonly withheld: Float64Array;
}

/** Adds each station's own correction to its predictions, in place; issue days below `trained` train. */
export function correctStations(p: Prepared, all: readonly Correctable[], trained: number): void {
  const { network, angles, z } = p.gated;
  const segments = yearlySegments(trained);
  const features = z.map(clipped);
  const most = Math.max(...network.stations.map((_, s) => all.filter(r => r.station === s).length));
  const widest = 2 * Math.max(...network.stations.map((_, s) => network.series.filter(x => x.station === s).length));
  const memory = arena(correctionDoubles(widest, p.testTo, most, FOLDS));
  network.stations.forEach((_, s) => {
    const mine = all.filter(r => r.station === s);
    if (mine.length === 0) return;
    const series = network.series.flatMap((x, k) => (x.station === s ? [k] : []));
    const own = memberPart(network, features, series);
    const leftovers = mine.map(({ lead, z: target, y, withheld }) =>
      y.map((v, d) => (d + lead >= p.trainEnd || Number.isNaN(target[d + lead]) ? 0 : v - withheld[d])),
    );
    const found = correct(memory, own.rows, own.width, angles, leftovers, segments, trained);
    mine.forEach(({ fitted, withheld }, i) => {
      for (let d = 0; d < p.testTo; d++) {
        fitted[d] += found.fitted[i][d];
        withheld[d] += found.withheld[i][d];
      }
    });
  });
}

function correctionDoubles(width: number, days: number, targets: number, folds: number): number {
  const n = 3 * width + 3;
  return similarityDoubles(days, n) + regressionDoubles(n, days, targets, folds);
}

/** Regresses leftovers (one row a target, 0 where unknown) on `rows` (days x width), alone and times the yearly wave. */
function correct(
  memory: Arena,
  rows: Float64Array,
  width: number,
  angles: Float64Array,
  leftovers: readonly Float64Array[],
  segments: readonly Segment[],
  fittedFrom: number,
): Predictions {
  return memory.scope(() => {
    const days = rows.length / width;
    const n = 3 * width + 3;
    const byLandmark = memory.alloc(n * days);
    const among = memory.alloc(n * n);
    const wave = harmonics(angles, 1);
    for (let k = 0; k < 3; k++) {
      const at = (3 + k * width) * days;
      for (let d = 0; d < days; d++) {
        const by = wave[d * 3 + k];
        byLandmark[k * days + d] = by;
        for (let f = 0; f < width; f++) byLandmark[at + f * days + d] = by * rows[d * width + f];
      }
    }
    for (let f = 0; f < n; f++) among[f * n + f] = 1;
    const few = Math.max(1, ENOUGH_DAYS / fittedFrom);
    const penalty = new Float64Array(leftovers.length).fill(PENALTY * few ** 3);
    const like = { byLandmark, among, days, landmarks: n };
    return regress(memory, like, { y: leftovers, penalty }, segments, fittedFrom);
  });
}
