// Fewer snapshots: neighbours in time are merged, series averaged with their weights, weights added, so that energy and hours are kept.
// Either every k snapshots, or `count` segments found by Ward's method on neighbours (chronological clustering; Pineda and Morales, IEEE
// Trans. Power Syst. 33:7162, 2018), which keeps storage's order of hours.
import type { Components, PlanNetwork } from './network.ts';

/** Merges every `size` snapshots of one investment period into one. */
export function aggregateEvery(network: PlanNetwork, size: number): PlanNetwork {
  if (!(Number.isInteger(size) && size >= 1))
    throw new RangeError(`aggregateEvery: ${size} is not a whole number above 0`);
  const { time } = network;
  const group = new Int32Array(time.count);
  let g = -1;
  let used = size;
  for (let t = 0; t < time.count; t++, used++) {
    if (used === size || (t > 0 && time.period[t] !== time.period[t - 1])) {
      g += 1;
      used = 0;
    }
    group[t] = g;
  }
  return merge(network, group);
}

/** Merges neighbours until `count` segments are left, always the two whose merging loses least of the series' variance. */
export function aggregateSegments(network: PlanNetwork, count: number): PlanNetwork {
  const { time } = network;
  const n = time.count;
  if (!(Number.isInteger(count) && count >= 1))
    throw new RangeError(`aggregateSegments: ${count} is not a whole number above 0`);
  const rows = normalised(network);
  const dims = rows.length;
  const sums = rows.map(r => r.map((v, t) => v * time.objective[t]));
  const weight = time.objective.slice();
  const next = Int32Array.from({ length: n }, (_, t) => t + 1);
  const previous = Int32Array.from({ length: n }, (_, t) => t - 1);
  const version = new Int32Array(n);
  const loss = (a: number, b: number) => {
    if (time.period[a] !== time.period[b]) return Number.POSITIVE_INFINITY;
    let d = 0;
    for (let k = 0; k < dims; k++) d += (sums[k][a] / weight[a] - sums[k][b] / weight[b]) ** 2;
    return (d * weight[a] * weight[b]) / (weight[a] + weight[b]);
  };
  const heap = new Heap();
  for (let t = 0; t + 1 < n; t++) heap.push(loss(t, t + 1), t, 0, 0);
  let left = n;
  while (left > Math.max(count, time.periods.length)) {
    const top = heap.pop();
    if (!top || top.cost === Number.POSITIVE_INFINITY) break;
    const a = top.at;
    const b = next[a];
    if (b >= n || version[a] !== top.own || version[b] !== top.other || version[a] < 0) continue;
    for (let k = 0; k < dims; k++) sums[k][a] += sums[k][b];
    weight[a] += weight[b];
    next[a] = next[b];
    if (next[b] < n) previous[next[b]] = a;
    version[b] = -1;
    version[a] += 1;
    left -= 1;
    if (next[a] < n) heap.push(loss(a, next[a]), a, version[a], version[next[a]]);
    const p = previous[a];
    if (p >= 0) heap.push(loss(p, a), p, version[p], version[a]);
  }
  const group = new Int32Array(n);
  let g = -1;
  for (let t = 0; t < n; t++) {
    if (version[t] >= 0) g += 1;
    group[t] = g;
  }
  return merge(network, group);
}

/** Every series, brought to the range 0 to 1. */
function normalised(network: PlanNetwork): Float64Array[] {
  const out: Float64Array[] = [];
  for (const c of Object.values(network.lists))
    for (const map of Object.values(c.series))
      for (const s of map.values()) {
        let low = Number.POSITIVE_INFINITY;
        let high = Number.NEGATIVE_INFINITY;
        for (const v of s) {
          if (!Number.isFinite(v)) continue;
          low = Math.min(low, v);
          high = Math.max(high, v);
        }
        if (high > low) out.push(s.map(v => (Number.isFinite(v) ? (v - low) / (high - low) : 0)));
      }
  return out;
}

function merge(network: PlanNetwork, group: Int32Array): PlanNetwork {
  const { time } = network;
  const count = time.count === 0 ? 0 : group[time.count - 1] + 1;
  const summed = (w: Float64Array) => {
    const out = new Float64Array(count);
    for (let t = 0; t < time.count; t++) out[group[t]] += w[t];
    return out;
  };
  const firstOf = new Int32Array(count).fill(-1);
  for (let t = 0; t < time.count; t++) if (firstOf[group[t]] < 0) firstOf[group[t]] = t;
  const weights = summed(time.stores);
  const averaged = (s: Float64Array) => {
    const out = new Float64Array(count);
    for (let t = 0; t < time.count; t++) out[group[t]] += s[t] * time.stores[t];
    return out.map((v, g) => v / weights[g]);
  };
  const lists: Record<string, Components> = {};
  for (const [list, c] of Object.entries(network.lists)) {
    const series: Record<string, Map<string, Float64Array>> = {};
    for (const [attribute, map] of Object.entries(c.series))
      series[attribute] = new Map([...map].map(([n, s]) => [n, averaged(s)]));
    lists[list] = { ...c, series };
  }
  return {
    ...network,
    lists,
    time: {
      ...time,
      count,
      labels: Array.from(firstOf, t => time.labels[t]),
      objective: summed(time.objective),
      stores: weights,
      generators: summed(time.generators),
      period: Int32Array.from(firstOf, t => time.period[t]),
    },
  };
}

interface Candidate {
  readonly cost: number;
  readonly at: number;
  readonly own: number;
  readonly other: number;
}

/** A binary heap, cheapest first. */
class Heap {
  readonly #items: Candidate[] = [];

  push(cost: number, at: number, own: number, other: number): void {
    const a = this.#items;
    a.push({ cost, at, own, other });
    for (let i = a.length - 1; i > 0; ) {
      const up = (i - 1) >> 1;
      if (a[up].cost <= a[i].cost) break;
      [a[up], a[i]] = [a[i], a[up]];
      i = up;
    }
  }

  pop(): Candidate | undefined {
    const a = this.#items;
    const top = a[0];
    const last = a.pop();
    if (a.length === 0 || last === undefined) return top;
    a[0] = last;
    for (let i = 0; ; ) {
      let least = i;
      for (const k of [2 * i + 1, 2 * i + 2]) if (k < a.length && a[k].cost < a[least].cost) least = k;
      if (least === i) break;
      [a[least], a[i]] = [a[i], a[least]];
      i = least;
    }
    return top;
  }
}
