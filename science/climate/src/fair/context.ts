// What the parts of a run share: the gases, those of width 1 already run through, and where each species' emissions and
// concentrations come from. A source at step i is the emissions of that step, or the concentration at its end.
import { ClimateError } from '../error.ts';
import { plainRows } from '../rows/plain.ts';
import type { MakeRows, Rows } from '../rows/rows.ts';
import { wasmRows } from '../rows/wasm.ts';
import { type Drivers, steps } from './drivers.ts';
import { type Gas, gasParameters, isShared, makeGas, runShared, type SharedGas } from './gas.ts';
import type { GhgMethod } from './greenhouse.ts';
import type { Source } from './linear.ts';
import type { FairModel, MemberValue } from './parameters.ts';
import type { SpeciesType } from './species.ts';

export interface FairOptions {
  /** Default meinshausen2020, as in FaIR 2.2. */
  readonly ghgMethod?: GhgMethod;
  /** `thornhill2021`: methane lifetime from chemistry and temperature (the calibrated set); `leach2021`: from its own burden. */
  readonly ch4Method?: 'thornhill2021' | 'leach2021';
  /** Most that the integrated airborne fraction may become, years. Default 100. */
  readonly iirfMax?: number;
  /** How much more a bromine atom depletes than a chlorine atom. Default 45. */
  readonly bromineFactor?: number;
  /** The kernel to compute with; by default WebAssembly where it is to be had. */
  readonly kernel?: MakeRows;
}

export interface Context {
  readonly model: FairModel;
  readonly drivers: Drivers;
  readonly options: Required<FairOptions>;
  readonly members: number;
  readonly count: number;
  readonly stepYears: number;
  readonly rows: Rows;
  /** The row of a constant; the same value gives the same row, which nobody may change. */
  readonly constant: (v: MemberValue) => Float64Array;
  readonly shared: readonly (SharedGas | undefined)[];
  /** Gases with one column a member, in species order. */
  readonly gases: readonly Gas[];
  /** What drives each gas: emissions by step, or concentrations at bounds. */
  readonly driverOf: readonly (Float64Array | undefined)[];
  readonly find: (type: SpeciesType) => number;
  readonly parameter: (name: string, species: number, missing?: number) => MemberValue;
  readonly emissions: (species: number) => Source | undefined;
  readonly concentration: (species: number) => Source | undefined;
  /** Equivalent effective stratospheric chlorine, when it differs between members. */
  readonly eescRow: Float64Array | undefined;
}

/** Checks that the species fit together and runs the gases that all members share. */
export function makeContext(model: FairModel, drivers: Drivers, given: FairOptions): Context {
  const options: Required<FairOptions> = {
    ghgMethod: 'meinshausen2020',
    ch4Method: 'thornhill2021',
    iirfMax: 100,
    bromineFactor: 45,
    ...given,
    kernel: given.kernel ?? wasmRows() ?? plainRows,
  };
  const { species } = model;
  const count = steps(drivers.time);
  const members = model.members.length;
  const { stepYears } = drivers.time;
  const find = (type: SpeciesType) => species.findIndex(s => s.type === type);
  checkTogether(model, options, find);

  const driverOf = species.map(
    (s, i) => drivers.series[i] ?? (s.type === 'co2' && s.inputMode === 'calculated' ? sum(drivers, find) : undefined),
  );
  const shared: (SharedGas | undefined)[] = species.map(() => undefined);
  const own = species.flatMap((s, i) => {
    if (!s.greenhouseGas || s.inputMode === 'forcing') return [];
    const p = gasParameters(model, i, s.type === 'ch4' && options.ch4Method === 'thornhill2021');
    const driver = driverOf[i];
    if (!driver) throw new ClimateError('missing-series', `species "${s.name}" has no series of ${s.inputMode}`);
    if (!isShared(p)) return [{ p, driver }];
    shared[i] = runShared(p, driver, count, stepYears, options.iirfMax);
    return [];
  });
  const rows = options.kernel(members, rowBound(model, own.length));
  const constant = constants(rows);
  const gases = own.map(({ p, driver }) => {
    const gas = makeGas(p, rows, constant);
    if (gas.inverse) gas.concentration.fill(driver[0]);
    return gas;
  });

  const parameter = (name: string, s: number, missing = 0): MemberValue => {
    const v = model.parameters[name]?.[s] ?? missing;
    return typeof v === 'number' && Number.isNaN(v) ? missing : v;
  };
  const gasOf = (s: number) => gases.find(g => g.species === s);
  const eesc = find('eesc');
  const eescSource = eesc < 0 ? undefined : makeEesc(eesc);
  return {
    model,
    drivers,
    options,
    members,
    count,
    stepYears,
    rows,
    constant,
    shared,
    gases,
    driverOf,
    find,
    parameter,
    emissions: s => {
      const own =
        shared[s]?.emissions ??
        (species[s].inputMode === 'emissions' || species[s].inputMode === 'calculated' ? driverOf[s] : undefined);
      if (own) return { series: own };
      const gas = gasOf(s);
      return gas ? { row: gas.emissions } : undefined;
    },
    concentration: s => {
      if (s === eesc) return eescSource;
      const own = shared[s];
      if (own) return { series: own.concentration.subarray(1) };
      const gas = gasOf(s);
      return gas ? { row: gas.concentration } : undefined;
    },
    eescRow: eescSource && 'row' in eescSource ? eescSource.row : undefined,
  };

  function makeEesc(e: number): Source {
    if (species[e].inputMode === 'concentration') return { series: drivers.series[e]!.subarray(1) };
    const start = model.parameters['baseline_concentration']?.[e];
    if (start === undefined || (typeof start === 'number' && Number.isNaN(start)))
      throw new ClimateError('bad-parameter', `species "${species[e].name}" needs a baseline_concentration`);
    const parts = eescParts(model, options.bromineFactor);
    if (typeof start !== 'number' || parts.some(p => !shared[p.species] || typeof p.release !== 'number'))
      return { row: rowFrom(rows, start) };
    const series = new Float64Array(count + 1);
    series[0] = start;
    for (const p of parts) {
      const c = shared[p.species]!.concentration;
      for (let i = 1; i <= count; i++) series[i] += p.atoms * c[i] * (p.release as number);
    }
    return { series: series.subarray(1) };
  }
}

/** What goes into stratospheric chlorine, as FaIR's halogens of its two types: chlorine-equivalent atoms and the fraction released, by gas. */
export function eescParts(
  model: FairModel,
  bromineFactor: number,
): { species: number; atoms: number; release: MemberValue }[] {
  const at = (name: string, i: number): MemberValue => model.parameters[name]?.[i] ?? 0;
  return model.species.flatMap((s, i) => {
    if ((s.type !== 'cfc-11' && s.type !== 'other halogen') || s.inputMode === 'forcing') return [];
    const atoms = Number(at('cl_atoms', i)) + bromineFactor * Number(at('br_atoms', i));
    const release = at('fractional_release', i);
    return atoms > 0 && release !== 0 && !Number.isNaN(release) ? [{ species: i, atoms, release }] : [];
  });
}

function sum(drivers: Drivers, find: (type: SpeciesType) => number): Float64Array {
  const fossil = drivers.series[find('co2 ffi')]!;
  const land = drivers.series[find('co2 afolu')]!;
  return fossil.map((v, i) => v + land[i]);
}

/** A row that starts at a value. */
export function rowFrom(rows: Rows, start: MemberValue): Float64Array {
  const row = rows.row();
  if (typeof start === 'number') row.fill(start);
  else row.set(start);
  return row;
}

function constants(rows: Rows): (v: MemberValue) => Float64Array {
  const made = new Map<MemberValue, Float64Array>();
  return v => {
    let row = made.get(v);
    if (!row) {
      row = rowFrom(rows, v);
      made.set(v, row);
    }
    return row;
  };
}

/** More rows than a run can ask for: state and parameters of each gas, every parameter that varies in every place it may stand, the climate. */
function rowBound(model: FairModel, gases: number): number {
  const varying = Object.values(model.parameters)
    .flat()
    .filter(v => typeof v !== 'number').length;
  const order = model.climate.heatCapacity.length + 1;
  return 200 + 60 * gases + 8 * varying + 12 * model.species.length + order * (order + 3);
}

function checkTogether(model: FairModel, options: Required<FairOptions>, find: (type: SpeciesType) => number): void {
  const refuse = (message: string) => new ClimateError('bad-species-table', message);
  const mode = (type: SpeciesType) => model.species[find(type)]?.inputMode;
  if (mode('co2') === 'calculated' && (mode('co2 ffi') === undefined || mode('co2 afolu') === undefined))
    throw refuse('CO2 is calculated, which needs species of type "co2 ffi" and "co2 afolu" driven by emissions');
  if (mode('land use') === 'calculated' && mode('co2 afolu') === undefined)
    throw refuse('land use forcing is calculated, which needs a species of type "co2 afolu" driven by emissions');
  const live = (['co2', 'ch4', 'n2o'] as const).filter(t => mode(t) !== undefined && mode(t) !== 'forcing');
  const { ghgMethod } = options;
  if ((ghgMethod === 'meinshausen2020' || ghgMethod === 'etminan2016') && live.length % 3 !== 0)
    throw refuse(
      `the formula ${ghgMethod} overlaps CO2, CH4 and N2O: give concentrations or emissions of all three or none, not only ${live.join(', ')}`,
    );
  if (ghgMethod === 'myhre1998' && live.includes('ch4') !== live.includes('n2o'))
    throw refuse('the formula myhre1998 overlaps CH4 and N2O: give concentrations or emissions of both or neither');
}
