// Fill-reducing order of a symmetric sparse matrix: approximate minimum degree on the quotient graph.
// Amestoy, Davis, Duff, SIAM J. Matrix Anal. Appl. 17:886 (1996). One algorithm, one file.
// Trap: a variable's list holds elements first and variables after them; `elements[i]` says where the border is.

/** Adjacency of an undirected graph without loops or duplicates: neighbours of i are `targets[starts[i] .. starts[i+1])`. */
export interface Graph {
  readonly size: number;
  readonly starts: Int32Array;
  readonly targets: Int32Array;
}

/** Builds the graph of a symmetric pattern from coordinate entries (either triangle or both; loops and repeats are dropped). */
export function graphOf(size: number, rows: ArrayLike<number>, cols: ArrayLike<number>): Graph {
  const count = new Int32Array(size + 1);
  for (let k = 0; k < rows.length; k++) {
    if (rows[k] === cols[k]) continue;
    count[rows[k] + 1] += 1;
    count[cols[k] + 1] += 1;
  }
  for (let i = 0; i < size; i++) count[i + 1] += count[i];
  const fill = count.slice(0, size);
  const raw = new Int32Array(count[size]);
  for (let k = 0; k < rows.length; k++) {
    if (rows[k] === cols[k]) continue;
    raw[fill[rows[k]]++] = cols[k];
    raw[fill[cols[k]]++] = rows[k];
  }
  const starts = new Int32Array(size + 1);
  const seen = new Int32Array(size).fill(-1);
  let out = 0;
  for (let i = 0; i < size; i++) {
    for (let p = count[i]; p < count[i + 1]; p++) {
      const j = raw[p];
      if (seen[j] === i) continue;
      seen[j] = i;
      raw[out++] = j;
    }
    starts[i + 1] = out;
  }
  return { size, starts, targets: raw.subarray(0, out) };
}

/**
 * An elimination order with little fill: `order[k]` is the vertex eliminated as the k-th. `weights` are the scalar sizes of the
 * vertices (1 each when absent). Vertices of very high degree come last.
 */
export function minimumDegree(graph: Graph, weights?: ArrayLike<number>): Int32Array {
  const n = graph.size;
  const order = new Int32Array(n);
  if (n === 0) return order;
  const weight = new Int32Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    weight[i] = weights ? weights[i] : 1;
    total += weight[i];
  }
  let store = new Int32Array(graph.targets.length * 2 + n + 16);
  store.set(graph.targets);
  let end = graph.targets.length;
  const at = Int32Array.from(graph.starts.subarray(0, n));
  const length = new Int32Array(n);
  const elements = new Int32Array(n);
  /** Weight of a live variable; negative while it is in the element being formed; 0 when absorbed or eliminated. */
  const nv = weight.slice();
  /** Live elements have isElement 1; absorbed ones 2. */
  const isElement = new Uint8Array(n);
  const degree = new Int32Array(n);
  const mark = new Int32Array(n);
  const head = new Int32Array(total + 1).fill(-1);
  const next = new Int32Array(n).fill(-1);
  const previous = new Int32Array(n).fill(-1);
  const memberNext = new Int32Array(n).fill(-1);
  const memberTail = new Int32Array(n);
  const hashHead = new Int32Array(n).fill(-1);
  const hashNext = new Int32Array(n).fill(-1);
  const hashOf = new Int32Array(n);
  const last: number[] = [];
  const dense = Math.max(16, Math.floor(10 * Math.sqrt(n)));
  let flag = 1;
  let lowest = 0;

  const insert = (i: number) => {
    const d = degree[i];
    previous[i] = -1;
    next[i] = head[d];
    if (head[d] >= 0) previous[head[d]] = i;
    head[d] = i;
    if (d < lowest) lowest = d;
  };
  const remove = (i: number) => {
    if (previous[i] >= 0) next[previous[i]] = next[i];
    else head[degree[i]] = next[i];
    if (next[i] >= 0) previous[next[i]] = previous[i];
  };
  const absorb = (into: number, i: number) => {
    memberNext[memberTail[into]] = i;
    memberTail[into] = memberTail[i];
  };

  for (let i = 0; i < n; i++) {
    memberTail[i] = i;
    length[i] = graph.starts[i + 1] - graph.starts[i];
    if (length[i] > dense) {
      nv[i] = 0;
      last.push(i);
    }
  }
  let left = 0;
  for (let i = 0; i < n; i++) {
    if (nv[i] === 0) continue;
    left += nv[i];
    let d = 0;
    for (let p = at[i]; p < at[i] + length[i]; p++) d += nv[store[p]];
    degree[i] = d;
  }
  lowest = total;
  for (let i = 0; i < n; i++) if (nv[i] > 0) insert(i);

  let done = 0;
  while (left > 0) {
    while (head[lowest] < 0) lowest += 1;
    const pivot = head[lowest];
    remove(pivot);
    let pivotWeight = nv[pivot];
    nv[pivot] = 0;
    left -= pivotWeight;
    // The new element: every live variable next to the pivot, directly or through one of its elements.
    let need = length[pivot];
    for (let p = at[pivot]; p < at[pivot] + elements[pivot]; p++) need += length[store[p]];
    if (end + need > store.length) {
      const bigger = new Int32Array((end + need) * 2);
      bigger.set(store.subarray(0, end));
      store = bigger;
    }
    const from = end;
    let elementWeight = 0;
    const take = (i: number) => {
      const w = nv[i];
      if (w <= 0) return;
      nv[i] = -w;
      elementWeight += w;
      store[end++] = i;
      remove(i);
    };
    for (let p = at[pivot]; p < at[pivot] + length[pivot]; p++) {
      const x = store[p];
      if (p < at[pivot] + elements[pivot]) {
        if (isElement[x] !== 1) continue;
        for (let q = at[x]; q < at[x] + length[x]; q++) take(store[q]);
        isElement[x] = 2;
      } else take(x);
    }
    isElement[pivot] = 1;
    at[pivot] = from;
    length[pivot] = end - from;
    elements[pivot] = 0;
    // |Le \ Lp| of every other element e that touches the new one, kept in mark[e] - flag.
    flag += total + 2;
    if (flag > 1_500_000_000) {
      mark.fill(0);
      flag = total + 2;
    }
    for (let p = from; p < end; p++) {
      const i = store[p];
      const w = -nv[i];
      for (let q = at[i]; q < at[i] + elements[i]; q++) {
        const e = store[q];
        if (isElement[e] !== 1) continue;
        mark[e] = mark[e] >= flag ? mark[e] - w : degree[e] + flag - w;
      }
    }
    // New approximate degrees; lists are rewritten without what died.
    for (let p = from; p < end; p++) {
      const i = store[p];
      const w = -nv[i];
      const begin = at[i];
      const border = begin + elements[i];
      const stop = begin + length[i];
      let write = begin;
      let d = 0;
      let hash = 0;
      for (let q = begin; q < border; q++) {
        const e = store[q];
        if (isElement[e] !== 1) continue;
        const outside = mark[e] - flag;
        if (outside > 0) {
          d += outside;
          store[write++] = e;
          hash = (hash + e) | 0;
        } else isElement[e] = 2; // it lies wholly inside the new element
      }
      const kept = write - begin;
      // The pivot's element takes one place more in front; there is room because the pivot (or one of its elements) left the list.
      let readAt = border;
      const variables = write;
      for (; readAt < stop; readAt++) {
        const j = store[readAt];
        if (nv[j] > 0) {
          d += nv[j];
          store[write++] = j;
          hash = (hash + j) | 0;
        }
      }
      if (d === 0) {
        // Nothing outside the new element: eliminated together with the pivot.
        pivotWeight += w;
        left -= w;
        elementWeight -= w;
        nv[i] = 0;
        absorb(pivot, i);
        continue;
      }
      store[write] = store[variables];
      store[variables] = store[begin];
      store[begin] = pivot;
      // Elements stay a contiguous prefix: pivot, then the others (the first of them moved to the border).
      elements[i] = kept + 1;
      length[i] = write - begin + 1;
      degree[i] = Math.min(degree[i], d);
      const bucket = (hash >>> 0) % n;
      hashOf[i] = bucket;
      hashNext[i] = hashHead[bucket];
      hashHead[bucket] = i;
    }
    degree[pivot] = elementWeight;
    mergeTwins(from, end);
    // Restore the weights, fix the degrees, put the variables back.
    let write = from;
    for (let p = from; p < end; p++) {
      const i = store[p];
      const w = -nv[i];
      if (w <= 0) continue;
      nv[i] = w;
      degree[i] = Math.max(0, Math.min(degree[i] + elementWeight - w, left - w));
      insert(i);
      store[write++] = i;
    }
    length[pivot] = write - from;
    end = write;
    if (length[pivot] === 0) isElement[pivot] = 2;
    for (let i = pivot; i >= 0; i = memberNext[i]) order[done++] = i;
  }
  for (const i of last) order[done++] = i;
  return order;

  /** Variables of the new element with the same neighbours become one. */
  function mergeTwins(from: number, to: number): void {
    flag += total + 2; // past every mark[e] of this step
    for (let p = from; p < to; p++) {
      const first = store[p];
      if (nv[first] >= 0) continue;
      const bucket = hashOf[first];
      let i = hashHead[bucket];
      hashHead[bucket] = -1;
      while (i >= 0) {
        if (nv[i] < 0 && hashNext[i] >= 0) {
          flag += 1;
          for (let q = at[i]; q < at[i] + length[i]; q++) mark[store[q]] = flag;
          let before = i;
          let j = hashNext[i];
          while (j >= 0) {
            let same = length[j] === length[i] && elements[j] === elements[i];
            for (let q = at[j]; same && q < at[j] + length[j]; q++) same = mark[store[q]] === flag;
            if (same) {
              nv[i] += nv[j];
              nv[j] = 0;
              absorb(i, j);
              hashNext[before] = hashNext[j];
            } else before = j;
            j = hashNext[j];
          }
        }
        i = hashNext[i];
      }
    }
  }
}
