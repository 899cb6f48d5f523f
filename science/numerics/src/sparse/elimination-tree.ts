// The elimination tree of an ordered graph and the supernodes in it. Liu, SIAM J. Matrix Anal. Appl. 11:134 (1990).
import type { Graph } from './minimum-degree.ts';

/** Elimination tree of the ordered graph, renumbered in postorder; `structure[k]` are the later vertices that column k reaches. */
export function eliminationTree(graph: Graph, order: Int32Array) {
  const n = graph.size;
  const rank = new Int32Array(n);
  for (let k = 0; k < n; k++) rank[order[k]] = k;
  const parent = new Int32Array(n).fill(-1);
  const ancestor = new Int32Array(n).fill(-1);
  for (let k = 0; k < n; k++) {
    const v = order[k];
    for (let p = graph.starts[v]; p < graph.starts[v + 1]; p++) {
      let i = rank[graph.targets[p]];
      while (i >= 0 && i < k) {
        const up = ancestor[i];
        ancestor[i] = k;
        if (up < 0) parent[i] = k;
        i = up;
      }
    }
  }
  const post = postorder(parent);
  const newRank = new Int32Array(n);
  for (let k = 0; k < n; k++) newRank[post[k]] = k;
  const sequence = Int32Array.from(post, k => order[k]);
  const up = Int32Array.from(post, k => (parent[k] < 0 ? -1 : newRank[parent[k]]));
  const finalRank = new Int32Array(n);
  for (let k = 0; k < n; k++) finalRank[sequence[k]] = k;
  const kids: number[][] = Array.from({ length: n }, () => []);
  for (let k = 0; k < n; k++) if (up[k] >= 0) kids[up[k]].push(k);
  const seen = new Int32Array(n).fill(-1);
  const structure: Int32Array[] = new Array(n);
  const buffer = new Int32Array(n);
  for (let k = 0; k < n; k++) {
    let length = 0;
    seen[k] = k;
    const add = (i: number) => {
      if (i > k && seen[i] !== k) {
        seen[i] = k;
        buffer[length++] = i;
      }
    };
    const v = sequence[k];
    for (let p = graph.starts[v]; p < graph.starts[v + 1]; p++) add(finalRank[graph.targets[p]]);
    for (const c of kids[k]) structure[c].forEach(add);
    structure[k] = buffer.slice(0, length).sort();
  }
  return { sequence, structure, parent: up };
}

function postorder(parent: Int32Array): Int32Array {
  const n = parent.length;
  const head = new Int32Array(n).fill(-1);
  const next = new Int32Array(n).fill(-1);
  const roots: number[] = [];
  for (let k = n - 1; k >= 0; k--) {
    if (parent[k] < 0) roots.push(k);
    else {
      next[k] = head[parent[k]];
      head[parent[k]] = k;
    }
  }
  const out = new Int32Array(n);
  let done = 0;
  const stack = roots;
  while (stack.length > 0) {
    const k = stack[stack.length - 1];
    if (head[k] >= 0) {
      stack.push(head[k]);
      head[k] = next[head[k]];
    } else {
      out[done++] = k;
      stack.pop();
    }
  }
  return out;
}

/**
 * Borders of supernodes: a vertex joins the one before it when that is its child and few explicit zeros arise. Wider fronts cost a
 * little arithmetic and save much bookkeeping.
 */
export function supernodes(weight: Int32Array, structure: readonly Int32Array[], parent: Int32Array): number[] {
  const bounds = [0];
  const height = (k: number) => structure[k].reduce((sum, i) => sum + weight[i], 0);
  let width = 0;
  let zeros = 0;
  let before = 0;
  for (let k = 0; k < weight.length; k++) {
    const rows = height(k);
    if (k > 0) {
      const extra = width * (weight[k] + rows - before);
      const total = (width + weight[k]) * (width + weight[k] + rows);
      const merged = width + weight[k];
      const allowed = merged <= 8 ? 0.4 : merged <= 32 ? 0.15 : 0.05;
      if (parent[k - 1] === k && zeros + extra <= allowed * total) {
        zeros += extra;
        width = merged;
        before = rows;
        continue;
      }
      bounds.push(k);
    }
    width = weight[k];
    zeros = 0;
    before = rows;
  }
  if (weight.length > 0) bounds.push(weight.length);
  return bounds;
}
