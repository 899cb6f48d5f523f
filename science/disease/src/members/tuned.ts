// The shared ridge, corrected at each place by what its own rows say the shared one gets wrong: a ridge on the residuals, with a strong
// pull to no correction, and one factor for the scale. Nothing of it leaves the place. A place with few rows stays with the shared model.
// In a panel of many groups a correction of the group (a country) comes between the two.
import { choleskySolve } from '@madang/numerics';
import type { Design } from '../panel/design.ts';
import { placeName, selectRows } from '../panel/design.ts';
import { type Member, QUANTILES, type Trained } from './member.ts';
import { LEAST_PERIODS } from './own.ts';
import { fitRidge, type RidgeModel, type RidgePlan, ridgeMeans, ridgeQuantiles, ridgeScales } from './ridge.ts';
import { ridgeFactor, ridgeSums } from './ridge-sums.ts';
import { periodsOf, perStep } from './units.ts';

export interface TunedPlan extends Omit<RidgePlan, 'seed'> {
  /** Penalty of the correction, in periods as for the ridge. */
  readonly correctionPeriods: number;
  /** Base periods below which a place has no correction; three seasons of weeks when left out. */
  readonly leastPeriods?: number;
  /** Penalty of a correction that all places of a signal share, on which their own stand; none when left out or where there is one signal. */
  readonly groupPeriods?: number;
}

/** What a place or a group adds to the shared model. */
interface Correction {
  readonly location: Float64Array;
  readonly logScale: number;
}

/** A shared ridge with the corrections of the places, as a building block. */
export interface TunedModel {
  readonly shared: RidgeModel;
  /** By name of the place ({@link placeName}). */
  readonly corrections: ReadonlyMap<string, Correction>;
  /** By signal; what its places without a correction of their own take. */
  readonly groups: ReadonlyMap<string, Correction>;
}

/** Rows of evidence that the shared scale counts for. */
const SCALE_PRIOR = 300;
/** Base periods below which a group has no correction. */
const LEAST_OF_GROUP = 72;

export function tunedMember(name: string, plan: TunedPlan, steps: number): Member {
  return {
    name,
    train(design, seed): Trained {
      const model = fitTuned(design, plan, steps, seed);
      return { quantiles: d => tunedQuantiles(model, d) };
    },
  };
}

/** Fits of a design still in use: members upon the same ridge share one. Without random features the seed says nothing. */
const fits = new WeakMap<Design, Map<string, TunedModel>>();

/** Fits the shared ridge and the corrections of every group and place with enough history. */
export function fitTuned(design: Design, plan: TunedPlan, steps: number, seed: string): TunedModel {
  const known = fits.get(design) ?? new Map<string, TunedModel>();
  fits.set(design, known);
  const key = JSON.stringify([plan, steps, plan.hidden > 0 ? seed : '']);
  const model = known.get(key) ?? fit(design, plan, steps, seed);
  known.set(key, model);
  return model;
}

function fit(design: Design, plan: TunedPlan, steps: number, seed: string): TunedModel {
  const shared = fitRidge(design, { ...plan, seed }, steps);
  const groups = new Map<string, Correction>();
  const groupOf = (p: number) => design.panel.places[p].target;
  const { groupPeriods } = plan;
  const names = new Set(Array.from(design.place, groupOf));
  if (groupPeriods !== undefined && names.size > 1)
    for (const g of names) {
      const rows = selectRows(design, i => groupOf(design.place[i]) === g);
      if (periodsOf(rows) >= LEAST_OF_GROUP) groups.set(g, correct(rows, shared, groupPeriods));
    }
  const corrections = new Map<string, Correction>();
  for (const p of new Set(design.place)) {
    const rows = selectRows(design, i => design.place[i] === p);
    if (periodsOf(rows) >= (plan.leastPeriods ?? LEAST_PERIODS))
      corrections.set(placeName(design, p), correct(rows, shared, plan.correctionPeriods, groups.get(groupOf(p))));
  }
  return { shared, corrections, groups };
}

const correctionOf = ({ corrections, groups }: TunedModel, d: Design, place: number) =>
  corrections.get(placeName(d, place)) ?? groups.get(d.panel.places[place].target);

/** Expected increments of the rows, corrected. */
export function tunedMeans(model: TunedModel, d: Design): Float64Array {
  const { shared } = model;
  const mean = ridgeMeans(shared, d);
  for (const p of new Set(d.place)) {
    const c = correctionOf(model, d, p);
    if (!c) continue;
    const own = selectRows(d, i => d.place[i] === p);
    const shift = ridgeMeans({ ...shared, location: c.location }, own);
    for (let i = 0, k = 0; i < d.rows; i++) if (d.place[i] === p) mean[i] += shift[k++];
  }
  return mean;
}

/** The correction that a design's rows ask for, `upon` that of their group where there is one. */
function correct(rows: Design, shared: RidgeModel, penaltyPeriods: number, upon?: Correction): Correction {
  const mean = ridgeMeans(shared, rows);
  if (upon) for (const [i, m] of ridgeMeans({ ...shared, location: upon.location }, rows).entries()) mean[i] += m;
  const residual = { ...rows, y: rows.y.map((y, i) => y - mean[i]) };
  const sums = ridgeSums(perStep(residual), shared.encoding);
  // The constant is held like the rest: a place's drift is a correction too.
  const penalty = penaltyPeriods / periodsOf(rows);
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
  return { location: upon ? location.map((v, k) => v + upon.location[k]) : location, logScale: sum / weight };
}

function tunedQuantiles(model: TunedModel, d: Design): Float32Array {
  const { shared } = model;
  const before = ridgeMeans(shared, d);
  const mean = tunedMeans(model, d);
  const q = ridgeQuantiles(shared, d);
  for (let i = 0; i < d.rows; i++) {
    const factor = Math.exp(correctionOf(model, d, d.place[i])?.logScale ?? 0);
    for (let k = 0; k < QUANTILES; k++) {
      const at = i * QUANTILES + k;
      q[at] = mean[i] + factor * (q[at] - before[i]);
    }
  }
  return q;
}
