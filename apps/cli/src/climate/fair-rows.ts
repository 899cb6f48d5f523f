// The rows of `madang climate fair --out`: every member and time bound of a result, in the columns of the reference's expected file.
import {
  concentrationAt,
  emissionsAt,
  type FairResult,
  type ForcingGroup,
  forcingAt,
  forcingGroup,
  gasAt,
  imbalance,
  lifetimeAt,
  oceanHeat,
  speciesOf,
} from '@madang/climate/fair';
import { type ByteWriter, writeByte, writeNumber, writeText } from './decimal.ts';
import { quoted } from './provenance.ts';

const GROUPS: readonly (readonly [column: string, group: ForcingGroup, always: boolean])[] = [
  ['erf_CO2', 'co2', true],
  ['erf_CH4', 'ch4', true],
  ['erf_N2O', 'n2o', true],
  ['erf_halogenated', 'halogenated', true],
  ['erf_aerosol_radiation', 'ari', true],
  ['erf_aerosol_cloud', 'aci', true],
  ['erf_ozone', 'ozone', true],
  ['erf_black_carbon_on_snow', 'lapsi', true],
  ['erf_stratospheric_water_vapour', 'h2o stratospheric', true],
  ['erf_land_use', 'land use', true],
  ['erf_solar', 'solar', true],
  ['erf_volcanic', 'volcanic', true],
  ['erf_contrails', 'contrails', false],
  ['erf_other', 'unspecified', false],
];

export const FAIR_UNITS =
  'timebound yr; conc_* ppm or ppb as named; erf_* W/m2, 0 where the run has no such forcing; temperature_* K above the start; toa_imbalance W/m2; ' +
  'ocean_heat_content_change J since the start; airborne and cumulative CO2 Gt CO2; ch4_lifetime yr of the step that begins at the bound';

const GAS_COLUMNS = ['airborne', 'cumulative', 'alpha'] as const;

/** A column's value at bound t of member m. */
type Getter = (t: number, m: number) => number;

/** The columns after scenario, config and timebound, with how to read them. */
export function fairColumns(result: FairResult): readonly (readonly [string, Getter])[] {
  const members = result.model.members.length;
  const row =
    (values: Float64Array): Getter =>
    (t, m) =>
      values[t * members + m];
  const zero: Getter = () => 0;
  const toa = imbalance(result);
  const co2 = speciesOf(result, 'co2');
  const ch4 = speciesOf(result, 'ch4');
  const n2o = speciesOf(result, 'n2o');
  const gas = result.gases.get(co2);
  const ofGas = (values: Float64Array | undefined): Getter => {
    if (!gas || !values) return () => Number.NaN;
    return gas.width === 1 ? t => values[t] : row(values);
  };
  const columns: (readonly [string, Getter])[] = [
    ['conc_CO2_ppm', (t, m) => concentrationAt(result, co2, t, m)],
    ['conc_CH4_ppb', (t, m) => concentrationAt(result, ch4, t, m)],
    ['conc_N2O_ppb', (t, m) => concentrationAt(result, n2o, t, m)],
  ];
  for (const [name, group, always] of GROUPS) {
    const values = forcingGroup(result, group);
    if (values || always) columns.push([name, values ? row(values) : zero]);
  }
  columns.push(['erf_total', row(result.forcing!.total)]);
  for (const [l, values] of result.temperature.entries()) columns.push([`temperature_layer${l}_K`, row(values)]);
  columns.push(['toa_imbalance_W_m2', row(toa)], ['ocean_heat_content_change_J', row(oceanHeat(result, toa))]);
  columns.push(
    ['airborne_CO2_emissions_GtCO2', ofGas(gas?.airborne)],
    ['cumulative_CO2_emissions_GtCO2', ofGas(gas?.cumulative)],
  );
  columns.push(['ch4_lifetime_yr', (t, m) => lifetimeAt(result, ch4, t, m)]);
  return columns;
}

/** Header line, without provenance's value. */
export function fairHeader(columns: readonly (readonly [string, Getter])[]): string {
  return `scenario,config,timebound,${columns.map(c => c[0]).join(',')},provenance\n`;
}

/** Appends a result's rows; `about` goes into the provenance column of the first one when given. */
export function writeFairRows(
  w: ByteWriter,
  result: FairResult,
  columns: readonly (readonly [string, Getter])[],
  about?: string,
): void {
  const { bounds, model, drivers } = result;
  let first = about;
  for (const [m, name] of model.members.entries()) {
    const start = `${quoted(drivers.scenario)},${quoted(name)},`;
    for (let t = 0; t < bounds.length; t++) {
      writeText(w, start);
      writeNumber(w, bounds[t]);
      for (let c = 0; c < columns.length; c++) {
        writeByte(w, 44);
        writeNumber(w, columns[c][1](t, m));
      }
      writeByte(w, 44);
      if (first !== undefined) {
        writeText(w, quoted(first));
        first = undefined;
      }
      writeByte(w, 10);
    }
  }
}

export const SPECIES_UNITS =
  'timebound yr; concentration ppm for CO2, ppb for CH4 and N2O, else ppt; erf_W_m2 W/m2; emissions per year of the step that begins at the bound (for a gas ' +
  'driven by concentration: those that lead there), Gt CO2, Mt CH4, Mt N2O, kt of other gases, Mt else; airborne and cumulative the same without the year';

export const SPECIES_HEADER =
  'scenario,config,timebound,specie,concentration,erf_W_m2,emissions,airborne,cumulative,lifetime_scale,provenance\n';

/** Every species at every bound, for `--species-out`. */
export function writeSpeciesRows(w: ByteWriter, result: FairResult, about?: string): void {
  const { bounds, model, drivers } = result;
  let first = about;
  for (const [m, name] of model.members.entries()) {
    for (let t = 0; t < bounds.length; t++) {
      for (const [s, species] of model.species.entries()) {
        writeText(w, `${quoted(drivers.scenario)},${quoted(name)},`);
        writeNumber(w, bounds[t]);
        writeText(w, `,${quoted(species.name)},`);
        writeNumber(w, concentrationAt(result, s, t, m));
        writeByte(w, 44);
        writeNumber(w, forcingAt(result, s, t, m));
        writeByte(w, 44);
        writeNumber(w, emissionsAt(result, s, t, m));
        for (const what of GAS_COLUMNS) {
          writeByte(w, 44);
          writeNumber(w, gasAt(result, s, what, t, m));
        }
        writeByte(w, 44);
        if (first !== undefined) {
          writeText(w, quoted(first));
          first = undefined;
        }
        writeByte(w, 10);
      }
    }
  }
}
