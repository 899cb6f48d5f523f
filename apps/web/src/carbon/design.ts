// What a reader of /carbon can set: the sorbent as a chemist knows it (what it holds, at which pressure it is half full, its heat), the cycle, and the
// prices; and how that becomes what the column takes. The same code answers at the hub and in the reader's browser.
import {
  type Bed,
  type CaptureCost,
  captureCost,
  checkOperation,
  loading,
  type Operation,
  type Sorbent,
  type Steady,
  steadyState,
} from '@madang/carbon';

export interface Field {
  readonly key: string;
  readonly group: 'sorbent' | 'cycle' | 'cost';
  readonly label: string;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  readonly start: number;
}

const field = (
  group: Field['group'],
  key: string,
  label: string,
  unit: string,
  [low, high, step, start]: readonly [number, number, number, number],
): Field => ({ key, group, label, unit, low, high, step, start });

/** Start values: a zeolite of the size of 13X in rounded numbers, and prices invented as round ones. */
export const FIELDS: readonly Field[] = [
  field('sorbent', 'qco2', 'Most CO₂ it holds', 'mol/kg', [0.5, 12, 0.1, 5.5]),
  field('sorbent', 'half', 'Half full of CO₂ at', 'kPa, at feed temperature', [0.5, 500, 0.5, 5]),
  field('sorbent', 'heat', 'Heat of CO₂', 'kJ/mol', [15, 60, 1, 36]),
  field('sorbent', 'qn2', 'Most N₂ it holds', 'mol/kg', [0.1, 12, 0.1, 5.8]),
  field('sorbent', 'halfn2', 'Half full of N₂ at', 'kPa, at feed temperature', [100, 50_000, 100, 2500]),
  field('sorbent', 'heatn2', 'Heat of N₂', 'kJ/mol', [5, 25, 0.5, 16]),
  field('sorbent', 'density', 'Density of a particle', 'kg/m³', [300, 2000, 10, 1130]),
  field('cycle', 'co2', 'CO₂ in the feed', 'per cent', [3, 60, 1, 15]),
  field('cycle', 'high', 'High pressure', 'kPa', [100, 1000, 10, 100]),
  field('cycle', 'low', 'Low pressure', 'kPa', [1, 50, 0.5, 3]),
  field('cycle', 'feed', 'Feed velocity', 'm/s between the particles', [0.1, 2, 0.05, 1]),
  field('cycle', 'adsorb', 'Adsorption', 'seconds', [10, 600, 5, 150]),
  field('cycle', 'heavytime', 'Heavy reflux', 'seconds', [0, 300, 5, 60]),
  field('cycle', 'lighttime', 'Light reflux', 'seconds', [0, 300, 5, 80]),
  field('cycle', 'heavy', 'Share of the purge fed again', 'per cent', [0, 95, 1, 70]),
  field('cycle', 'light', 'Share of the light product that purges', 'per cent', [0, 40, 0.5, 3]),
  field('cost', 'power', 'Electricity', 'dollars/MWh', [0, 300, 5, 70]),
  field('cost', 'grid', 'Its emissions', 'kg CO₂/MWh', [0, 1000, 10, 200]),
  field('cost', 'price', 'Sorbent', 'dollars/kg', [0.5, 100, 0.5, 3]),
  field('cost', 'life', 'Sorbent lasts', 'years', [0.5, 15, 0.5, 5]),
  field('cost', 'plant', 'Columns and pumps', 'dollars per kg of sorbent', [0, 2000, 10, 300]),
  field('cost', 'rate', 'Discount rate', 'per cent a year', [0, 20, 0.5, 8]),
  field('cost', 'store', 'Transport and storage', 'dollars/t', [0, 150, 1, 20]),
];

export type Values = Readonly<Record<string, number>>;

export const startValues: Values = Object.fromEntries(FIELDS.map(f => [f.key, f.start]));

/** Values out of an address's query; what is no number, or out of range, stays at its start. */
export function designFrom(get: (key: string) => string | null | undefined): Values {
  return Object.fromEntries(
    FIELDS.map(f => {
      const text = get(f.key);
      const x = text === null || text === undefined || text.trim() === '' ? Number.NaN : Number(text);
      return [f.key, x >= f.low && x <= f.high ? x : f.start];
    }),
  );
}

/** Names of the fields whose values differ from the start, as an address's query. */
export function queryOf(v: Values): string {
  return FIELDS.filter(f => v[f.key] !== f.start)
    .map(f => `${f.key}=${v[f.key]}`)
    .join('&');
}

/** What the page does not ask for: a bed of a metre, gas and particles of the size of Haghpanah et al. 2013, Ind. Eng. Chem. Res. 52, 4249. */
export const FIXED = {
  feedK: 313,
  viscosityPaS: 1.7e-5,
  voidFraction: 0.37,
  diffusivityM2S: 1.3e-5,
  conductivityWMK: 0.09,
  cpGasJMolK: 30.7,
  cpAdsorbedJMolK: 30.7,
  particleRadiusM: 0.001,
  cpSolidJKgK: 1070,
  driving: [0.16, 0.2],
  lengthM: 1,
  pressureRate: 0.5,
  gasConstant: 8.314,
  compressorEfficiency: 0.72,
  adiabaticIndex: 1.4,
} as const satisfies Omit<Bed, 'feedCo2'>;
export const PRESSURISATION_S = 20;
export const BLOWDOWN_S = 30;
const PLANT_YEARS = 20;
const MAINTENANCE_SHARE = 0.04;
/** Hours a year that the plant runs. */
const HOURS_YEAR = 8000;

export interface Design {
  readonly bed: Bed;
  readonly sorbent: Sorbent;
  readonly operation: Operation;
}

/** `own`: a sorbent of the reader's, in place of the fields'. */
export function designOf(v: Values, own?: Sorbent): Design {
  const rt = FIXED.gasConstant * FIXED.feedK;
  const affinity = (halfKpa: number, heatKj: number) => Math.exp((-1000 * heatKj) / rt) / (1000 * halfKpa);
  const heats = [-1000 * v['heat'], -1000 * v['heatn2']] as const;
  return {
    bed: { ...FIXED, feedCo2: v['co2'] / 100 },
    sorbent: own ?? {
      name: 'as set',
      isotherm: {
        kind: 'dual-site Langmuir',
        basis: 'pressure',
        qsb: [v['qco2'], v['qn2']],
        qsd: [0, 0],
        b0: [affinity(v['half'], v['heat']), affinity(v['halfn2'], v['heatn2'])],
        d0: [0, 0],
        dUb: heats,
        dUd: [0, 0],
      },
      particleDensityKgM3: v['density'],
      heatJMol: heats,
    },
    operation: {
      highPa: 1000 * v['high'],
      lowPa: 1000 * v['low'],
      feedMS: v['feed'],
      pressurisationS: PRESSURISATION_S,
      adsorptionS: v['adsorb'],
      heavyRefluxS: v['heavytime'],
      blowdownS: BLOWDOWN_S,
      lightRefluxS: v['lighttime'],
      lightReflux: v['light'] / 100,
      heavyReflux: v['heavy'] / 100,
    },
  };
}

/** Loading of one gas alone over pressure: kPa, mol/kg. */
export type Isotherms = readonly { readonly kpa: number; readonly co2: number; readonly n2: number }[];

export interface CarbonAnswer {
  readonly values: Values;
  /** A sorbent of the reader's; the values' own sorbent has then no part in the answer. */
  readonly own?: Sorbent;
  readonly steady:
    | Omit<Extract<Steady, { converged: true }>, 'profile' | 'flows'>
    | Extract<Steady, { converged: false }>;
  /** Only of a column that converged. */
  readonly cost?: CaptureCost;
  readonly isotherms: Isotherms;
  readonly milliseconds: number;
}

/** Runs the column. `clock` in milliseconds. A design that cannot be run is an answer without convergence that says why. */
export function carbonAnswer(values: Values, clock: () => number, own?: Sorbent): CarbonAnswer {
  const started = clock();
  const { bed, sorbent, operation } = designOf(values, own);
  const asked = { values, ...(own ? { own } : {}) };
  const impossible = checkOperation(operation);
  const none = { cycles: 0, change: Number.NaN, massError: Number.NaN, energyError: Number.NaN };
  const full: Steady = impossible
    ? { converged: false, why: impossible, ...none }
    : steadyState(bed, sorbent, operation);
  const top = Math.max(values['high'], 100);
  const isotherms = Array.from({ length: 41 }, (_, i) => {
    const kpa = (top * i) / 40;
    return {
      kpa,
      co2: loading(sorbent.isotherm, bed.feedK, 1000 * kpa, 0)[0],
      n2: loading(sorbent.isotherm, bed.feedK, 0, 1000 * kpa)[1],
    };
  });
  if (!full.converged) return { ...asked, steady: full, isotherms, milliseconds: clock() - started };
  const { profile: _profile, flows: _flows, ...steady } = full;
  return {
    ...asked,
    steady,
    cost: costOf(values, steady.productivityMolKgH, steady.energyKwhPerTonne),
    isotherms,
    milliseconds: clock() - started,
  };
}

/** Cost for a kilogram of sorbent's yearly catch, which scales to any plant. */
export function costOf(v: Values, productivityMolKgH: number, energyKwhPerTonne: number): CaptureCost {
  return captureCost({
    capturedTonnesYear: productivityMolKgH * HOURS_YEAR * 44.01e-6,
    equipment: [{ name: 'columns and pumps', cost: v['plant'], lifeYears: PLANT_YEARS }],
    discountRate: v['rate'] / 100,
    fixedShareYear: MAINTENANCE_SHARE,
    electricityKwhTonne: energyKwhPerTonne,
    electricityPriceMwh: v['power'],
    electricityKgCo2Mwh: v['grid'],
    heatKwhTonne: 0,
    heatPriceMwh: 0,
    heatKgCo2Mwh: 0,
    sorbent: { inventoryKg: 1, priceKg: v['price'], lifeYears: v['life'], lossKgTonne: 0 },
    transportTonne: 0,
    storageTonne: v['store'],
  });
}
