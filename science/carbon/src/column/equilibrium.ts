// Equilibrium loadings and their slopes as the column's equations want them: from concentrations, without allocation, smooth through zero.
import type { Sorbent } from '../sorbents.ts';

/** A function that writes the equilibrium loadings (mol/kg) for temperature and concentrations (mol/m3); negative concentrations count as is. */
export function equilibrium(s: Sorbent, R: number): (k: number, c1: number, c2: number, out: Float64Array) => void {
  const { qsb, qsd, b0, d0, dUb, dUd, basis } = s.isotherm;
  const hasD = qsd[0] > 0 || qsd[1] > 0;
  return (k, c1, c2, out) => {
    const rt = -1 / (R * k);
    const unit = basis === 'pressure' ? R * k : 1;
    const x1 = c1 * unit;
    const x2 = c2 * unit;
    const b1 = b0[0] * Math.exp(dUb[0] * rt) * x1;
    const b2 = b0[1] * Math.exp(dUb[1] * rt) * x2;
    const b = 1 / (1 + b1 + b2);
    out[0] = qsb[0] * b1 * b;
    out[1] = qsb[1] * b2 * b;
    if (!hasD) return;
    const d1 = d0[0] * Math.exp(dUd[0] * rt) * x1;
    const d2 = d0[1] * Math.exp(dUd[1] * rt) * x2;
    const d = 1 / (1 + d1 + d2);
    out[0] += qsd[0] * d1 * d;
    out[1] += qsd[1] * d2 * d;
  };
}

/** A function that writes the slopes of those loadings: of CO2 and N2 by temperature, then by the first and by the second concentration. */
export function equilibriumSlopes(
  s: Sorbent,
  R: number,
): (k: number, c1: number, c2: number, out: Float64Array) => void {
  const { qsb, qsd, b0, d0, dUb, dUd, basis } = s.isotherm;
  const sites = [
    { q: qsb, a0: b0, dU: dUb },
    { q: qsd, a0: d0, dU: dUd },
  ].filter(({ q }) => q[0] > 0 || q[1] > 0);
  return (k, c1, c2, out) => {
    out.fill(0);
    const rt = -1 / (R * k);
    const unit = basis === 'pressure' ? R * k : 1;
    const unitByK = basis === 'pressure' ? 1 / k : 0;
    for (const { q, a0, dU } of sites) {
      const g1 = a0[0] * Math.exp(dU[0] * rt) * unit;
      const g2 = a0[1] * Math.exp(dU[1] * rt) * unit;
      const [x1, x2] = [g1 * c1, g2 * c2];
      const x1ByK = x1 * (unitByK - (dU[0] * rt) / k);
      const x2ByK = x2 * (unitByK - (dU[1] * rt) / k);
      const free = 1 / (1 + x1 + x2);
      const [p1, p2] = [q[0] * free * free, q[1] * free * free];
      out[0] += p1 * ((1 + x2) * x1ByK - x1 * x2ByK);
      out[1] += p2 * ((1 + x1) * x2ByK - x2 * x1ByK);
      out[2] += p1 * (1 + x2) * g1;
      out[3] -= p2 * x2 * g1;
      out[4] -= p1 * x1 * g2;
      out[5] += p2 * (1 + x1) * g2;
    }
  };
}
