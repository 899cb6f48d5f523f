// Sums of drivers times member parameters, the form of aerosol, ozone, water vapour, snow, contrail, land use and minor gas forcing.
// What is the same for all members is summed ahead of the year loop; terms whose weights agree between members (the calibration scales
// all halogens together) are merged, so that 48 gases cost one multiplication a member and year.
import type { Rows } from '../rows/rows.ts';
import type { MemberValue } from './parameters.ts';

/** Where a term's driver comes from: a series with one value a step, or a row of members that the year loop keeps up to date. */
export type Source = { readonly series: Float64Array } | { readonly row: Float64Array };

/** factor x weight x (driver - base). */
export interface Term {
  readonly source: Source;
  readonly base: MemberValue;
  readonly factor: number;
  readonly weight: MemberValue;
}

/** Writes a row for step `i`. */
export type RowFunction = (i: number, out: Float64Array) => void;

/** What compiling needs: the kernel, the number of steps, and the row of a constant. */
export interface Compile {
  readonly rows: Rows;
  readonly count: number;
  readonly constant: (v: MemberValue) => Float64Array;
}

/** Compiles the sum of terms, scaled. */
export function compileLinear(
  terms: readonly Term[],
  { rows, count, constant }: Compile,
  scale: MemberValue = 1,
): RowFunction {
  const shared: Float64Array = new Float64Array(count);
  const groups: { weight: Float64Array; delta: Float64Array }[] = [];
  const live: { row: Float64Array; base: Float64Array; weight: Float64Array }[] = [];
  for (const t of terms) {
    if (t.factor === 0 || t.weight === 0) continue;
    if ('row' in t.source) {
      const weight = typeof t.weight === 'number' ? t.weight * t.factor : t.weight.map(w => w * t.factor);
      live.push({ row: t.source.row, base: constant(t.base), weight: constant(weight) });
      continue;
    }
    const { series } = t.source;
    const delta = typeof t.weight === 'number' ? shared : groupOf(groups, t.weight, count).delta;
    const factor = typeof t.weight === 'number' ? t.factor * t.weight : t.factor;
    if (typeof t.base === 'number') for (let i = 0; i < count; i++) delta[i] += factor * (series[i] - t.base);
    else {
      // A base of each member: weight x series as before, weight x base as a constant.
      for (let i = 0; i < count; i++) delta[i] += factor * series[i];
      const base = t.base;
      const offset =
        typeof t.weight === 'number' ? base.map(b => -factor * b) : t.weight.map((w, m) => -factor * w * base[m]);
      groupOf(groups, offset, count).delta.fill(1);
    }
  }
  const weights = groups.map(g => constant(g.weight));
  const scaleRow = scale === 1 ? undefined : constant(scale);
  return (i, out) => {
    out.fill(shared[i]);
    for (let g = 0; g < weights.length; g++)
      if (groups[g].delta[i] !== 0) rows.addScaled(out, weights[g], groups[g].delta[i]);
    for (let k = 0; k < live.length; k++) rows.addWeighted(out, live[k].weight, live[k].row, live[k].base);
    if (scaleRow) rows.setProduct(out, out, scaleRow);
  };
}

/** The group with the same weights, or a new one. */
function groupOf(groups: { weight: Float64Array; delta: Float64Array }[], weight: Float64Array, count: number) {
  const found = groups.find(g => g.weight === weight || g.weight.every((w, m) => w === weight[m]));
  if (found) return found;
  const group = { weight, delta: new Float64Array(count) };
  groups.push(group);
  return group;
}
