// The mechanistic member: the renewal model of each place (renewal/) as quantiles of increments, its spread set on past weeks.
// It is not in the stack: the mean of the members does not gain from it (docs/decisions/0035).
import { LEVELS, MEDIAN } from '../levels.ts';
import { type Design, selectRows } from '../panel/design.ts';
import type { Place, Transform } from '../panel/panel.ts';
import { type RenewalForecast, renewalForecast } from '../renewal/filter.ts';
import { fitRenewal, type RenewalModel } from '../renewal/model.ts';
import { type GenerationTime, INFLUENZA } from '../reproduction.ts';
import { type Member, QUANTILES, type Trained } from './member.ts';

export interface RenewalPlan {
  readonly generation: GenerationTime;
  readonly particles: number;
  /** Weeks that the filter reads. */
  readonly window: number;
}

export const RENEWAL: RenewalPlan = { generation: INFLUENZA, particles: 400, window: 12 };
/** Indices of the 5 % and 95 % levels. */
const LOW = 2;
const HIGH = 20;

/** Values in units of the place's scale from the transformed series. */
const natural = (place: Place, transform: Transform, end: number) =>
  Float64Array.from(place.z.subarray(0, end), z => (Number.isNaN(z) ? z : transform.backward(z)));

/** Places and bases of the training design on which the spread is checked, and how far it may be corrected. */
const CHECKED = 150;
const SPREAD_LIMITS: readonly [number, number] = [0.6, 3];

/** The renewal model as a member: its dynamics from the places of the training design, one filter for each place and base. */
export function renewalMember(name: string, plan: RenewalPlan, position: (period: number) => number): Member {
  return {
    name,
    train(d, seed): Trained {
      const { panel } = d;
      const models = new Map<string, RenewalModel>();
      for (const target of new Set(panel.places.map(p => p.target))) {
        const series = panel.places
          .filter(p => p.target === target)
          .map(p => ({ first: p.first, values: natural(p, panel.transform, p.z.length) }));
        models.set(target, fitRenewal(series, position, plan.generation));
      }
      const raw = (rows: Design) => renewalQuantiles(models, rows, plan, position, seed);
      const spread = spreadOf(d, raw);
      return {
        quantiles(rows) {
          const q = raw(rows);
          for (let i = 0; i < rows.rows; i++) {
            const of = q.subarray(i * QUANTILES, (i + 1) * QUANTILES);
            const middle = of[MEDIAN];
            for (let k = 0; k < QUANTILES; k++) of[k] = middle + (spread.get(rows.step[i]) ?? 1) * (of[k] - middle);
          }
          return q;
        },
      };
    },
  };
}

/** For each step the factor with which nine of ten past values lie within the 90 % interval: the model's own idea of noise is too modest. */
function spreadOf(d: Design, raw: (rows: Design) => Float32Array): Map<number, number> {
  const bases = [...new Set(Array.from(d.base, (t, i) => `${d.place[i]}/${t}`))];
  const stride = Math.max(1, Math.floor(bases.length / CHECKED));
  const checked = new Set(bases.filter((_, k) => k % stride === 0));
  const rows = selectRows(d, i => checked.has(`${d.place[i]}/${d.base[i]}`));
  const q = raw(rows);
  const ratios = new Map<number, number[]>();
  for (let i = 0; i < rows.rows; i++) {
    const of = q.subarray(i * QUANTILES, (i + 1) * QUANTILES);
    if (Number.isNaN(of[0])) continue;
    const off = rows.y[i] - of[MEDIAN];
    const half = Math.max(1e-6, off > 0 ? of[HIGH] - of[MEDIAN] : of[MEDIAN] - of[LOW]);
    const list = ratios.get(rows.step[i]) ?? [];
    list.push(Math.abs(off) / half);
    ratios.set(rows.step[i], list);
  }
  return new Map(
    [...ratios].map(([step, r]) => {
      const nine = r.sort((a, b) => a - b)[Math.floor(0.9 * (r.length - 1))];
      return [step, Math.max(SPREAD_LIMITS[0], Math.min(SPREAD_LIMITS[1], nine))];
    }),
  );
}

function renewalQuantiles(
  models: ReadonlyMap<string, RenewalModel>,
  d: Design,
  plan: RenewalPlan,
  position: (period: number) => number,
  seed: string,
): Float32Array {
  const out = new Float32Array(d.rows * QUANTILES).fill(Number.NaN);
  const { places, transform } = d.panel;
  const furthest = d.step.reduce((a, b) => Math.max(a, b), 1);
  const made = new Map<string, RenewalForecast | undefined>();
  for (let i = 0; i < d.rows; i++) {
    const place = places[d.place[i]];
    const model = models.get(place.target);
    if (!model) continue;
    const key = `${d.place[i]}/${d.base[i]}`;
    if (!made.has(key)) {
      const values = natural(place, transform, d.base[i] + 1);
      const own = `${seed}/${place.target}/${place.location}/${d.period[i]}`;
      made.set(key, renewalForecast(model, values, place.first, position, furthest, own, plan.particles, plan.window));
    }
    const f = made.get(key);
    if (!f) continue;
    const z = f.paths
      .slice((d.step[i] - 1) * f.particles, d.step[i] * f.particles)
      .map(v => transform.forward(v))
      .sort();
    for (let k = 0; k < QUANTILES; k++) {
      const at = Math.max(0, Math.min(f.particles - 1, LEVELS[k] * f.particles - 0.5));
      const low = Math.floor(at);
      const v = z[low] + (at - low) * ((z[low + 1] ?? z[low]) - z[low]);
      out[i * QUANTILES + k] = v - place.z[d.base[i]];
    }
  }
  return out;
}
