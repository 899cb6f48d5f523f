// Slips of units that leave every number within its own range, told by what a sorbent would then be: from physics of adsorption, wide enough for any that has been measured.
import { type DualSiteLangmuir, loading, type Pair, R_TABLE } from './isotherms.ts';

const K = 298.15;
/** Condensation alone gives more; J/mol. */
const LEAST_HEAT = 1000;
/** The most that is known at 1 bar is some 10 mol/kg; glass holds a thousandth. */
const HOLDS = { least: 0.01, most: 50, pa: 1e5 };
/** No sorbent is known that half fills with nitrogen at room temperature below some 10 kPa. */
const NITROGEN = { pa: 5000, least: 0.05 };
/** How far a stated heat may lie beyond what the isotherm says, a factor. */
const BEYOND = 3;
const GASES = ['CO2', 'N2'] as const;

/** What cannot be about a sorbent whose numbers are each in range: the columns that say so and why; undefined when nothing is seen. */
export function implausible(
  m: DualSiteLangmuir,
  heatJMol: Pair,
): { readonly columns: readonly string[]; readonly why: string } | undefined {
  for (const i of [0, 1] as const) {
    const gas = GASES[i];
    const sites = [
      ['b', m.qsb[i], m.dUb[i]],
      ['d', m.qsd[i], m.dUd[i]],
    ] as const;
    const used = sites.filter(([, capacity]) => capacity > 0);
    if (used.length === 0) continue;
    // Exactly 0 is an isotherm measured at one temperature.
    for (const [letter, , energy] of used)
      if (energy !== 0 && Math.abs(energy) < LEAST_HEAT)
        return {
          columns: [`dU_${letter}_${gas}_J_mol`],
          why: `${energy} J/mol is less than any gas is held by (thousands of J/mol); is it in kJ/mol?`,
        };
    if (Math.abs(heatJMol[i]) < LEAST_HEAT)
      return {
        columns: [`heat_of_adsorption_${gas}_J_mol`],
        why: `${heatJMol[i]} J/mol is less than any adsorption sets free (thousands of J/mol); is it in kJ/mol?`,
      };
    const heats = used.every(([, , energy]) => energy === 0) ? [] : [1, 1e3, 1e4, 1e5].map(pa => isosteric(m, i, pa));
    const [low, high] = [Math.min(...heats), Math.max(...heats)];
    if (heats.length > 0 && low > 0 && !(-heatJMol[i] >= low / BEYOND && -heatJMol[i] <= high * BEYOND))
      return {
        columns: [`heat_of_adsorption_${gas}_J_mol`, ...used.map(([letter]) => `dU_${letter}_${gas}_J_mol`)],
        why: `a heat of ${heatJMol[i]} J/mol does not go with an isotherm that changes with temperature as for ${said(low, high)} J/mol (Clausius and Clapeyron)`,
      };
  }
  const [co2, n2] = [loading(m, K, HOLDS.pa, 0)[0], loading(m, K, 0, NITROGEN.pa)[1]];
  const held = `together ${co2.toPrecision(2)} mol CO2/kg at 1 bar and ${K} K`;
  const columns = ['qsb_CO2_mol_kg', 'qsd_CO2_mol_kg', 'b0_CO2', 'd0_CO2', 'basis'];
  if (co2 < HOLDS.least)
    return {
      columns,
      why: `${held}, which is next to nothing; are capacities in mol/kg, and affinities in the unit of "basis"?`,
    };
  if (co2 > HOLDS.most)
    return { columns, why: `${held}, more than any pores have room for; are capacities in mol/kg?` };
  const most = m.qsb[1] + m.qsd[1];
  if (most > NITROGEN.least && n2 > most / 2)
    return {
      columns: ['b0_N2', 'd0_N2', 'basis'],
      why: `together half full of nitrogen below ${NITROGEN.pa} Pa at ${K} K, which no sorbent is; are affinities in the unit of "basis"?`,
    };
  return undefined;
}

const said = (low: number, high: number) =>
  high < 1.01 * low ? `-${Math.round(high)}` : `-${Math.round(high)} to -${Math.round(low)}`;

/** Isosteric heat of one gas alone, J/mol, positive when set free: R T^2 d ln p / dT at constant loading. */
function isosteric(m: DualSiteLangmuir, gas: 0 | 1, pa: number): number {
  const at = (k: number, p: number) => loading(m, k, gas === 0 ? p : 0, gas === 1 ? p : 0)[gas];
  const step = 1e-4;
  const byK = (at(K * (1 + step), pa) - at(K * (1 - step), pa)) / (2 * step * K);
  const byLogPa = (at(K, pa * (1 + step)) - at(K, pa * (1 - step))) / (2 * step);
  return (-R_TABLE * K * K * byK) / byLogPa;
}
