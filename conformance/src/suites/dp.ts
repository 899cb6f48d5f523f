// Reference values of differential-privacy accountants from other projects' test suites.
// Trap: `prv_or_pld_tight` holds upper bounds made with error 0.01, so a tight accountant lies 0.010 to 0.013 below; we pass from 0.015 below to 1e-4 above.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  composeRdp,
  DEFAULT_ORDERS,
  epsilonFromRdp,
  gaussianDelta,
  optimalComposition,
  rdpCurve,
  tightDelta,
  tightEpsilon,
} from '@madang/privacy';
import { type Suite, Tally } from '../suite.ts';

interface Row {
  readonly sigma: number;
  readonly q?: number;
  readonly steps?: number;
  readonly k?: number;
  readonly epsilon: number;
  readonly delta: number;
  readonly total_delta: number;
  /** null: no epsilon is enough. */
  readonly total_epsilon: number | null;
  readonly tolerance?: number;
  readonly places?: number;
  readonly orders?: string;
  readonly optimal_order?: number;
  readonly series?: string;
}

interface Family {
  readonly rows?: readonly Row[];
  readonly pure_dp?: { rdp_constant: number; orders: string; delta: number; epsilon: number; optimal_order?: number };
}

export const dpSuite: Suite = async folder => {
  const tally = new Tally();
  for (const file of readdirSync(folder)
    .filter(f => f.endsWith('.json'))
    .sort()) {
    let families: Record<string, Family>;
    try {
      families = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    } catch (error) {
      tally.unreadable.push(`${file}: ${(error as Error).message}`);
      continue;
    }
    for (const [name, family] of Object.entries(families)) {
      if (typeof family !== 'object' || family === null) continue;
      if (family.pure_dp) await pureDp(tally, `${file} ${name} pure_dp`, family.pure_dp);
      const check = checks[name];
      for (const [i, row] of (family.rows ?? []).entries()) {
        const at = `${file} ${name} ${i}`;
        if (!check) tally.unsupported.push(at);
        else await tally.try(at, () => check(row));
      }
    }
  }
  return tally;
};

const checks: Record<string, (row: Row) => boolean> = {
  prv_or_pld_tight: r => {
    const over = tightEpsilon([use(r)], r.delta) - r.epsilon;
    return over >= -0.015 && over <= 1e-4;
  },
  rdp: r =>
    ordersOf(r).some(orders => {
      const series = /absolute/.test(r.series ?? '') ? 'absolute' : 'signed';
      const best = epsilonFromRdp(rdpCurve(r.sigma, r.q ?? 1, r.steps ?? 1, orders, series), r.delta);
      const equal = near(best.epsilon, r.epsilon, r.tolerance ?? printed(r.epsilon, r.places));
      return equal && (r.optimal_order ?? best.order) === best.order;
    }),
  gaussian_exact: r => near(gaussianDelta(r.sigma, r.epsilon, r.steps), r.delta, r.tolerance ?? printed(r.delta)),
  pld_subsampled: r => near(tightDelta([use(r)], r.epsilon), r.delta, r.tolerance ?? 1e-3),
  advanced_composition: r => {
    const total = optimalComposition(r.epsilon, r.delta, r.k ?? 1, r.total_delta);
    if (r.total_epsilon === null) return total === undefined;
    return total !== undefined && near(total, r.total_epsilon, r.tolerance ?? printed(r.total_epsilon));
  },
};

const near = (a: number, b: number, tolerance: number) => Math.abs(a - b) <= tolerance;

/** Half a unit of the last decimal that the reference prints, but no finer than 1e-9 of the value and, for whole numbers, 1e-9. */
function printed(x: number, places = String(x).split(/[.e]/)[1]?.length ?? 9): number {
  return Math.max(0.5 * 10 ** -places, 1e-9 * Math.abs(x));
}

const use = (r: Row) => ({
  mechanism: { kind: 'gaussian', sigma: r.sigma, q: r.q ?? 1 } as const,
  count: r.steps ?? 1,
});

async function pureDp(tally: Tally, name: string, p: NonNullable<Family['pure_dp']>): Promise<void> {
  await tally.try(name, () => {
    const orders = parseOrders(p.orders);
    const none = { orders, rdp: new Float64Array(orders.length) };
    const best = epsilonFromRdp(composeRdp(none, { orders, rdp: none.rdp.map(() => p.rdp_constant) }), p.delta);
    return near(best.epsilon, p.epsilon, printed(p.epsilon)) && (p.optimal_order ?? best.order) === best.order;
  });
}

/** The orders that a row may have been made with: as stated, else those of dp-accounting (ours) or of tensorflow/privacy's command. */
function ordersOf(r: Row): (readonly number[])[] {
  if (r.orders) return [parseOrders(r.orders).filter(a => a > 1)];
  return [DEFAULT_ORDERS, [1.25, 1.5, 1.75, 2, 2.25, 2.5, 3, 3.5, 4, 4.5, ...parseOrders('5..63'), 128, 256, 512]];
}

/** "1.1..10.9 by 0.1 and 12..63": ranges with an optional step, joined by anything; other words are ignored. */
function parseOrders(text: string): number[] {
  const orders: number[] = [];
  for (const [, from, to, by] of text.matchAll(/(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)(?:\s+by\s+(\d+(?:\.\d+)?))?/g)) {
    const step = Number(by ?? 1);
    const count = Math.round((Number(to) - Number(from)) / step);
    // Steps are decimal fractions: 1.1 + 0.1 k is rounded to the decimals written.
    for (let i = 0; i <= count; i++) orders.push(Number((Number(from) + i * step).toFixed(6)));
  }
  if (orders.length === 0) throw new Error(`orders "${text}" could not be read`);
  return orders;
}
