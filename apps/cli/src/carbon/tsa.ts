// madang carbon tsa: temperature-swing adsorption, every case of a file.
import type { Command } from '../command.ts';
import { readJson, said } from './read.ts';
import { provenance, writeTable } from './tables.ts';

/** What the CSV calls its columns: as the reference file does, with units. */
const COLUMNS = {
  name: 'case',
  velocityMS: 'velocity_in_m_s',
  bedsAdsorbing: 'beds_ads',
  bedsDesorbing: 'beds_des',
  heatingS: 't_heating_s',
  coolingS: 't_cooling_s',
  pressurisationS: 't_pressurization_s',
  adsorptionS: 't_adsorption_s',
  cycleH: 'cycle_time_h',
  purity: 'purity_mole_fraction',
  recovery: 'recovery_share',
  productivityKgTH: 'productivity_kg_per_t_h',
  thermalMjKg: 'specific_thermal_energy_MJ_per_kgCO2',
  richCo2MolS: 'co2_rich_CO2_mol_s',
  richN2MolS: 'co2_rich_N2_mol_s',
  leanCo2MolS: 'n2_rich_CO2_mol_s',
  leanN2MolS: 'n2_rich_N2_mol_s',
  coolingEndPa: 'P_end_cooling_Pa',
  heatingEndCo2: 'y_CO2_end_heating_mole_fraction',
} as const;

export const tsa: Command = {
  name: 'tsa',
  summary: 'temperature-swing adsorption without space: purity, recovery, heat',
  description:
    'FILE holds adsorbents and cases as idaes_tsa_reference.json does (SI units, isotherms per bar and kJ/mol). Four steps: heating, cooling, pressurisation, adsorption.',
  arguments: [['<file>', 'JSON with adsorbents and cases']],
  options: [{ flags: '--out <file>', description: 'results as CSV, units in the column names' }],
  examples: ['madang carbon tsa idaes_tsa_reference.json --json'],
  async run([file], options) {
    const { readSwingCases, temperatureSwing } = await import('@madang/carbon');
    const { plant, cases } = said(() => readSwingCases(readJson(String(file), 'FILE'), String(file)));
    const swing = (c: (typeof cases)[number]) => {
      try {
        return temperatureSwing(c.sorbent, c.design, plant);
      } catch (error) {
        throw new Error(`${file}, case "${c.name}": ${error instanceof Error ? error.message : error}`, {
          cause: error,
        });
      }
    };
    const results = cases.map(c => ({ name: c.name, ...said(() => swing(c)) }));
    if (options['out']) {
      const rows = results.map(r => (Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]).map(k => r[k]));
      writeTable(String(options['out']), Object.values(COLUMNS), rows, provenance('tsa', [String(file)], 'swing'));
    }
    const text = results
      .map(
        r =>
          `${r.name}: purity ${(100 * r.purity).toFixed(2)} %, recovery ${(100 * r.recovery).toFixed(2)} %, heat ${r.thermalMjKg.toFixed(2)} MJ/kg, cycle ${r.cycleH.toFixed(2)} h, ${r.productivityKgTH.toPrecision(3)} kg CO2 a tonne and hour`,
      )
      .join('\n');
    return { json: { ok: true, results }, text };
  },
};
