// The shared ridge, corrected at each place by what its own rows say the shared one gets wrong: a ridge on the residuals, with a strong
// pull to no correction, and one factor for the scale. Nothing of it leaves the place. A place with few rows stays with the shared model.
import { choleskySolve } from '@madang/numerics';
import type { Design } from '../panel/design.ts';
import { placeName, selectRows } from '../panel/design.ts';
import { type Member, QUANTILES, type Trained } from './member.ts';
import { LEAST_PERIODS } from './own.ts';
import {
  fitRidge,
  periodsOf,
  perStep,
  type RidgeModel,
  type RidgePlan,
  ridgeFactor,
  ridgeMeans,
  ridgeQuantiles,
  ridgeScales,
  ridgeSums,
} from './ridge.ts';

export interface TunedPlan extends Omit<RidgePlan, 'seed'> {
  /** Penalty of the correction, in periods as for the ridge. */
  readonly correctionPeriods: number;
  /** Base periods below which a place has no correction; three seasons of weeks when left out. */
  readonly leastPeriods?: number;
}

/** What a place adds to the shared model. */
interface Correction {
  readonly location: Float64Array;
  readonly logScale: number;
}

/** A shared ridge with the corrections of the places, as a building block. */
export interface TunedModel {
  readonly shared: RidgeModel;
  /** By name of the place ({@link placeName}). */
  readonly corrections: ReadonlyMap<string, Correction>;
}

/** Rows of evidence that the shared scale counts for. */
const SCALE_PRIOR = 300;

export function tunedMember(name: string, plan: TunedPlan, steps: number): Member {
  return {
    name,
    train(design, seed): Trained {
      const model = fitTuned(design, plan, steps, seed);
      return { quantiles: d => tunedQuantiles(model, d) };
    },
  };
}

/** Fits the shared ridge and the correction of every place with enough history. */
export function fitTuned(design: Design, plan: TunedPlan, steps: number, seed: string): TunedModel {
  const shared = fitRidge(design, { ...plan, seed }, steps);
  const corrections = new Map<string, Correction>();
  for (const p of new Set(design.place)) {
    const rows = selectRows(design, i => design.place[i] === p);
    if (periodsOf(rows) >= (plan.leastPeriods ?? LEAST_PERIODS))
      corrections.set(placeName(design, p), correct(rows, shared, plan));
  }
  return { shared, corrections };
}

/** Expected increments of the rows, corrected. */
export function tunedMeans({ shared, corrections }: TunedModel, d: Design): Float64Array {
  const mean = ridgeMeans(shared, d);
  for (const p of new Set(d.place)) {
    const c = corrections.get(placeName(d, p));
    if (!c) continue;
    const own = selectRows(d, i => d.place[i] === p);
    const shift = ridgeMeans({ ...shared, location: c.location }, own);
    for (let i = 0, k = 0; i < d.rows; i++) if (d.place[i] === p) mean[i] += shift[k++];
  }
  return mean;
}

function correct(rows: Design, shared: RidgeModel, plan: TunedPlan): Correction {
  const mean = ridgeMeans(shared, rows);
  const residual = { ...rows, y: rows.y.map((y, i) => y - mean[i]) };
  const sums = ridgeSums(perStep(residual), shared.encoding);
  // The constant is held like the rest: a place's drift is a correction too.
  const penalty = plan.correctionPeriods / periodsOf(rows);
  sums.gram[0] += penalty * sums.weight;
  const location = choleskySolve(ridgeFactor(sums, penalty), sums.size, sums.moment);
  const own = ridgeMeans({ ...shared, location }, rows);
  const scale = ridgeScales(shared, rows);
  let sum = 0;
  let weight = SCALE_PRIOR;
  for (let i = 0; i < rows.rows; i++) {
    sum += rows.weight[i] * (Math.log(Math.abs(residual.y[i] - own[i]) + 0.002) - Math.log(scale[i]));
    weight += rows.weight[i];
  }
  return { location, logScale: sum / weight };
}

function tunedQuantiles(model: TunedModel, d: Design): Float32Array {
  const { shared, corrections } = model;
  const before = ridgeMeans(shared, d);
  const mean = tunedMeans(model, d);
  const q = ridgeQuantiles(shared, d);
  for (let i = 0; i < d.rows; i++) {
    const factor = Math.exp(corrections.get(placeName(d, d.place[i]))?.logScale ?? 0);
    for (let k = 0; k < QUANTILES; k++) {
      const at = i * QUANTILES + k;
      q[at] = mean[i] + factor * (q[at] - before[i]);
    }
  }
  return q;
}
