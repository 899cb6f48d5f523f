// Which pairs of columns the twin keeps: a spanning tree chosen edge by edge with the exponential mechanism, as in MST (McKenna, Miklau, Sheldon 2021).
// A pair's utility is how far its true joint counts lie from independence of the noised single counts (one row moves that by at most 1), less the error
// that noise on all its cells would bring: a pair too fine to be counted is not worth its budget.
import type { Account } from './account.ts';
import type { Domain } from './domain.ts';

export interface Edge {
  readonly a: number;
  readonly b: number;
  /** Noised joint counts, size of a x size of b. */
  readonly joint: Float64Array;
  readonly deviation: number;
}

/** Counts of pairs of codes, row-major size a x size b. */
export function jointCounts(a: Domain, b: Domain): Float64Array {
  const out = new Float64Array(a.size * b.size);
  for (let i = 0; i < a.codes.length; i++) out[a.codes[i] * b.size + b.codes[i]] += 1;
  return out;
}

/** Utilities are kept to a 16th; one row changes them by at most 16 sixteenths, rounding included. */
const UNIT = 16;

/** Edges in the order of choice; `selection` and `measurement` are shares of the whole budget. */
export function chooseTree(
  domains: readonly Domain[],
  account: Account,
  selection: number,
  measurement: number,
): Edge[] {
  const n = domains.length;
  if (n < 2) return [];
  const pairs: { a: number; b: number; utility: number }[] = [];
  for (let a = 0; a < n; a++)
    for (let b = a + 1; b < n; b++) {
      const noise =
        Math.sqrt(2 / Math.PI) * account.deviationFor(measurement / (n - 1)) * domains[a].size * domains[b].size;
      pairs.push({ a, b, utility: Math.round(UNIT * (dependence(domains[a], domains[b]) - noise)) });
    }
  const group = Array.from({ length: n }, (_, i) => i);
  const edges: Edge[] = [];
  for (let k = 0; k < n - 1; k++) {
    const open = pairs.filter(p => group[p.a] !== group[p.b]);
    const pick =
      open[
        account.choose(
          `choice of pair ${k + 1}`,
          open.map(p => p.utility),
          UNIT,
          selection / (n - 1),
        )
      ];
    const { counts, deviation } = account.histogram(
      `${domains[pick.a].column.name} with ${domains[pick.b].column.name}: joint counts`,
      jointCounts(domains[pick.a], domains[pick.b]),
      1,
      measurement / (n - 1),
    );
    edges.push({ a: pick.a, b: pick.b, joint: counts, deviation });
    const [from, into] = [group[pick.b], group[pick.a]];
    for (let i = 0; i < n; i++) if (group[i] === from) group[i] = into;
  }
  return edges;
}

function dependence(a: Domain, b: Domain): number {
  const joint = jointCounts(a, b);
  const total = Math.max(
    1,
    a.counts.reduce((s, c) => s + c, 0),
  );
  let sum = 0;
  for (let i = 0; i < a.size; i++)
    for (let j = 0; j < b.size; j++) sum += Math.abs(joint[i * b.size + j] - (a.counts[i] * b.counts[j]) / total);
  return sum;
}
