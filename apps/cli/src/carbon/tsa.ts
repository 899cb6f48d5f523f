// madang carbon tsa: temperature-swing adsorption, every case of a file.
import type { Command } from '../command.ts';
import { EXAMPLE_OPTION, exampleOutcome, fileArgument, SWING } from './examples.ts';
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
    'FILE: JSON with adsorbents and cases as --example prints it (SI units, isotherms per bar and kJ/mol: extended Sips, Toth, weighted dual-site Langmuir). Four steps: heating, cooling, pressurisation, adsorption. number_of_beds is a number, or a pressure drop as "-4000 Pa", from which it follows.',
  arguments: [['[file]', 'JSON with adsorbents and cases']],
  options: [EXAMPLE_OPTION, { flags: '--out <file>', description: 'results as CSV, units in the column names' }],
  examples: ['madang carbon tsa --example > cases.json', 'madang carbon tsa cases.json --json'],
  async run([given], options) {
    if (options['example'] === true) return exampleOutcome(SWING);
    const file = fileArgument(given);
    const { readSwingCases, temperatureSwing } = await import('@madang/carbon');
    const { plant, cases } = said(() => readSwingCases(readJson(file, 'FILE'), file));
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
      writeTable(String(options['out']), Object.values(COLUMNS), rows, provenance('tsa', [file], 'swing'));
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
