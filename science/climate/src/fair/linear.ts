// Sums of drivers times member parameters, the form of aerosol, ozone, water vapour, snow, contrail, land use and minor gas forcing.
// What is the same for all members is summed once a year; terms whose weights agree between members (the calibration scales all
// halogens together) are merged, so that 48 gases cost one multiplication a member and year.
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

/** Writes the sum for step `i` to `out[offset …]`, one value a member. */
export type RowFunction = (i: number, out: Float64Array, offset: number) => void;

/** Compiles terms for `members` members and `count` steps. */
export function compileLinear(terms: readonly Term[], members: number, count: number): RowFunction {
  const shared: Float64Array = new Float64Array(count);
  const groups: { weight: Float64Array; delta: Float64Array }[] = [];
  const live: { row: Float64Array; base: Float64Array; weight: Float64Array }[] = [];
  const spread = (v: MemberValue) => (typeof v === 'number' ? new Float64Array(members).fill(v) : v);
  for (const t of terms) {
    if (t.factor === 0 || t.weight === 0) continue;
    if ('series' in t.source && typeof t.base === 'number') {
      const { series } = t.source;
      let target = shared;
      let factor = t.factor;
      if (typeof t.weight === 'number') factor *= t.weight;
      else {
        const weight = t.weight;
        let group = groups.find(g => g.weight === weight || g.weight.every((w, m) => w === weight[m]));
        if (!group) {
          group = { weight, delta: new Float64Array(count) };
          groups.push(group);
        }
        target = group.delta;
      }
      for (let i = 0; i < count; i++) target[i] += factor * (series[i] - t.base);
    } else {
      const weight = Float64Array.from(spread(t.weight), w => w * t.factor);
      if ('row' in t.source) live.push({ row: t.source.row, base: spread(t.base), weight });
      else {
        // A series against a base of each member: weight x series as a group, weight x base as a constant.
        const base = spread(t.base);
        groups.push({ weight, delta: t.source.series.slice(0, count) });
        groups.push({
          weight: Float64Array.from(weight, (w, m) => -w * base[m]),
          delta: new Float64Array(count).fill(1),
        });
      }
    }
  }
  return (i, out, offset) => {
    out.fill(shared[i], offset, offset + members);
    for (let g = 0; g < groups.length; g++) {
      const d = groups[g].delta[i];
      if (d === 0) continue;
      const w = groups[g].weight;
      for (let m = 0; m < members; m++) out[offset + m] += w[m] * d;
    }
    for (let k = 0; k < live.length; k++) {
      const { row, base, weight } = live[k];
      for (let m = 0; m < members; m++) out[offset + m] += weight[m] * (row[m] - base[m]);
    }
  };
}

/** Multiplies a compiled sum by a scale. */
export function scaled(f: RowFunction, scale: MemberValue, members: number): RowFunction {
  if (scale === 1) return f;
  if (typeof scale === 'number')
    return (i, out, offset) => {
      f(i, out, offset);
      for (let m = offset; m < offset + members; m++) out[m] *= scale;
    };
  return (i, out, offset) => {
    f(i, out, offset);
    for (let m = 0; m < members; m++) out[offset + m] *= scale[m];
  };
}
