// The shape of standardised residuals by step and, where asked, by band of the level that is forecast: near 0 the surprises are one-sided.
import type { Design } from '../panel/design.ts';
import { QUANTILES, weightedQuantiles } from './member.ts';
import { stepUnit } from './units.ts';

/** Rows that a band needs; with fewer there are fewer bands. */
const LEAST_IN_BAND = 150;

/** Quantiles of the standardised residuals of `rows`, by step. */
export function shapes(
  d: Design,
  rows: readonly number[],
  standardised: (row: number) => number,
): Map<number, Float32Array> {
  const out = new Map<number, Float32Array>();
  for (const step of new Set(d.step)) {
    const of = rows.filter(i => d.step[i] === step);
    if (of.length === 0) continue;
    const q = new Float32Array(QUANTILES);
    weightedQuantiles(
      Float64Array.from(of, standardised),
      Float64Array.from(of, i => d.weight[i]),
      q,
      0,
    );
    out.set(step, q);
  }
  return out;
}

/** The level that a row's forecast is centred on: what the linear part and the trees add to the last value. */
export const levelOf = (d: Design, i: number, linear: number, trees: number) =>
  d.panel.places[d.place[i]].z[d.base[i]] + linear + stepUnit(d.step[i]) * trees;

/** Shapes of one step by band of level; band k begins at `from[k]`, the first also holds all below. */
export interface BandShapes {
  readonly from: readonly number[];
  readonly shapes: readonly Float32Array[];
}

/** Shapes of each step by up to `bands` bands of `level` that hold as many rows each. */
export function bandShapes(
  d: Design,
  rows: readonly number[],
  standardised: (row: number) => number,
  level: (row: number) => number,
  bands: number,
): Map<number, BandShapes> {
  if (bands === 1)
    return new Map([...shapes(d, rows, standardised)].map(([step, q]) => [step, { from: [0], shapes: [q] }]));
  const out = new Map<number, BandShapes>();
  for (const step of new Set(d.step)) {
    const of = rows.filter(i => d.step[i] === step);
    if (of.length === 0) continue;
    const levels = Float64Array.from(of, level).sort();
    const n = Math.max(1, Math.min(bands, Math.floor(of.length / LEAST_IN_BAND)));
    // Equal levels (all zeros) fill one band however many they are.
    const from = [...new Set(Array.from({ length: n }, (_, b) => levels[Math.floor((b * of.length) / n)]))];
    const members = from.map((): number[] => []);
    for (const i of of) members[bandOf(from, level(i))].push(i);
    out.set(step, { from, shapes: members.map(m => shapes(d, m, standardised).get(step)!) });
  }
  return out;
}

/** The band of {@link BandShapes} that a level falls into. */
export function bandOf(from: readonly number[], level: number): number {
  let b = from.length - 1;
  while (b > 0 && level < from[b]) b -= 1;
  return b;
}
