// Heating and cooling of the temperature swing, integrated over temperature, which is monotone, instead of time: the clock becomes one more unknown
// and no end point has to be searched.
import { R_EXACT as R } from './isotherms.ts';
import { integrate } from './stiff/bdf.ts';
import type { SwingDesign, SwingSorbent } from './temperature-swing.ts';

/** The bed as heating and cooling see it: voids, sorbent in kg/m3, exchange with the jacket in W/m3/K, feed composition, equilibrium loadings. */
export interface Medium {
  readonly voidage: number;
  readonly bulk: number;
  readonly exchange: number;
  readonly feed: number;
  readonly q: (k: number, pa: number, y: number) => [number, number];
}

/** Open heating at constant pressure from the feed's composition: seconds, outflow per m3 of bed, final composition and loading. */
export function heating(s: SwingSorbent, d: SwingDesign, m: Medium) {
  const P = d.pressurePa;
  const [h1, h2] = s.heatJMol;
  const derivative = (k: number, x: Float64Array, out: Float64Array) => {
    const y = x[0];
    const [byK, byY] = slopes(m.q, k, P, y);
    const gas = (m.voidage * P) / (R * k);
    const top = (1 - y) * byK[0] - y * byK[1];
    const bottom = gas + m.bulk * ((1 - y) * byY[0] - y * byY[1]);
    out[0] = (-m.bulk * top) / bottom;
    const d1 = byK[0] + byY[0] * out[0];
    const d2 = byK[1] + byY[1] * out[0];
    out[1] = (m.bulk * (s.cpSolidJKgK + h1 * d1 + h2 * d2)) / (m.exchange * (d.heatingK - k));
    out[2] = gas / k - m.bulk * (d1 + d2);
    out[3] = y * out[2];
  };
  const x = solve(derivative, d.adsorptionK, d.desorptionK, [m.feed, 0, 0, 0], 'heating');
  return { co2: x[0], seconds: x[1], out: x[2], outCo2: x[3], q: m.q(d.desorptionK, P, x[0]) };
}

/** Closed cooling: what is in the bed stays; pressure falls. */
export function cooling(s: SwingSorbent, d: SwingDesign, m: Medium, co2: number) {
  const [h1, h2] = s.heatJMol;
  const derivative = (tau: number, x: Float64Array, out: Float64Array) => {
    const k = d.desorptionK - tau;
    const y = x[0];
    const pa = Math.exp(x[1]);
    const [byK, byY, byLogP] = slopes(m.q, k, pa, y);
    const gas = (m.voidage * pa) / (R * k);
    // Unknown dy/dT and dlnP/dT from the balances of CO2 and of all gas.
    const a11 = gas + m.bulk * byY[0];
    const a12 = gas * y + m.bulk * byLogP[0];
    const b1 = (gas * y) / k - m.bulk * byK[0];
    const a21 = m.bulk * (byY[0] + byY[1]);
    const a22 = gas + m.bulk * (byLogP[0] + byLogP[1]);
    const b2 = gas / k - m.bulk * (byK[0] + byK[1]);
    const det = a11 * a22 - a12 * a21;
    const dy = (b1 * a22 - b2 * a12) / det;
    const dp = (a11 * b2 - a21 * b1) / det;
    const d1 = byK[0] + byY[0] * dy + byLogP[0] * dp;
    const d2 = byK[1] + byY[1] * dy + byLogP[1] * dp;
    out[0] = -dy;
    out[1] = -dp;
    out[2] = (m.bulk * (s.cpSolidJKgK + h1 * d1 + h2 * d2)) / (m.exchange * (k - d.coolingK));
  };
  const x = solve(derivative, 0, d.desorptionK - d.adsorptionK, [co2, Math.log(d.pressurePa), 0], 'cooling');
  const pa = Math.exp(x[1]);
  return { co2: x[0], pa, seconds: x[2], q: m.q(d.adsorptionK, pa, x[0]) };
}

/** Derivatives of both loadings by temperature, mole fraction and the logarithm of pressure (central differences). */
function slopes(q: Medium['q'], k: number, pa: number, y: number): [number[], number[], number[]] {
  const by = (a: [number, number], b: [number, number], step: number) => [(a[0] - b[0]) / step, (a[1] - b[1]) / step];
  const hk = 1e-4 * k;
  const hy = 1e-5 * Math.max(1e-4, Math.min(y, 1));
  const hp = 1e-5;
  return [
    by(q(k + hk, pa, y), q(k - hk, pa, y), 2 * hk),
    by(q(k, pa, y + hy), q(k, pa, y - hy), 2 * hy),
    by(q(k, pa * Math.exp(hp), y), q(k, pa * Math.exp(-hp), y), 2 * hp),
  ];
}

function solve(
  derivative: (t: number, x: Float64Array, out: Float64Array) => void,
  from: number,
  to: number,
  start: readonly number[],
  name: string,
): Float64Array {
  const n = start.length;
  const x = Float64Array.from(start);
  const done = integrate({ n, solver: { lower: n - 1, upper: n - 1 }, integrals: 0, derivative }, from, to, x, {
    relative: 1e-7,
    absolute: 1e-9,
    mostSteps: 20000,
  });
  if (!done.ok) throw new RangeError(`temperature swing, ${name}: ${done.why} at ${done.t.toPrecision(5)} K`);
  return x;
}
