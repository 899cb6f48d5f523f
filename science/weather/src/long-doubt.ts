// Stations long in doubt or silent: the fit leans on them, so that what they no longer tell costs more than if nobody had ever learnt from them.
import { circulation } from './circulation.ts';
import type { Forecasts } from './fit.ts';
import { MOST_LEAD, type Prepared } from './prepare.ts';
import type { SecureSum } from './secure-sum.ts';

const MOST_SETS = 3;
const LONG_DAYS = 45;
const LONG_SHARE = 0.8;
const BACK_SHARE = 0.4;

/**
 * A station long in doubt, or silent, is best never learnt from: forecasts issued on such days come from a fit in which it says on every day what its neighbours
 * suggest. For the first few sets of such stations that occur; on days of another set, the largest of those sets that lies in it; on other days they are
 * filled in as they come.
 */
export function withoutDoubtful(p: Prepared, sum: SecureSum, fit: (q: Prepared) => Forecasts): Forecasts {
  const { network } = p.gated;
  // Who is suspended has told nothing on any day.
  const long = p.released.doubtful.map((d, s) => longDoubt(p.released.suspended.includes(s) ? d.map(() => 0) : d));
  const outOn = (issued: number) => long.flatMap((l, s) => (l[issued] === 1 ? [s] : []));
  const out = fit(p).map(leads => leads.map(days => [...days]));
  /** By day of issue: the set of stations that the forecasts of that day do without. */
  const doneWithout: Set<number>[] = [];
  const sets: Set<number>[] = [];
  for (let d = p.testFrom - MOST_LEAD; d < p.testTo; d++) {
    const gone = new Set(outOn(d));
    if (gone.size === 0) continue;
    if (sets.length < MOST_SETS && !sets.some(s => s.size === gone.size && isWithin(s, gone))) sets.push(gone);
    const within = sets.filter(s => isWithin(s, gone)).sort((a, b) => b.size - a.size);
    if (within.length > 0) doneWithout[d] = within[0];
  }
  for (const gone of sets) {
    const z = p.released.z.map((v, k) => (gone.has(network.series[k].station) ? p.released.expected[k] : v));
    const q = { ...p, released: { ...p.released, z }, circulation: circulation(network, z, sum) };
    const other = fit(q);
    out.forEach((leads, t) => {
      leads.forEach((days, l) => {
        for (let i = 0; i < days.length; i++)
          if (doneWithout[p.testFrom + i - l - 1] === gone) days[i] = other[t][l][i];
      });
    });
  }
  return out;
}

const isWithin = (a: ReadonlySet<number>, b: ReadonlySet<number>) => [...a].every(x => b.has(x));

/** 1 from six weeks on in which a station was nearly always in doubt until six in which it mostly was not. */
function longDoubt(doubtful: Uint8Array): Uint8Array {
  let count = 0;
  let long = 0;
  return doubtful.map((x, d) => {
    count += x - (d >= LONG_DAYS ? doubtful[d - LONG_DAYS] : 0);
    long = count > (long === 1 ? BACK_SHARE : LONG_SHARE) * LONG_DAYS ? 1 : 0;
    return long;
  });
}
