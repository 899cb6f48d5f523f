// What capturing a tonne costs, part by part, from open assumptions. Money in one currency of one year; energy carries its own emissions, so the
// cost of a tonne avoided is more than that of a tonne captured.

export interface CostAssumptions {
  readonly capturedTonnesYear: number;
  /** Equipment by name: what it costs installed and how long it lasts. */
  readonly equipment: readonly { readonly name: string; readonly cost: number; readonly lifeYears: number }[];
  /** Real discount rate a year, e.g. 0.08. */
  readonly discountRate: number;
  /** Fixed operation and maintenance a year, as a share of all equipment cost. */
  readonly fixedShareYear: number;
  readonly electricityKwhTonne: number;
  readonly electricityPriceMwh: number;
  readonly electricityKgCo2Mwh: number;
  readonly heatKwhTonne: number;
  readonly heatPriceMwh: number;
  readonly heatKgCo2Mwh: number;
  /** Sorbent or solvent in use, its price and life; `lossKgTonne` is what is used up for each tonne captured beside that. */
  readonly sorbent: {
    readonly inventoryKg: number;
    readonly priceKg: number;
    readonly lifeYears: number;
    readonly lossKgTonne: number;
  };
  /** Below 0 where somebody pays for the CO2. */
  readonly transportTonne: number;
  readonly storageTonne: number;
}

export interface CaptureCost {
  /** Per tonne captured; the parts add up to `perTonneCaptured`. */
  readonly parts: readonly { readonly name: string; readonly perTonne: number }[];
  readonly perTonneCaptured: number;
  /** Undefined when the energy emits as much as is captured. */
  readonly perTonneAvoided: number | undefined;
  readonly avoidedShare: number;
}

/** Yearly payment for a loan of 1 at rate r over n years. */
export const annuity = (rate: number, years: number): number =>
  rate === 0 ? 1 / years : rate / -Math.expm1(-years * Math.log1p(rate));

/** Throws RangeError naming the assumption that cannot be. */
export function captureCost(a: CostAssumptions): CaptureCost {
  const must = (ok: boolean, name: string, value: number) => {
    if (!ok || !Number.isFinite(value)) throw new RangeError(`capture cost: ${name} cannot be ${value}`);
  };
  must(a.capturedTonnesYear > 0, 'capturedTonnesYear', a.capturedTonnesYear);
  for (const name of ['discountRate', 'fixedShareYear'] as const)
    must(a[name] >= 0 && a[name] < 1, `${name} (a share, 0.05 for 5 %)`, a[name]);
  // Below 0 where somebody pays for the CO2.
  for (const name of ['transportTonne', 'storageTonne'] as const) must(true, name, a[name]);
  must(a.sorbent.lifeYears > 0, 'sorbent.lifeYears', a.sorbent.lifeYears);
  for (const name of ['inventoryKg', 'priceKg', 'lossKgTonne'] as const)
    must(a.sorbent[name] >= 0, `sorbent.${name}`, a.sorbent[name]);
  for (const name of [
    'electricityKwhTonne',
    'electricityPriceMwh',
    'electricityKgCo2Mwh',
    'heatKwhTonne',
    'heatPriceMwh',
    'heatKgCo2Mwh',
  ] as const)
    must(a[name] >= 0, name, a[name]);
  for (const e of a.equipment) {
    must(e.cost >= 0, `the cost of "${e.name}"`, e.cost);
    must(e.lifeYears > 0, `the lifeYears of "${e.name}"`, e.lifeYears);
  }
  const yearly = (cost: number, life: number) => (cost * annuity(a.discountRate, life)) / a.capturedTonnesYear;
  const invested = a.equipment.reduce((s, e) => s + e.cost, 0);
  const parts = [
    ...a.equipment.map(e => ({ name: e.name, perTonne: yearly(e.cost, e.lifeYears) })),
    { name: 'operation and maintenance', perTonne: (a.fixedShareYear * invested) / a.capturedTonnesYear },
    { name: 'electricity', perTonne: (a.electricityKwhTonne / 1000) * a.electricityPriceMwh },
    { name: 'heat', perTonne: (a.heatKwhTonne / 1000) * a.heatPriceMwh },
    {
      name: 'sorbent',
      perTonne:
        yearly(a.sorbent.inventoryKg * a.sorbent.priceKg, a.sorbent.lifeYears) +
        a.sorbent.lossKgTonne * a.sorbent.priceKg,
    },
    { name: 'transport', perTonne: a.transportTonne },
    { name: 'storage', perTonne: a.storageTonne },
  ];
  const perTonneCaptured = parts.reduce((s, p) => s + p.perTonne, 0);
  const avoidedShare = 1 - (a.electricityKwhTonne * a.electricityKgCo2Mwh + a.heatKwhTonne * a.heatKgCo2Mwh) / 1e6;
  return {
    parts,
    perTonneCaptured,
    perTonneAvoided: avoidedShare > 0 ? perTonneCaptured / avoidedShare : undefined,
    avoidedShare,
  };
}
