// The levers as sliders: each a range, a unit, a place where it starts, and what it means to the scenario maker. The first three are shown, the rest unfold.
import type { Levers } from '@madang/climate';

/** Years over which warming is counted from zero. */
export const REFERENCE = [1850, 1900] as const;

/** Year whose emissions are said beside the picture. */
export const EMISSIONS_YEAR = 2050;

export interface Slider {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  /** Value that changes nothing. */
  readonly idle: number;
  /** Value for the table of what each lever does alone. */
  readonly example: number;
  readonly hint: string;
}

export const SLIDERS: readonly Slider[] = [
  {
    key: 'price',
    label: 'Carbon price by 2050',
    unit: 'US dollars a tonne of CO₂',
    low: 0,
    high: 500,
    step: 10,
    idle: 0,
    example: 200,
    hint: 'rises in a line from 2026; equipment follows with a delay',
  },
  {
    key: 'coal',
    label: 'Last year of coal',
    unit: 'year; 2100 is no phase-out',
    low: 2030,
    high: 2100,
    step: 1,
    idle: 2100,
    example: 2040,
    hint: 'falls in a line from 2026; gas replaces part of the energy',
  },
  {
    key: 'methane',
    label: 'Methane cut by 2040',
    unit: 'per cent of human methane',
    low: 0,
    high: 50,
    step: 1,
    idle: 0,
    example: 30,
    hint: 'never more than studies hold possible',
  },
  {
    key: 'air',
    label: 'Captured from the air by 2060',
    unit: 'Gt of CO₂ a year',
    low: 0,
    high: 20,
    step: 0.5,
    idle: 0,
    example: 5,
    hint: 'costs energy, and a little leaks back',
  },
  {
    key: 'source',
    label: 'Captured at chimneys by 2050',
    unit: 'Gt of CO₂ a year',
    low: 0,
    high: 15,
    step: 0.5,
    idle: 0,
    example: 5,
    hint: 'cannot take more than is emitted',
  },
  {
    key: 'forest',
    label: 'New forest until 2060',
    unit: 'million hectares a year',
    low: 0,
    high: 30,
    step: 1,
    idle: 0,
    example: 10,
    hint: 'takes up CO₂ for 30 years; fire and felling return some',
  },
  {
    key: 'deforestation',
    label: 'Less deforestation by 2040',
    unit: 'per cent',
    low: 0,
    high: 100,
    step: 5,
    idle: 0,
    example: 80,
    hint: 'of what the scenario still clears',
  },
];

export type LeverValues = Readonly<Record<string, number>>;

export const idleValues: LeverValues = Object.fromEntries(SLIDERS.map(s => [s.key, s.idle]));

const FROM = 2026;

/** What the sliders say to the scenario maker. A slider at rest is left out. */
export function leversOf(v: LeverValues): Levers {
  const capture = [
    { key: 'air', by: 2060, atmospheric: true },
    { key: 'source', by: 2050, atmospheric: false },
  ].filter(c => v[c.key] > 0);
  return {
    ...(v['price'] > 0 ? { carbonPrice: { from: FROM, by: 2050, usdPerTonne: v['price'] } } : {}),
    ...(v['coal'] < 2100 ? { coal: { from: FROM, by: v['coal'] } } : {}),
    ...(v['methane'] > 0 ? { methane: { from: FROM, by: 2040, cut: v['methane'] / 100 } } : {}),
    ...(capture.length > 0
      ? { capture: capture.map(c => ({ from: FROM, by: c.by, gtPerYear: v[c.key], atmospheric: c.atmospheric })) }
      : {}),
    ...(v['forest'] > 0 ? { forests: { from: FROM, by: 2060, newMhaPerYear: v['forest'] } } : {}),
    ...(v['deforestation'] > 0 ? { deforestation: { from: FROM, by: 2040, cut: v['deforestation'] / 100 } } : {}),
  };
}

/** Values out of an address's query; what is not a number, or out of range, is at rest. */
export function valuesFrom(get: (key: string) => string | null | undefined): LeverValues {
  return Object.fromEntries(
    SLIDERS.map(s => {
      const text = get(s.key);
      const x = text === null || text === undefined || text.trim() === '' ? Number.NaN : Number(text);
      return [s.key, x >= s.low && x <= s.high ? x : s.idle];
    }),
  );
}
