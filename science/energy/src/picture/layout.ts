// Places for the buses of a grid that has none: classical scaling of graph distances from a few landmarks (landmark MDS; de Silva and
// Tenenbaum, Stanford 2004), then a few rounds of drawing neighbours to even lengths. Deterministic; linear in the size.
import { graphOf } from '@madang/numerics';
import type { Grid } from '../grid/network.ts';

/** x and y of every bus in 0..1. */
export function layout(grid: Grid, rounds = 60): { x: Float64Array; y: Float64Array } {
  const { buses, branches, dcLines } = grid;
  const n = buses.count;
  const graph = graphOf(n, [...branches.from, ...dcLines.from], [...branches.to, ...dcLines.to]);
  // Distances from two far pairs of landmarks: differences of distance are coordinates.
  const far = (from: number) => {
    const d = distances(graph, from);
    let at = from;
    for (let i = 0; i < n; i++) if (d[i] < n && d[i] > d[at]) at = i;
    return { d, at };
  };
  const a = far(0).at;
  const first = far(a);
  const second = distances(graph, first.at);
  let c = 0;
  for (let i = 0; i < n; i++) {
    const off = (k: number) => Math.min(first.d[k], second[k]) - Math.abs(first.d[k] - second[k]);
    if (first.d[i] < n && off(i) > off(c)) c = i;
  }
  const third = far(c);
  const fourth = distances(graph, third.at);
  const x = Float64Array.from({ length: n }, (_, i) => capped(first.d[i], n) - capped(second[i], n));
  const y = Float64Array.from({ length: n }, (_, i) => capped(third.d[i], n) - capped(fourth[i], n));
  // A touch of spread keeps buses at equal distances apart; the golden angle repeats nowhere.
  for (let i = 0; i < n; i++) {
    x[i] += 0.8 * Math.cos(2.399963 * i);
    y[i] += 0.8 * Math.sin(2.399963 * i);
  }
  const dx = new Float64Array(n);
  const dy = new Float64Array(n);
  for (let r = 0; r < rounds; r++) {
    dx.fill(0);
    dy.fill(0);
    for (let i = 0; i < n; i++)
      for (let p = graph.starts[i]; p < graph.starts[i + 1]; p++) {
        const j = graph.targets[p];
        const ex = x[j] - x[i];
        const ey = y[j] - y[i];
        const length = Math.max(1e-3, Math.hypot(ex, ey));
        const pull = (0.3 * (length - 1)) / length / Math.max(1, graph.starts[i + 1] - graph.starts[i]);
        dx[i] += pull * ex;
        dy[i] += pull * ey;
      }
    for (let i = 0; i < n; i++) {
      x[i] += dx[i];
      y[i] += dy[i];
    }
    if (n <= 400) repel(x, y);
  }
  return { x: unit(x), y: unit(y) };
}

function capped(d: number, n: number): number {
  return Math.min(d, n);
}

function repel(x: Float64Array, y: Float64Array): void {
  const n = x.length;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const ex = x[i] - x[j];
      const ey = y[i] - y[j];
      const square = Math.max(0.01, ex * ex + ey * ey);
      if (square > 9) continue;
      const push = 0.06 / square;
      x[i] += push * ex;
      y[i] += push * ey;
      x[j] -= push * ex;
      y[j] -= push * ey;
    }
}

function distances(graph: { size: number; starts: Int32Array; targets: Int32Array }, from: number): Int32Array {
  const d = new Int32Array(graph.size).fill(graph.size);
  d[from] = 0;
  const queue = [from];
  for (let head = 0; head < queue.length; head++) {
    const i = queue[head];
    for (let p = graph.starts[i]; p < graph.starts[i + 1]; p++) {
      const j = graph.targets[p];
      if (d[j] < graph.size) continue;
      d[j] = d[i] + 1;
      queue.push(j);
    }
  }
  return d;
}

function unit(a: Float64Array): Float64Array {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const v of a) {
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  return a.map(v => (high > low ? (v - low) / (high - low) : 0.5));
}
