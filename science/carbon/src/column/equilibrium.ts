// Equilibrium loadings as the column's equations want them: from concentrations, without allocation, smooth through zero.
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
