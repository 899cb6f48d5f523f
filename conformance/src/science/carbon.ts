// Carbon against its references: isotherm points, IDAES's published temperature-swing cases and an independent integration of
// them, IDAES's solvent column, and a measured one (pilot.ts).
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { absorb, isothermOf, loading, readSorbent, readSwingCases, SHEET_250, temperatureSwing } from '@madang/carbon';
import { parseCsv } from '@madang/numerics';
import type { Reference, ScienceSuite } from '../suite.ts';
import { pilotColumn } from './pilot.ts';

export const carbon: ScienceSuite = async data => {
  const folder = join(data, 'carbon');
  if (!existsSync(folder)) return [];
  const swingFile = join(folder, 'idaes_tsa_reference.json');
  const json = JSON.parse(readFileSync(swingFile, 'utf8'));
  return [isotherms(folder, json), ...swings(json, swingFile), ...absorber(folder), ...pilotColumn()];
};

/** Every row of isotherm_test_points.csv, relative to the larger of the loading and 1e-6 mol/kg. */
function isotherms(folder: string, json: { adsorbents: Record<string, Record<string, unknown>> }): Reference {
  const points = parseCsv(readFileSync(join(folder, 'isotherm_test_points.csv'), 'utf8'), 'isotherm_test_points.csv');
  const table = parseCsv(
    readFileSync(join(folder, 'dual_site_langmuir_parameters.csv'), 'utf8'),
    'dual_site_langmuir_parameters.csv',
  );
  const [models, materials] = [points.text('model'), points.text('material')];
  const [k, pa, y, q1, q2] = ['T_K', 'P_Pa', 'y_CO2', 'q_CO2_mol_kg', 'q_N2_mol_kg'].map(c => points.numbers(c));
  let largestError = 0;
  models.forEach((model, i) => {
    const row = /row (\d+)/.exec(materials[i])?.[1];
    const other = Object.entries(json.adsorbents).find(([, a]) =>
      String(a['isotherm']).toLowerCase().startsWith(model.toLowerCase()),
    );
    const isotherm = row ? readSorbent(table, 'table', row).isotherm : isothermOf(other?.[1] ?? {}, model);
    const [a, b] = loading(isotherm, k[i], pa[i] * y[i], pa[i] * (1 - y[i]));
    for (const [got, want] of [
      [a, q1[i]],
      [b, q2[i]],
    ])
      largestError = Math.max(largestError, Math.abs(got - want) / Math.max(Math.abs(want), 1e-6));
  });
  return { name: 'isotherm test points', cases: 2 * models.length, largestError, tolerance: 1e-6, unit: 'relative' };
}

type Published = Readonly<Record<string, Record<string, number> | undefined>>;

function swings(json: { cases: Published[] }, file: string): Reference[] {
  const { plant, cases } = readSwingCases(json, file);
  const compared = (want: Record<string, number> | undefined, ours: Record<string, number>) =>
    Object.entries(ours).flatMap(([name, got]) =>
      typeof want?.[name] === 'number' ? [Math.abs(got / want[name] - 1)] : [],
    );
  const published: number[] = [];
  const recheck: number[] = [];
  cases.forEach((c, i) => {
    const r = temperatureSwing(c.sorbent, c.design, plant);
    const streams = {
      co2_rich_CO2_mol_s: r.richCo2MolS,
      co2_rich_N2_mol_s: r.richN2MolS,
      n2_rich_N2_mol_s: r.leanN2MolS,
      velocity_in_m_s: r.velocityMS,
    };
    const inside = {
      t_heating_s: r.heatingS,
      t_cooling_s: r.coolingS,
      t_pressurization_s: r.pressurisationS,
      t_adsorption_s: r.adsorptionS,
      purity: r.purity,
      recovery: r.recovery,
      productivity_kg_per_t_h: r.productivityKgTH,
      specific_thermal_energy_MJ_per_kgCO2: r.thermalMjKg,
      P_end_cooling_Pa: r.coolingEndPa,
      y_end_heating: r.heatingEndCo2,
      beds_des: r.bedsDesorbing,
    };
    const theirs = json.cases[i];
    published.push(...compared(theirs['published'], streams));
    published.push(...compared(theirs['published_derived'], { purity: r.purity, recovery: r.recovery }));
    recheck.push(...compared(theirs['independent_recheck'], inside));
  });
  return [
    {
      name: 'temperature swing, published by IDAES',
      cases: published.length,
      largestError: Math.max(0, ...published),
      tolerance: 0.01,
      unit: 'relative',
    },
    {
      name: 'temperature swing, independent integration',
      cases: recheck.length,
      largestError: Math.max(0, ...recheck),
      tolerance: 1e-4,
      unit: 'relative',
    },
  ];
}

/** IDAES's solvent column: capture and rich loading, temperatures in kelvin. */
function absorber(folder: string): Reference[] {
  const j = JSON.parse(readFileSync(join(folder, 'idaes_mea_absorber_reference.json'), 'utf8'));
  const [v, l] = [j.vapor_in, j.liquid_in];
  const r = absorb({
    diameterM: j.column.diameter_m,
    heightM: j.column.length_m,
    cells: j.column.finite_elements,
    pressurePa: v.P_Pa,
    packing: SHEET_250,
    gas: {
      co2: v.flow_mol_s * v.CO2,
      h2o: v.flow_mol_s * v.H2O,
      n2: v.flow_mol_s * v.N2,
      o2: v.flow_mol_s * v.O2,
      k: v.T_K,
    },
    liquid: { co2: l.flow_mol_s * l.CO2, h2o: l.flow_mol_s * l.H2O, mea: l.flow_mol_s * l.MEA, k: l.T_K },
  });
  const off = (ours: number, theirs: number) => Math.abs(ours / theirs - 1);
  const capture = r.converged
    ? Math.max(
        off(r.capture, j.derived.CO2_capture_fraction),
        off(r.richLoading, j.derived.rich_loading_molCO2_per_molMEA),
      )
    : 9;
  const kelvin = r.converged
    ? Math.max(Math.abs(r.gasOut.k - j.vapor_out.T_K), Math.abs(r.liquidOut.k - j.liquid_out.T_K))
    : 99;
  return [
    {
      name: 'MEA absorber, share captured and rich loading, published by IDAES',
      cases: 2,
      largestError: capture,
      tolerance: 0.01,
      unit: 'relative',
    },
    {
      name: 'MEA absorber, outlet temperatures, published by IDAES',
      cases: 2,
      largestError: kelvin,
      tolerance: 0.2,
      unit: 'K',
    },
  ];
}
