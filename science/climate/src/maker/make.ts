// From levers to emissions (part of the scenario maker). Order: price, coal, capture at the source, then what leaves the air; each lever acts
// on what the ones before it left, so that nothing is cut twice, and the ledger says what each did. Removals are negative emissions;
// what leaks or burns comes back as emissions in the year it does.
import { ClimateError } from '../error.ts';
import type { Drivers } from '../fair/drivers.ts';
import type { Species } from '../fair/species.ts';
import { ELASTICITIES, type Elasticities, type Levers } from './levers.ts';

export type LedgerEntry =
  | 'carbonPrice'
  | 'coal'
  | 'captureAtSource'
  | 'captureFromAir'
  | 'leaks'
  | 'newForest'
  | 'reversal'
  | 'deforestation'
  | 'methane'
  | 'coEmitted';

export interface Made {
  readonly drivers: Drivers;
  /** Change each lever makes, by step: Gt CO2/yr; methane in Mt CH4/yr. Negative is less emitted. `coEmitted` is methane that falls with fossil fuel. */
  readonly ledger: Readonly<Record<LedgerEntry, Float64Array>>;
}

/** Applies levers to drivers by emissions. Throws `missing-series` if the run has no fossil or land-use CO2. */
export function make(
  base: Drivers,
  species: readonly Species[],
  levers: Levers,
  given: Partial<Elasticities> = {},
): Made {
  const e = { ...ELASTICITIES, ...given };
  const find = (type: Species['type']) => species.findIndex(s => s.type === type && s.inputMode === 'emissions');
  const fossil = find('co2 ffi');
  const land = find('co2 afolu');
  const methane = find('ch4');
  const seriesOf = (i: number, what: string) => {
    const s = base.series[i];
    if (!s) throw new ClimateError('missing-series', `the scenario maker needs ${what} driven by emissions`);
    return s;
  };
  const fossilBase = seriesOf(fossil, 'fossil CO2');
  const landBase = seriesOf(land, 'land-use CO2');
  const count = fossilBase.length;
  const { start, stepYears } = base.time;
  const empty = () => new Float64Array(count);
  const ledger: Record<LedgerEntry, Float64Array> = {
    carbonPrice: empty(),
    coal: empty(),
    captureAtSource: empty(),
    captureFromAir: empty(),
    leaks: empty(),
    newForest: empty(),
    reversal: empty(),
    deforestation: empty(),
    methane: empty(),
    coEmitted: empty(),
  };
  const fossilNow = fossilBase.slice();
  const landNow = landBase.slice();
  const burned = new Float64Array(count).fill(1);
  let followed = 0;
  let stored = 0;
  let forest = 0;
  for (let i = 0; i < count; i++) {
    const year = Math.floor(start + (i + 0.5) * stepYears);
    const emitted = Math.max(0, fossilBase[i]);
    const wanted = priceCut(year, levers, e);
    followed += (wanted - followed) * (1 - Math.exp(-stepYears / e.priceLagYr));
    ledger.carbonPrice[i] = -emitted * followed;
    const left = emitted + ledger.carbonPrice[i];
    const coalGone = levers.coal ? ramp(year, levers.coal.from, levers.coal.by) * (1 - (levers.coal.share ?? 0)) : 0;
    // The price hits coal first: what it cut is not coal that the phase-out can end again.
    const coalLeft = Math.max(0, emitted * e.coalShare + ledger.carbonPrice[i]);
    ledger.coal[i] = -coalLeft * coalGone * (1 - e.coalReplaced);
    let remaining = left + ledger.coal[i];
    burned[i] = emitted > 0 ? remaining / emitted : 1;
    for (const c of levers.capture ?? []) {
      const gross = c.gtPerYear * ramp(year, c.from, c.by);
      const net = gross * (1 - e.capturePenalty);
      const taken = c.atmospheric ? net : Math.min(net, Math.max(0, remaining));
      ledger[c.atmospheric ? 'captureFromAir' : 'captureAtSource'][i] -= taken;
      if (!c.atmospheric) remaining -= taken;
      stored += taken * stepYears;
    }
    ledger.leaks[i] = stored * e.storageLeak;
    stored -= ledger.leaks[i] * stepYears;
    fossilNow[i] +=
      ledger.carbonPrice[i] + ledger.coal[i] + ledger.captureAtSource[i] + ledger.captureFromAir[i] + ledger.leaks[i];

    const f = levers.forests;
    if (f) {
      const youngMha =
        f.newMhaPerYear * Math.max(0, Math.min(year + 1, f.by + 1) - Math.max(f.from, year + 1 - e.forestYears));
      const uptake = (youngMha * e.forestUptake) / 1000;
      ledger.newForest[i] = -uptake;
      ledger.reversal[i] = forest * e.forestHazard;
      forest += (uptake - ledger.reversal[i]) * stepYears;
    }
    const d = levers.deforestation;
    if (d) ledger.deforestation[i] = -Math.max(0, landBase[i]) * d.cut * ramp(year, d.from, d.by);
    landNow[i] += ledger.newForest[i] + ledger.reversal[i] + ledger.deforestation[i];
  }

  const series = base.series.slice();
  series[fossil] = fossilNow;
  series[land] = landNow;
  for (const [i, s] of species.entries()) {
    const share = e.coEmitted[s.name] ?? 0;
    const own = base.series[i];
    if (!own || s.inputMode !== 'emissions' || i === fossil || i === land) continue;
    if (share === 0 && i !== methane) continue;
    series[i] = own.map((v, t) => {
      const withFuel = v * share * (1 - burned[t]);
      if (i !== methane) return v - withFuel;
      ledger.coEmitted[t] = -withFuel;
      const year = Math.floor(start + (t + 0.5) * stepYears);
      const m = levers.methane;
      const most = v * e.methaneHuman * e.methaneMost;
      const asked = m ? v * e.methaneHuman * m.cut * ramp(year, m.from, m.by) : 0;
      // Both together never cut more than can be cut.
      ledger.methane[t] = -Math.max(0, Math.min(asked, Math.max(most, 0) - withFuel));
      return v - withFuel + ledger.methane[t];
    });
  }
  return { drivers: { ...base, scenario: `${base.scenario} with policies`, series }, ledger };
}

/** Share of fossil CO2 that the year's price would cut in the end. */
function priceCut(year: number, levers: Levers, e: Elasticities): number {
  const p = levers.carbonPrice;
  if (!p) return 0;
  const price = p.usdPerTonne * ramp(year, p.from, p.by);
  const backstop = e.backstopUsd * (1 - e.backstopFall) ** Math.max(0, year - e.backstopYear);
  return Math.min(1, (Math.max(0, price) / backstop) ** (1 / (e.abatementExponent - 1)));
}

/** 0 before `from`, 1 from `by` on, a line between. */
function ramp(year: number, from: number, by: number): number {
  return by <= from ? (year >= by ? 1 : 0) : Math.min(1, Math.max(0, (year - from) / (by - from)));
}
