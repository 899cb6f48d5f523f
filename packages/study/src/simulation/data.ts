// Seeded tables for simulated studies: a smooth signal with interactions, some values missing, and nodes that differ in size and in where their rows lie.
import { type Random, random } from '@madang/numerics';
import type { Rows } from '../kinds/learner.ts';

/** What the target is. */
export type TargetKind = 'number' | 'count' | 'class';

/** `nodes` tables with `rows` rows in all, none empty when rows >= nodes; features are about standard normal within ±4. */
export function simulatedNodes(
  nodes: number,
  rows: number,
  features: number,
  target: TargetKind,
  seed: string | number,
  missing = 0.02,
): Rows[] {
  const r = random(`madang simulated rows ${seed}`);
  // Sizes differ threefold; every node has its own centre.
  const share = Array.from({ length: nodes }, () => 0.5 + r.uniform());
  const total = share.reduce((a, b) => a + b, 0);
  const bounds = [0];
  let seen = 0;
  for (const s of share) {
    seen += s;
    bounds.push(Math.round((rows * seen) / total));
  }
  const weights = Float64Array.from({ length: features }, () => r.normal() / Math.sqrt(features));
  return share.map((_, n) => {
    const centre = Float64Array.from({ length: features }, () => 0.4 * r.normal());
    return table(r.fork(`node ${n}`), bounds[n + 1] - bounds[n], features, centre, weights, target, missing);
  });
}

function table(
  r: Random,
  count: number,
  features: number,
  centre: Float64Array,
  weights: Float64Array,
  target: TargetKind,
  missing: number,
): Rows {
  const x = new Float64Array(count * features);
  const y = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const row = x.subarray(i * features, (i + 1) * features);
    for (let j = 0; j < features; j++) row[j] = Math.max(-4, Math.min(4, centre[j] + r.normal()));
    y[i] = draw(r, signal(row, weights), target);
    for (let j = 0; j < features; j++) if (r.uniform() < missing) row[j] = Number.NaN;
  }
  return { count, features, x, y };
}

/** Linear part, a wave, and an interaction. */
function signal(row: Float64Array, weights: Float64Array): number {
  let s = 0;
  for (let j = 0; j < row.length; j++) s += weights[j] * row[j];
  return s + Math.sin(2 * row[0]) + (row.length > 2 ? 0.5 * row[1] * (row[2] > 0 ? 1 : -1) : 0);
}

function draw(r: Random, s: number, target: TargetKind): number {
  switch (target) {
    case 'number':
      return s + 0.3 * r.normal();
    case 'count':
      return r.poisson(Math.exp(Math.min(3, 0.5 * s + 1)));
    case 'class':
      return r.uniform() < 1 / (1 + Math.exp(-2 * s)) ? 1 : 0;
  }
}

/** All nodes' rows as one table, in the nodes' order. */
export function pooled(nodes: readonly Rows[]): Rows {
  const features = nodes[0].features;
  const count = nodes.reduce((n, t) => n + t.count, 0);
  const x = new Float64Array(count * features);
  const y = new Float64Array(count);
  let at = 0;
  for (const t of nodes) {
    x.set(t.x, at * features);
    y.set(t.y, at);
    at += t.count;
  }
  return { count, features, x, y };
}
