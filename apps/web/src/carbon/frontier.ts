// The trade-off curve of a sorbent: operating points of which none is better in purity, recovery and electricity at once. Sought on a coarse column, and every
// point run again on the full one; what has no answer there is left out and counted.
import {
  checkOperation,
  DEFAULTS,
  dominates,
  type Performance,
  type Sorbent,
  steadyState,
  tradeOff,
} from '@madang/carbon';
import { random } from '@madang/numerics';
import { costOf, designOf, FIELDS, type Values } from './design.ts';

/** What is varied, and within what; feed and high pressure stay as set. */
const RANGES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  low: [1.5, 20],
  feed: [0.3, 1.6],
  adsorb: [50, 350],
  heavytime: [20, 160],
  lighttime: [30, 160],
  heavy: [40, 95],
  light: [0.5, 12],
};
export const VARIED: readonly string[] = Object.keys(RANGES);
const SEARCH: { readonly population: number; readonly generations: number } = { population: 16, generations: 4 };
const COARSE = 10;

export interface FrontierPoint extends Performance {
  /** All fields of the page, so that the point can be taken over. */
  readonly values: Values;
  /** Dollars a tonne captured, at the page's prices. */
  readonly costTonne: number;
}

export interface Frontier {
  readonly points: readonly FrontierPoint[];
  readonly own?: Sorbent;
  /** Designs that the search ran, points run again in full, and those of them without an answer. */
  readonly tried: number;
  readonly again: number;
  readonly unanswered: number;
}

/** `tick` says which part of the work is done, 0 to 1. */
export function frontier(
  values: Values,
  own: Sorbent | undefined,
  tick: (done: number) => void,
  search = SEARCH,
): Frontier {
  const names = VARIED;
  const variables = names.map(name => ({
    name,
    least: RANGES[name][0],
    most: Math.min(RANGES[name][1], mostOf(name, values)),
  }));
  const at = (x: readonly number[]): Values => ({ ...values, ...Object.fromEntries(names.map((n, i) => [n, x[i]])) });
  const run = (v: Values, cells: number) => {
    const { bed, sorbent, operation } = designOf(v, own);
    if (checkOperation(operation)) return undefined;
    const r = steadyState(bed, sorbent, operation, { ...DEFAULTS, cells });
    return r.converged ? r : undefined;
  };
  const budget = search.population * (search.generations + 1);
  let tried = 0;
  // The second part, of full columns, takes about as long as the first.
  const found = tradeOff(
    variables,
    x => {
      const r = run(at(x), COARSE);
      return r && [1 - r.purity, 1 - r.recovery, r.energyKwhPerTonne];
    },
    search,
    random('tradeoff'),
    () => {
      tried += 1;
      tick(tried / (2 * budget));
    },
  );
  const full = found.flatMap((p, i) => {
    // Rounded as the fields say them, so that an address brings the same design back.
    const v = at(p.x.map(x => Number(x.toPrecision(3))));
    const r = run(v, DEFAULTS.cells);
    tick(0.5 + (i + 1) / (2 * found.length));
    if (!r) return [];
    const { purity, recovery, energyKwhPerTonne, productivityMolKgH, massError, energyError } = r;
    const costTonne = costOf(v, productivityMolKgH, energyKwhPerTonne).perTonneCaptured;
    return [{ values: v, purity, recovery, energyKwhPerTonne, productivityMolKgH, massError, energyError, costTonne }];
  });
  const objectives = (p: FrontierPoint) => [1 - p.purity, 1 - p.recovery, p.energyKwhPerTonne];
  return {
    points: full
      .filter(p => !full.some(q => dominates(objectives(q), objectives(p))))
      .sort((a, b) => b.purity - a.purity),
    ...(own ? { own } : {}),
    tried,
    again: found.length,
    unanswered: found.length - full.length,
  };
}

/** The low pressure has to stay below the high one. */
function mostOf(name: string, values: Values): number {
  return name === 'low' ? 0.9 * values['high'] : (FIELDS.find(f => f.key === name)?.high ?? Number.POSITIVE_INFINITY);
}
