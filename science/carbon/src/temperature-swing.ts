// Temperature-swing adsorption without space: one well-mixed bed at equilibrium, four steps (Joss et al., Ind. Eng. Chem. Res. 54, 3027, 2015,
// as closed in IDAES's fixed bed model, whose published cases are the reference).
import { type Isotherm, loading, R_EXACT as R } from './isotherms.ts';
import { cooling, heating } from './swing-steps.ts';

export interface SwingSorbent {
  readonly isotherm: Isotherm;
  readonly bedVoidage: number;
  readonly particleVoidage: number;
  readonly heatTransferWM2K: number;
  readonly cpSolidJKgK: number;
  readonly solidKgM3: number;
  readonly particleDiameterM: number;
  /** Heats of adsorption, negative, J/mol. */
  readonly heatJMol: readonly [co2: number, n2: number];
}

export interface SwingDesign {
  readonly feedCo2MolS: number;
  readonly feedN2MolS: number;
  readonly pressurePa: number;
  readonly adsorptionK: number;
  readonly desorptionK: number;
  readonly heatingK: number;
  readonly coolingK: number;
  readonly bedDiameterM: number;
  readonly bedHeightM: number;
  /** Beds adsorbing at one time, or the pressure drop (Pa, positive) from which Ergun's equation gives their number. */
  readonly beds: { readonly count: number } | { readonly pressureDropPa: number };
}

export interface SwingPlant {
  readonly viscosityPaS: number;
  readonly wallHeatJM3K: number;
  readonly wallThicknessOnDiameterM: number;
  readonly molarKg: readonly [co2: number, n2: number];
  /** Mole fractions enter the isotherm as (y + sqrt(y^2 + smoothing^2)) / 2; 0 for none. */
  readonly smoothing: number;
}

export interface SwingResult {
  readonly velocityMS: number;
  readonly bedsAdsorbing: number;
  readonly bedsDesorbing: number;
  readonly heatingS: number;
  readonly coolingS: number;
  readonly pressurisationS: number;
  readonly adsorptionS: number;
  readonly cycleH: number;
  readonly purity: number;
  readonly recovery: number;
  readonly productivityKgTH: number;
  readonly thermalMjKg: number;
  readonly richCo2MolS: number;
  readonly richN2MolS: number;
  readonly leanCo2MolS: number;
  readonly leanN2MolS: number;
  readonly coolingEndPa: number;
  readonly heatingEndCo2: number;
}

/** Runs the cycle. Throws RangeError naming what cannot be. */
export function temperatureSwing(s: SwingSorbent, d: SwingDesign, plant: SwingPlant): SwingResult {
  check(s, d, plant);
  const voidage = s.bedVoidage + s.particleVoidage * (1 - s.bedVoidage);
  const bulk = s.solidKgM3 * (1 - voidage);
  const area = (Math.PI * d.bedDiameterM ** 2) / 4;
  const exchange = (s.heatTransferWM2K * 4) / d.bedDiameterM;
  const total = d.feedCo2MolS + d.feedN2MolS;
  const feed = d.feedCo2MolS / total;
  const P = d.pressurePa;
  const Ta = d.adsorptionK;
  const perBed = (P * area * voidage) / (R * Ta);
  const velocity =
    'count' in d.beds ? total / (d.beds.count * perBed) : ergunVelocity(s, d, plant, feed, d.beds.pressureDropPa);
  const bedsAdsorbing = total / (velocity * perBed);
  const part = (y: number) => 0.5 * (y + Math.sqrt(y * y + plant.smoothing ** 2));
  const q = (k: number, pa: number, y: number) => loading(s.isotherm, k, pa * part(y), pa * part(1 - y));

  const heat = heating(s, d, { voidage, bulk, exchange, feed, q });
  const cool = cooling(s, d, { voidage, bulk, exchange, feed, q }, heat.co2);

  // Pressurisation with feed at constant temperature: the composition at which the CO2 balance closes.
  const ratio = (bulk * R * Ta) / voidage;
  const open = (y: number) => {
    const [a, b] = q(Ta, P, y);
    const d1 = a - cool.q[0];
    const d2 = b - cool.q[1];
    return ratio * (d1 - feed * (d1 + d2)) + (y * P - cool.co2 * cool.pa) - feed * (P - cool.pa);
  };
  const start = bisect(open, 0, 1);
  const q0 = q(Ta, P, start);
  const pressurisationS =
    (d.bedHeightM / velocity) * ((ratio / P) * (q0[0] + q0[1] - cool.q[0] - cool.q[1]) + 1 - cool.pa / P);
  // Adsorption: a shock from the pressurised state to the feed.
  const q1 = q(Ta, P, feed);
  const gain = q1[0] - q0[0] - start * (q1[0] + q1[1] - q0[0] - q0[1]);
  const adsorptionS = (d.bedHeightM / velocity) * (1 + ((ratio / P) * gain) / (feed - start));

  const volume = area * d.bedHeightM;
  const co2In = (pressurisationS + adsorptionS) * area * velocity * voidage * ((P * feed) / (R * Ta));
  const co2Out = heat.outCo2 * volume;
  const purity = heat.outCo2 / heat.out;
  const recovery = co2Out / co2In;
  const cycleS = heat.seconds + cool.seconds + pressurisationS + adsorptionS;
  const rise = d.desorptionK - Ta;
  const outer = d.bedDiameterM + plant.wallThicknessOnDiameterM;
  const wall = (Math.PI / 4) * (outer ** 2 - d.bedDiameterM ** 2) * d.bedHeightM * plant.wallHeatJM3K * rise;
  const released = s.heatJMol[0] * (q1[0] - heat.q[0]) + s.heatJMol[1] * (q1[1] - heat.q[1]);
  const thermalJ = volume * bulk * (s.cpSolidJKgK * rise - released) + wall;
  const richCo2 = d.feedCo2MolS * recovery;
  const richN2 = richCo2 * (1 / purity - 1);
  return {
    velocityMS: velocity,
    bedsAdsorbing,
    bedsDesorbing: (bedsAdsorbing * (heat.seconds + cool.seconds)) / (adsorptionS + pressurisationS),
    heatingS: heat.seconds,
    coolingS: cool.seconds,
    pressurisationS,
    adsorptionS,
    cycleH: cycleS / 3600,
    purity,
    recovery,
    productivityKgTH: (co2Out * plant.molarKg[0]) / ((bulk * volume) / 1000) / (cycleS / 3600),
    thermalMjKg: thermalJ / 1e6 / (co2Out * plant.molarKg[0]),
    richCo2MolS: richCo2,
    richN2MolS: richN2,
    leanCo2MolS: d.feedCo2MolS - richCo2,
    leanN2MolS: d.feedN2MolS - richN2,
    coolingEndPa: cool.pa,
    heatingEndCo2: heat.co2,
  };
}

function ergunVelocity(s: SwingSorbent, d: SwingDesign, plant: SwingPlant, feed: number, drop: number): number {
  const e = s.bedVoidage;
  const density = (d.pressurePa / (R * d.adsorptionK)) * (feed * plant.molarKg[0] + (1 - feed) * plant.molarKg[1]);
  const viscous = (150 * plant.viscosityPaS * (1 - e) ** 2) / (e ** 3 * s.particleDiameterM ** 2);
  const inertial = (1.75 * (1 - e) * density) / (e ** 3 * s.particleDiameterM);
  const g = drop / d.bedHeightM;
  return (2 * g) / (viscous + Math.sqrt(viscous ** 2 + 4 * inertial * g));
}

function bisect(f: (x: number) => number, a: number, b: number): number {
  let low = a;
  let high = b;
  const rising = f(low) < f(high);
  for (let i = 0; i < 200 && high - low > 1e-15 * (1 + high); i++) {
    const middle = (low + high) / 2;
    if (f(middle) < 0 === rising) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Least and most that any plant or sorbent can have: wide, but close enough to see a slip of units. */
type Range = readonly [what: string, value: number, least: number, most: number, unit: string];

function ranges(s: SwingSorbent, d: SwingDesign, plant: SwingPlant): Range[] {
  return [
    ['pressure', d.pressurePa, 1000, 1e7, 'Pa'],
    ...(
      [
        ['adsorption', d.adsorptionK],
        ['desorption', d.desorptionK],
        ['heating', d.heatingK],
        ['cooling', d.coolingK],
      ] as const
    ).map(([what, k]): Range => [`temperature of ${what}`, k, 150, 1000, 'K']),
    ['flow of CO2', d.feedCo2MolS, 0, 1e7, 'mol/s'],
    ['flow of N2', d.feedN2MolS, 0, 1e7, 'mol/s'],
    ['bed diameter', d.bedDiameterM, 0.001, 100, 'm'],
    ['bed height', d.bedHeightM, 0.005, 100, 'm'],
    ['particle diameter', s.particleDiameterM, 1e-5, 0.1, 'm'],
    ['density of the solid', s.solidKgM3, 50, 25_000, 'kg/m3'],
    ['heat capacity of the solid', s.cpSolidJKgK, 50, 1e4, 'J/kg/K'],
    ['heat transfer coefficient', s.heatTransferWM2K, 0.01, 1e5, 'W/m2/K'],
    ...s.heatJMol.map((h, i): Range => [`heat of adsorption of ${i === 0 ? 'CO2' : 'N2'}`, h, -300_000, 0, 'J/mol']),
    ['viscosity of the gas', plant.viscosityPaS, 1e-7, 1e-3, 'Pa s'],
    ['heat capacity of the wall', plant.wallHeatJM3K, 0, 1e8, 'J/m3/K'],
    ['wall thickness', plant.wallThicknessOnDiameterM, 0, 1, 'm'],
    ...plant.molarKg.map((m, i): Range => [`molar mass of ${i === 0 ? 'CO2' : 'N2'}`, m, 0.02, 0.06, 'kg/mol']),
  ];
}

/** Weakest heat of adsorption, J/mol: condensation alone sets free more. Exactly 0 is a gas that is not asked about. */
const WEAKEST = 1000;

function check(s: SwingSorbent, d: SwingDesign, plant: SwingPlant): void {
  const must = (ok: boolean, what: string) => {
    if (!ok) throw new RangeError(`temperature swing: ${what}`);
  };
  for (const [what, x, least, most, unit] of ranges(s, d, plant))
    must(x >= least && x <= most, `${what} of ${x} ${unit}; it must be between ${least} and ${most} ${unit}`);
  for (const h of s.heatJMol) must(h === 0 || h <= -WEAKEST, `heat of adsorption of ${h} J/mol; is it in kJ/mol?`);
  must(d.feedCo2MolS > 0 && d.feedN2MolS > 0, 'both CO2 and N2 must be fed');
  must(
    d.desorptionK > d.adsorptionK,
    `desorption (${d.desorptionK} K) must be warmer than adsorption (${d.adsorptionK} K)`,
  );
  must(
    d.heatingK > d.desorptionK,
    `the heating fluid (${d.heatingK} K) must be warmer than desorption (${d.desorptionK} K)`,
  );
  must(
    d.coolingK < d.adsorptionK,
    `the cooling fluid (${d.coolingK} K) must be colder than adsorption (${d.adsorptionK} K)`,
  );
  must(
    'count' in d.beds ? d.beds.count > 0 : d.beds.pressureDropPa > 0,
    'the number of beds, or the pressure drop in its place, must be above 0',
  );
  must(
    s.bedVoidage > 0 && s.bedVoidage < 1 && s.particleVoidage >= 0 && s.particleVoidage < 1,
    'voidages lie between 0 and 1',
  );
}
