// The parts of the forcing, each a row of members a step: CO2, CH4, N2O, other greenhouse gases together, aerosol direct and indirect,
// ozone, contrails, particles on snow, stratospheric water vapour, land use, and what is prescribed. Order and signs as in FaIR 2.2.
// A species' forcing scale includes its tropospheric adjustment. Trap: in FaIR no scale touches a species that is driven by forcing; solar and
// volcanic forcing alone are given once for all members and multiplied by their forcing_scale, as the calibrated sets are made.
import { ClimateError } from '../error.ts';
import type { ForcingRows } from '../rows/rows.ts';
import { type Context, eescParts } from './context.ts';
import { GHG_FORMULAE } from './greenhouse.ts';
import { compileLinear, type RowFunction, type Source, type Term } from './linear.ts';
import type { MemberValue } from './parameters.ts';
import type { SpeciesType } from './species.ts';

export interface Component {
  /** The species it belongs to; several for the other greenhouse gases. */
  readonly species: readonly number[];
  readonly compute: RowFunction;
  readonly efficacy: MemberValue;
  /** W/m2 per K of surface warming at the step's start; 0 for most. */
  readonly feedback: MemberValue;
}

/** Scale of a species' forcing: forcing_scale x (1 + tropospheric_adjustment). */
export function forcingScale(context: Context, species: number): MemberValue {
  const scale = context.parameter('forcing_scale', species, 1);
  const adjustment = context.parameter('tropospheric_adjustment', species);
  return adjustment === 0 ? scale : combine(scale, adjustment, (s, a) => s * (1 + a));
}

/** Compiles every forcing of the model. */
export function compileComponents(context: Context): readonly Component[] {
  const { model } = context;
  const components: Component[] = [];
  const push = (species: readonly number[], compute: RowFunction) => {
    const feedbacks = species.map(s => context.parameter('forcing_temperature_feedback', s));
    components.push({
      species,
      compute,
      efficacy: context.parameter('forcing_efficacy', species[0], 1),
      feedback: feedbacks.reduce((a, b) => combine(a, b, (x, y) => x + y)),
    });
  };
  for (const type of ['co2', 'ch4', 'n2o'] as const) {
    const s = context.find(type);
    if (s >= 0 && model.species[s].inputMode !== 'forcing') push([s], compileMajorGas(context, type));
  }
  for (const group of minorGases(context))
    push(
      group,
      compileLinear(
        group.map(s => minorTerm(context, s)),
        context,
      ),
    );
  const calculated = (type: SpeciesType, build: (s: number, scale: MemberValue) => RowFunction) => {
    const s = context.find(type);
    if (s >= 0 && model.species[s].inputMode === 'calculated') push([s], build(s, forcingScale(context, s)));
  };
  const linear = (terms: () => readonly Term[]) => (_s: number, scale: MemberValue) =>
    compileLinear(terms(), context, scale);
  calculated(
    'ari',
    linear(() => chemistryTerms(context, 'erfari_radiative_efficiency', true, false)),
  );
  calculated('aci', (s, scale) => compileAerosolCloud(context, s, scale));
  calculated(
    'ozone',
    linear(() => chemistryTerms(context, 'ozone_radiative_efficiency', true, true)),
  );
  calculated(
    'contrails',
    linear(() => everyTerm(context, 'contrails_radiative_efficiency', 'emissions', false)),
  );
  calculated(
    'lapsi',
    linear(() => everyTerm(context, 'lapsi_radiative_efficiency', 'emissions', true)),
  );
  calculated(
    'h2o stratospheric',
    linear(() => everyTerm(context, 'h2o_stratospheric_factor', 'concentration', true)),
  );
  calculated(
    'land use',
    linear(() => cumulativeTerms(context)),
  );
  for (const [s, species] of model.species.entries()) {
    const series = context.drivers.series[s];
    if (species.inputMode !== 'forcing' || !series) continue;
    const scaled = species.type === 'solar' || species.type === 'volcanic';
    const scale = scaled ? context.parameter('forcing_scale', s, 1) : 1;
    push([s], compileLinear([{ source: { series: series.subarray(1) }, base: 0, factor: 1, weight: scale }], context));
  }
  return components;
}

/** A row update for stratospheric chlorine that differs between members, or undefined. */
export function compileEesc(context: Context): ((i: number) => void) | undefined {
  const row = context.eescRow;
  if (!row) return undefined;
  const f = compileLinear(
    eescParts(context.model, context.options.bromineFactor).map(p => ({
      source: need(context.concentration(p.species), context, p.species),
      base: 0,
      factor: p.atoms,
      weight: p.release,
    })),
    context,
  );
  return i => f(i, row);
}

/** Applies f to two values of members, keeping a number where both are. */
export function combine(a: MemberValue, b: MemberValue, f: (x: number, y: number) => number): MemberValue {
  if (typeof a === 'number') return typeof b === 'number' ? f(a, b) : b.map(y => f(a, y));
  return typeof b === 'number' ? a.map(x => f(x, b)) : a.map((x, m) => f(x, b[m]));
}

/** Other greenhouse gases, together where their efficacy is the same. */
function minorGases(context: Context): readonly number[][] {
  const groups: { efficacy: MemberValue; species: number[] }[] = [];
  for (const [i, s] of context.model.species.entries()) {
    if (!s.greenhouseGas || s.inputMode === 'forcing' || s.type === 'co2' || s.type === 'ch4' || s.type === 'n2o')
      continue;
    const efficacy = context.parameter('forcing_efficacy', i, 1);
    const group = groups.find(g => g.efficacy === efficacy);
    if (group) group.species.push(i);
    else groups.push({ efficacy, species: [i] });
  }
  return groups.map(g => g.species);
}

/** Radiative efficiency x change of concentration (ppt; efficiency W m-2 ppb-1) x scale, with the common scale apart so that terms merge. */
function minorTerm(context: Context, s: number): Term {
  const efficiency = context.parameter('greenhouse_gas_radiative_efficiency', s);
  const scale = forcingScale(context, s);
  return {
    source: need(context.concentration(s), context, s),
    base: context.parameter('baseline_concentration', s),
    factor: 0.001 * (typeof efficiency === 'number' ? efficiency : 1),
    weight: typeof efficiency === 'number' ? scale : combine(efficiency, scale, (a, b) => a * b),
  };
}

function need(source: Source | undefined, context: Context, s: number): Source {
  if (!source)
    throw new ClimateError(
      'bad-species-table',
      `species "${context.model.species[s].name}" has neither emissions nor concentrations in this run, but another forcing is calculated from it`,
    );
  return source;
}

/**
 * Terms over the species flagged for aerosol chemistry, from their change since the baseline (or from their whole amount). In FaIR
 * calculated stratospheric chlorine follows after the aerosols, is not yet a number there and so has no part in them; the calibrated
 * sets were fitted that way. `chlorine` says whether it counts.
 */
function chemistryTerms(context: Context, parameter: string, change: boolean, chlorine: boolean): readonly Term[] {
  const terms: Term[] = [];
  for (const [i, s] of context.model.species.entries()) {
    const weight = context.parameter(parameter, i);
    if (weight === 0 || (!chlorine && s.type === 'eesc' && s.inputMode === 'calculated')) continue;
    if (s.chemistryFromEmissions)
      terms.push({
        source: need(context.emissions(i), context, i),
        base: change ? context.parameter('baseline_emissions', i) : 0,
        factor: 1,
        weight,
      });
    if (s.chemistryFromConcentration)
      terms.push({
        source: need(context.concentration(i), context, i),
        base: change ? context.parameter('baseline_concentration', i) : 0,
        factor: 1,
        weight,
      });
  }
  return terms;
}

/** Terms over every species that has the parameter. */
function everyTerm(
  context: Context,
  parameter: string,
  kind: 'emissions' | 'concentration',
  change: boolean,
): readonly Term[] {
  return context.model.species.flatMap((_, i): Term[] => {
    const weight = context.parameter(parameter, i);
    const source = context[kind](i);
    if (weight === 0 || !source) return [];
    return [{ source, base: change ? context.parameter(`baseline_${kind}`, i) : 0, factor: 1, weight }];
  });
}

function cumulativeTerms(context: Context): readonly Term[] {
  return context.model.species.flatMap((_, i): Term[] => {
    const weight = context.parameter('land_use_cumulative_emissions_to_forcing', i);
    if (weight === 0) return [];
    const gas = context.gases.find(g => g.species === i);
    if (gas) return [{ source: { row: gas.cumulative }, base: 0, factor: 1, weight }];
    const emissions = context.emissions(i);
    if (!emissions || !('series' in emissions)) return [];
    const series = new Float64Array(context.count);
    let total = 0;
    for (let k = 0; k < context.count; k++) {
      total += emissions.series[k] * context.stepYears;
      series[k] = total;
    }
    return [{ source: { series }, base: 0, factor: 1, weight }];
  });
}

/** Aerosol-cloud interactions: scale x (log(1 + sum of shape x amount) - the same at the baseline). */
function compileAerosolCloud(context: Context, species: number, forcingScale: MemberValue): RowFunction {
  const { members, model, rows, constant } = context;
  const amount = compileLinear(chemistryTerms(context, 'aci_shape', false, false), context);
  const baseline = new Float64Array(members).fill(1);
  for (const [i, s] of model.species.entries()) {
    for (const [flag, p] of [
      [s.chemistryFromEmissions, 'baseline_emissions'],
      [s.chemistryFromConcentration, 'baseline_concentration'],
    ] as const) {
      if (!flag) continue;
      const part = combine(context.parameter('aci_shape', i), context.parameter(p, i), (a, b) => a * b);
      for (let m = 0; m < members; m++) baseline[m] += typeof part === 'number' ? part : part[m];
    }
  }
  const scale = model.parameters['aci_scale']?.[species] ?? Number.NaN;
  if (typeof scale === 'number' && Number.isNaN(scale))
    throw new ClimateError('bad-parameter', `species "${model.species[species].name}" needs a number for aci_scale`);
  const scaleRow = constant(combine(scale, forcingScale, (a, b) => a * b));
  // By the kernel's own logarithm, so that the forcing is exactly 0 at the baseline.
  const logBaseline = rows.row();
  logBaseline.set(baseline);
  rows.log(logBaseline, logBaseline);
  return (i, out) => {
    amount(i, out);
    rows.aerosolCloud(out, scaleRow, logBaseline);
  };
}

/** CO2, CH4 or N2O: the formula from the three gases' concentrations, less its value at the baseline, scaled. */
function compileMajorGas(context: Context, type: 'co2' | 'ch4' | 'n2o'): RowFunction {
  const { members, options, rows, constant } = context;
  const formula = GHG_FORMULAE[options.ghgMethod][type];
  const fromReference = options.ghgMethod === 'meinshausen2020';
  const one = constant(1);
  const gas = (t: 'co2' | 'ch4' | 'n2o') => {
    const s = context.find(t);
    const source = s < 0 ? undefined : context.concentration(s);
    if (!source) return { row: one, series: undefined, zero: one, base: one };
    const base = constant(context.parameter('baseline_concentration', s, Number.NaN));
    const zero = fromReference ? constant(context.parameter('forcing_reference_concentration', s, Number.NaN)) : base;
    if (zero.some(Number.isNaN))
      throw new ClimateError(
        'bad-parameter',
        `species "${context.model.species[s].name}" needs a number for forcing_reference_concentration`,
      );
    return 'row' in source
      ? { row: source.row, series: undefined, zero, base }
      : { row: rows.row(), series: source.series, zero, base };
  };
  const co2 = gas('co2');
  const ch4 = gas('ch4');
  const n2o = gas('n2o');
  const scale = constant(forcingScale(context, context.find(type)));
  const offset = rows.row();
  for (let m = 0; m < members; m++)
    offset[m] = scale[m] * formula(co2.base[m], ch4.base[m], n2o.base[m], co2.zero[m], ch4.zero[m], n2o.zero[m]);
  const all = [co2, ch4, n2o];
  const from: ForcingRows = {
    co2: co2.row,
    ch4: ch4.row,
    n2o: n2o.row,
    co2Zero: co2.zero,
    ch4Zero: ch4.zero,
    n2oZero: n2o.zero,
    scale,
    offset,
  };
  const fill = (i: number) => {
    for (let k = 0; k < 3; k++) {
      const { series, row } = all[k];
      if (series) row.fill(series[i]);
    }
  };
  if (fromReference)
    return (i, out) => {
      fill(i);
      rows.meinshausen(out, type, from);
    };
  const [c, m4, n, c0, m0, n0] = [from.co2, from.ch4, from.n2o, from.co2Zero, from.ch4Zero, from.n2oZero];
  return (i, out) => {
    fill(i);
    for (let m = 0; m < members; m++) out[m] = formula(c[m], m4[m], n[m], c0[m], m0[m], n0[m]) * scale[m] - offset[m];
  };
}
