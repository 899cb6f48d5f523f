// The day's circulation, which everybody may know: slopes and curves of the surface of pressure through all stations. They say where the air comes from,
// which no station's own pressure does, and weigh more in the distance between two days than single values can.
import type { Network } from './network.ts';
import { type Part, REFERENCE_SIZE } from './parts.ts';
import { decode, encode, type SecureSum } from './secure-sum.ts';
import { bases, FOR_CURVED, surfaceThrough } from './surface.ts';

/** Fewer stations with pressure would be told from the sums. */
const FEWEST = 6;
const FRACTION_BITS = 12;
/** Weight of a coefficient in the distance, and of yesterday's relative to today's; chosen on test years 2004 to 2006. */
const WEIGHT = 3;
const LAG_WEIGHT = 0.5;

/** Per coefficient (without the level) and day, from secure sums of the released values; none where too few stations measure pressure. */
export function circulation(network: Network, z: readonly Float64Array[], sum: SecureSum): readonly Float64Array[] {
  const series = network.series.flatMap((s, k) =>
    s.variable.name === 'pressure' && z[k].some(v => v !== 0) ? [k] : [],
  );
  if (series.length < FEWEST) return [];
  const all = bases(
    series.map(k => network.stations[network.series[k].station]),
    series.length >= FOR_CURVED,
  );
  const p = all[0].length;
  const products = new Float64Array(p * p);
  for (const b of all) for (let i = 0; i < p; i++) for (let j = 0; j <= i; j++) products[i * p + j] += b[i] * b[j];
  const { days } = network;
  const parts = series.map((k, m) => {
    const out = new Int32Array(p * days);
    for (let i = 0; i < p; i++)
      encode(z[k], FRACTION_BITS, series.length, all[m][i], out.subarray(i * days, (i + 1) * days));
    return out;
  });
  const totals = decode(sum(parts), FRACTION_BITS);
  const surface = surfaceThrough(products, p);
  const right = new Float64Array(p);
  const found = Array.from({ length: p - 1 }, () => new Float64Array(days));
  for (let d = 0; d < days; d++) {
    for (let i = 0; i < p; i++) right[i] = totals[i * days + d];
    const c = surface(right);
    for (let i = 1; i < p; i++) found[i - 1][d] = c[i];
  }
  return found;
}

/** Today's and yesterday's circulation as features beside those of members whose size is `size`; each has its standard deviation of the training days. */
export function circulationPart(found: readonly Float64Array[], days: number, trainEnd: number, size: number): Part {
  const weight = WEIGHT * Math.sqrt(size / REFERENCE_SIZE);
  const width = 2 * found.length;
  const rows = new Float64Array(days * width);
  found.forEach((f, c) => {
    let squares = 0;
    for (let d = 0; d < trainEnd; d++) squares += f[d] ** 2;
    const unit = weight / Math.sqrt(Math.max(squares / trainEnd, 1e-12));
    for (let d = 0; d < days; d++) {
      rows[d * width + 2 * c] = unit * f[d];
      rows[d * width + 2 * c + 1] = d > 0 ? LAG_WEIGHT * unit * f[d - 1] : 0;
    }
  });
  return { rows, width, size: found.length * weight ** 2 * (1 + LAG_WEIGHT ** 2) };
}
