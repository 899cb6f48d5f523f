// A column's answer as a table: the hub's twin of the start values, and what a reader takes home of a design. Every row has its unit and says where it is from.
import type { Sorbent } from '@madang/carbon';
import { type CarbonAnswer, FIELDS } from './design.ts';

const MODEL =
  'one-dimensional column of 30 cells at cyclic steady state (@madang/carbon). Model after Haghpanah et al. 2013, Ind. Eng. Chem. Res. 52, 4249. Describes no plant';
/** Where the hub's answer for the start values comes from. */
export const START_PROVENANCE = `computed by this hub from rounded figures of a zeolite and invented prices; ${MODEL}`;
/** Where a reader's own design comes from. */
export const OWN_PROVENANCE = `computed in a browser from the inputs of this table; ${MODEL}`;

const UNITS = {
  purity: 'mole fraction of CO2 in the dry product',
  recovery: 'fraction of the CO2 that was fed',
  energyKwhPerTonne: 'kWh of electricity per tonne of CO2',
  productivityMolKgH: 'mol of CO2 per kg of sorbent and hour',
  massError: 'fraction by which the mass balance of a cycle is open',
  energyError: 'fraction by which the energy balance of a cycle is open',
  cycleS: 's',
} as const;
export const COST = 'US dollars per tonne of CO2';

/** The answer for the start values, with its units and where it comes from. */
export function carbonJson(a: CarbonAnswer): object {
  const isotherms = 'kPa; mol/kg of each gas alone at feed temperature';
  return { ...a, units: { ...UNITS, cost: COST, isotherms }, provenance: START_PROVENANCE };
}

/** Inputs, figures of the column, parts of the cost and both isotherms as part, quantity, value, unit. */
export function carbonTable(
  a: CarbonAnswer,
  provenance: string,
): { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | number)[])[] } {
  const rows: (string | number)[][] = FIELDS.filter(f => !(a.own && f.group === 'sorbent')).map(f => [
    'input',
    f.label,
    a.values[f.key],
    f.unit,
  ]);
  if (a.own) rows.push(...sorbentRows(a.own));
  const { steady: s, cost } = a;
  if (s.converged) {
    for (const key of Object.keys(UNITS) as (keyof typeof UNITS)[]) rows.push(['column', key, s[key], UNITS[key]]);
  } else rows.push(['column', 'did not converge', s.why, 'no figure']);
  for (const p of cost?.parts ?? []) rows.push(['cost', p.name, p.perTonne, COST]);
  if (cost) rows.push(['cost', 'a tonne captured', cost.perTonneCaptured, COST]);
  if (cost?.perTonneAvoided !== undefined) rows.push(['cost', 'a tonne avoided', cost.perTonneAvoided, COST]);
  for (const p of a.isotherms) {
    rows.push(['isotherm', `CO2 alone at ${p.kpa} kPa`, p.co2, 'mol/kg']);
    rows.push(['isotherm', `N2 alone at ${p.kpa} kPa`, p.n2, 'mol/kg']);
  }
  return {
    columns: ['part', 'quantity', 'value', 'unit', 'provenance'],
    rows: rows.map(r => [...r, provenance]),
  };
}

/** A sorbent out of a reader's table, as it was read. */
function sorbentRows(s: Sorbent): (string | number)[][] {
  const m = s.isotherm;
  const per = m.basis === 'pressure' ? '1/Pa' : 'm3/mol';
  const gas = ['CO2', 'N2'] as const;
  return [
    ['input', 'sorbent', s.name, 'name in the reader’s table'],
    ...([0, 1] as const).flatMap(i => [
      ['input', `qsb ${gas[i]}`, m.qsb[i], 'mol/kg'],
      ['input', `qsd ${gas[i]}`, m.qsd[i], 'mol/kg'],
      ['input', `b0 ${gas[i]}`, m.b0[i], per],
      ['input', `d0 ${gas[i]}`, m.d0[i], per],
      ['input', `dU_b ${gas[i]}`, m.dUb[i], 'J/mol'],
      ['input', `dU_d ${gas[i]}`, m.dUd[i], 'J/mol'],
      ['input', `heat of adsorption ${gas[i]}`, s.heatJMol[i], 'J/mol'],
    ]),
    ['input', 'particle density', s.particleDensityKgM3, 'kg/m3'],
  ];
}
