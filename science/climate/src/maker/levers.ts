// The levers of the scenario maker and the elasticities that turn them into emissions. Every number is here, with where it comes from, and
// every one can be replaced by the caller: they are assumptions to be argued about, not findings of this model.

/** A carbon price rises in a line from 0 in `from` to `usdPerTonne` in `by`, then stays. 2020 US dollars per tonne of CO2. */
export interface CarbonPrice {
  readonly from: number;
  readonly by: number;
  readonly usdPerTonne: number;
}

/** Coal's emissions fall in a line from `from` and end in `by` (or reach `share` of what they were, if given). */
export interface CoalPhaseOut {
  readonly from: number;
  readonly by: number;
  readonly share?: number;
}

/** Capture grows in a line to `gtPerYear` in `by`; `atmospheric` (air capture, bioenergy) can take emissions below zero, point sources cannot. */
export interface Capture {
  readonly from: number;
  readonly by: number;
  readonly gtPerYear: number;
  readonly atmospheric: boolean;
}

/** New forest, million hectares a year from `from` to `by`. */
export interface Forests {
  readonly from: number;
  readonly by: number;
  readonly newMhaPerYear: number;
}

/** Deforestation falls in a line by `cut` (0 to 1) from `from` to `by`. */
export interface DeforestationCut {
  readonly from: number;
  readonly by: number;
  readonly cut: number;
}

/** Methane of human origin falls in a line by `cut` (0 to 1) from `from` to `by`. */
export interface MethaneCut {
  readonly from: number;
  readonly by: number;
  readonly cut: number;
}

export interface Levers {
  readonly carbonPrice?: CarbonPrice;
  readonly coal?: CoalPhaseOut;
  readonly capture?: readonly Capture[];
  readonly forests?: Forests;
  readonly deforestation?: DeforestationCut;
  readonly methane?: MethaneCut;
}

export interface Elasticities {
  /** Price at which fossil CO2 ends, 2020 USD/t, and its yearly fall; curve exponent: share cut = (price / backstop)^(1/(exponent - 1)). */
  readonly backstopUsd: number;
  readonly backstopFall: number;
  readonly backstopYear: number;
  readonly abatementExponent: number;
  /** Years (e-fold) in which equipment follows the price. */
  readonly priceLagYr: number;
  /** Coal's share of fossil CO2 at the start, and the part of its CO2 that gas emits in its place. */
  readonly coalShare: number;
  readonly coalReplaced: number;
  /** Energy for capture, Gt CO2 emitted per Gt captured; yearly share of what is stored that leaks. */
  readonly capturePenalty: number;
  readonly storageLeak: number;
  /** Uptake of new forest, t CO2/ha/yr, for so many years; yearly hazard that it burns, dies or is cut and its carbon returns. */
  readonly forestUptake: number;
  readonly forestYears: number;
  readonly forestHazard: number;
  /** Most of methane of human origin that can be cut. */
  readonly methaneMost: number;
  /** Methane of human origin as a share of emissions at the start, if the series holds natural emissions too. */
  readonly methaneHuman: number;
  /** Share of each co-emitted species that falls with fossil CO2, by name. */
  readonly coEmitted: Readonly<Record<string, number>>;
}

export interface Documented {
  readonly name: string;
  /** What it is, in plain words. */
  readonly meaning: string;
  readonly value: string;
  readonly unit: string;
  readonly source: string;
}

export const ELASTICITIES: Elasticities = {
  backstopUsd: 650,
  backstopFall: 0.005,
  backstopYear: 2015,
  abatementExponent: 2.6,
  priceLagYr: 10,
  coalShare: 0.41,
  coalReplaced: 0.25,
  capturePenalty: 0.1,
  storageLeak: 0.0001,
  forestUptake: 10,
  forestYears: 30,
  forestHazard: 0.005,
  methaneMost: 0.54,
  methaneHuman: 1,
  coEmitted: { Sulfur: 0.8, NOx: 0.7, BC: 0.3, OC: 0.1, CO: 0.35, VOC: 0.25, NH3: 0.02, N2O: 0.08, CH4: 0.3 },
};

/** The elasticities as a table for people: name, value, unit, source. */
export function documented(e: Elasticities): readonly Documented[] {
  const row = (name: string, meaning: string, value: number | string, unit: string, source: string): Documented => ({
    name,
    meaning,
    value: String(value),
    unit,
    source,
  });
  return [
    row(
      'backstopUsd',
      'price at which fossil CO2 ends',
      e.backstopUsd,
      '2020 USD/t CO2',
      'DICE-2016R2 (Nordhaus 2017, PNAS 114, 1518; pback): 550 in 2010 USD, times 1.182 (GDP deflator 2010 to 2020, BEA table 1.1.9)',
    ),
    row(
      'backstopFall',
      'yearly fall of that price',
      e.backstopFall,
      '1/yr',
      'DICE-2016R2 (gback): 2.5 % in five years',
    ),
    row(
      'backstopYear',
      'year in which that price begins',
      e.backstopYear,
      'year',
      'DICE-2016R2: year of its first period',
    ),
    row(
      'abatementExponent',
      'exponent of the cost of cutting emissions',
      e.abatementExponent,
      '1',
      'DICE-2016R2 (expcost2): cost = price of backstop x share^2.6 / 2.6',
    ),
    row(
      'priceLagYr',
      'years in which equipment follows the price',
      e.priceLagYr,
      'yr',
      'assumption: turnover of power plants and vehicles is 10 to 40 years',
    ),
    row(
      'coalShare',
      'coal in fossil CO2 at the start',
      e.coalShare,
      'of fossil CO2',
      'Global Carbon Budget 2023 (Friedlingstein et al., ESSD 15, 5301): coal 41 %',
    ),
    row(
      'coalReplaced',
      'part of coal CO2 that gas emits in its place',
      e.coalReplaced,
      'of coal CO2',
      'assumption: half of the energy from gas, which emits half as much',
    ),
    row(
      'capturePenalty',
      'CO2 emitted for the energy of capture',
      e.capturePenalty,
      't/t',
      'assumption, after IPCC 2005 special report on capture and storage: 10 to 40 % more energy',
    ),
    row(
      'storageLeak',
      'yearly leak from stores',
      e.storageLeak,
      '1/yr',
      '0.01 %, the rate often asked of stores; well regulated ones lose 0.0008 % (median, Alcalde et al. 2018, Nature Comm. 9, 2201)',
    ),
    row(
      'forestUptake',
      'uptake of new forest',
      e.forestUptake,
      't CO2/ha/yr',
      'within 4.5 to 40.7 of IPCC 2019 refinement; Cook-Patton et al. 2020, Nature 585, 545',
    ),
    row(
      'forestYears',
      'years for which new forest takes up CO2',
      e.forestYears,
      'yr',
      'Cook-Patton et al. 2020: first 30 years',
    ),
    row(
      'forestHazard',
      'yearly loss of new forest by fire, death and felling',
      e.forestHazard,
      '1/yr',
      'assumption: about 40 % of the stock lost in a century; set 0 for none',
    ),
    row(
      'methaneMost',
      'most of human methane that can be cut',
      e.methaneMost,
      'of human CH4',
      'Hoglund-Isaksson et al. 2020, Environ. Res. Comm. 2, 025004: 54 % below baseline by 2050',
    ),
    row(
      'methaneHuman',
      'human part of the methane emissions given',
      e.methaneHuman,
      'of the series',
      "FaIR's calibrated emissions hold human methane only",
    ),
    ...Object.entries(e.coEmitted).map(([s, v]) =>
      row(
        `coEmitted ${s}`,
        `${s} that falls with fossil CO2`,
        v,
        'of the species',
        'assumption: about the share that comes from fossil fuels; not read off a table (fuel totals: McDuffie et al. 2020, ESSD 12, 3413)',
      ),
    ),
  ];
}
