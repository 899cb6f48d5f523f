// The analysis of a symmetric sparse matrix for LDL': order, elimination tree, supernodes, and where every entry goes. Done once per
// pattern; factorisations with new values reuse it. Liu, SIAM J. Matrix Anal. Appl. 11:134 (1990); Duff and Reid's multifrontal method,
// ACM TOMS 9:302 (1983).
import { eliminationTree, supernodes } from './elimination-tree.ts';
import { graphOf, minimumDegree } from './minimum-degree.ts';

/** Everything about a pattern that does not depend on values. Rows and columns below are in the new order unless said otherwise. */
export interface Symbolic {
  readonly size: number;
  /** Coordinates of the entries as given (old order, either triangle, repeats are summed). */
  readonly rows: Int32Array;
  readonly cols: Int32Array;
  /** old index of the k-th unknown in the new order. */
  readonly order: Int32Array;
  /** Supernode s owns columns `first[s] .. first[s+1])`. */
  readonly first: Int32Array;
  /** Rows of supernode s below its own columns: `below[belowStarts[s] .. belowStarts[s+1])`, ascending. */
  readonly belowStarts: Int32Array;
  readonly below: Int32Array;
  /** Where the rows of a supernode lie in the front of its parent (parallel to `below`). */
  readonly parentPosition: Int32Array;
  /** Children that hand their remainder to s: `children[childStarts[s] .. childStarts[s+1])`, in the order of the stack's top. */
  readonly childStarts: Int32Array;
  readonly children: Int32Array;
  /** Entries assembled into the front of s: `entry[entryStarts[s] .. entryStarts[s+1])`, with their place in the front (column-major). */
  readonly entryStarts: Int32Array;
  readonly entry: Int32Array;
  readonly entryPlace: Int32Array;
  /** Where the columns of supernode s start in the factor's values. */
  readonly panelStarts: Float64Array;
  readonly largestFront: number;
  /** Stored numbers of the factor, explicit zeros of merged supernodes included. */
  readonly factorEntries: number;
}

/**
 * Analyses the pattern given by coordinates. `groups[i]` (optional) names the group of unknown i: the unknowns of one group are
 * eliminated next to each other, in one supernode, so that pivots can be sought among them (a bus's angle, voltage and two balances).
 */
export function analyse(
  size: number,
  rows: ArrayLike<number>,
  cols: ArrayLike<number>,
  groups?: ArrayLike<number>,
): Symbolic {
  const members = groupMembers(size, groups);
  const graph = groups ? graphOf(members.count, mapAll(rows, groups), mapAll(cols, groups)) : graphOf(size, rows, cols);
  const { sequence, structure, parent } = eliminationTree(graph, minimumDegree(graph, members.sizes));
  const weight = sequence.map(g => members.sizes[g]);
  const bounds = supernodes(weight, structure, parent);

  // From groups to scalars.
  const scalarStart = new Int32Array(members.count + 1);
  for (let k = 0; k < members.count; k++) scalarStart[k + 1] = scalarStart[k] + weight[k];
  const order = new Int32Array(size);
  const place = new Int32Array(size);
  for (let k = 0, out = 0; k < members.count; k++) {
    for (let p = members.starts[sequence[k]]; p < members.starts[sequence[k] + 1]; p++) {
      place[members.list[p]] = out;
      order[out++] = members.list[p];
    }
  }
  const count = bounds.length - 1;
  const first = new Int32Array(count + 1);
  const belowStarts = new Int32Array(count + 1);
  const ownerOf = new Int32Array(size);
  const lists: Int32Array[] = [];
  const panelStarts = new Float64Array(count + 1);
  let largestFront = 0;
  for (let s = 0; s < count; s++) {
    first[s] = scalarStart[bounds[s]];
    first[s + 1] = scalarStart[bounds[s + 1]];
    const list = expand(structure[bounds[s + 1] - 1], scalarStart);
    lists.push(list);
    belowStarts[s + 1] = belowStarts[s] + list.length;
    for (let c = first[s]; c < first[s + 1]; c++) ownerOf[c] = s;
    const width = first[s + 1] - first[s];
    largestFront = Math.max(largestFront, width + list.length);
    panelStarts[s + 1] = panelStarts[s] + width * (width + list.length);
  }
  const below = new Int32Array(belowStarts[count]);
  for (let s = 0; s < count; s++) below.set(lists[s], belowStarts[s]);
  return {
    size,
    rows: Int32Array.from(rows),
    cols: Int32Array.from(cols),
    order,
    first,
    belowStarts,
    below,
    ...familyOf(count, first, belowStarts, below, ownerOf),
    ...placesOf(count, rows, cols, place, first, belowStarts, below, ownerOf),
    panelStarts,
    largestFront,
    factorEntries: panelStarts[count],
  };
}

function mapAll(index: ArrayLike<number>, to: ArrayLike<number>): Int32Array {
  const out = new Int32Array(index.length);
  for (let k = 0; k < index.length; k++) out[k] = to[index[k]];
  return out;
}

function groupMembers(size: number, groups?: ArrayLike<number>) {
  let count = groups ? 0 : size;
  if (groups) for (let i = 0; i < size; i++) count = Math.max(count, groups[i] + 1);
  const sizes = new Int32Array(count);
  for (let i = 0; i < size; i++) sizes[groups ? groups[i] : i] += 1;
  const starts = new Int32Array(count + 1);
  for (let g = 0; g < count; g++) starts[g + 1] = starts[g] + sizes[g];
  const fill = starts.slice();
  const list = new Int32Array(size);
  for (let i = 0; i < size; i++) list[fill[groups ? groups[i] : i]++] = i;
  return { count, sizes, starts, list };
}

function expand(list: Int32Array, scalarStart: Int32Array): Int32Array {
  let length = 0;
  for (const i of list) length += scalarStart[i + 1] - scalarStart[i];
  const out = new Int32Array(length);
  let k = 0;
  for (const i of list) for (let c = scalarStart[i]; c < scalarStart[i + 1]; c++) out[k++] = c;
  return out;
}

function familyOf(count: number, first: Int32Array, belowStarts: Int32Array, below: Int32Array, ownerOf: Int32Array) {
  const parentPosition = new Int32Array(below.length);
  const parent = new Int32Array(count).fill(-1);
  const childStarts = new Int32Array(count + 1);
  for (let s = 0; s < count; s++) {
    if (belowStarts[s] === belowStarts[s + 1]) continue;
    const up = ownerOf[below[belowStarts[s]]];
    parent[s] = up;
    childStarts[up + 1] += 1;
    const width = first[up + 1] - first[up];
    let at = belowStarts[up];
    for (let p = belowStarts[s]; p < belowStarts[s + 1]; p++) {
      const row = below[p];
      if (row < first[up + 1]) parentPosition[p] = row - first[up];
      else {
        while (below[at] !== row) at += 1;
        parentPosition[p] = width + at - belowStarts[up];
      }
    }
  }
  for (let s = 0; s < count; s++) childStarts[s + 1] += childStarts[s];
  const fill = childStarts.slice();
  const children = new Int32Array(childStarts[count]);
  for (let s = count - 1; s >= 0; s--) if (parent[s] >= 0) children[fill[parent[s]]++] = s;
  return { parentPosition, childStarts, children };
}

function placesOf(
  count: number,
  rows: ArrayLike<number>,
  cols: ArrayLike<number>,
  place: Int32Array,
  first: Int32Array,
  belowStarts: Int32Array,
  below: Int32Array,
  ownerOf: Int32Array,
) {
  const entries = rows.length;
  const entryStarts = new Int32Array(count + 1);
  for (let k = 0; k < entries; k++) entryStarts[ownerOf[Math.min(place[rows[k]], place[cols[k]])] + 1] += 1;
  for (let s = 0; s < count; s++) entryStarts[s + 1] += entryStarts[s];
  const fill = entryStarts.slice();
  const entry = new Int32Array(entries);
  for (let k = 0; k < entries; k++) entry[fill[ownerOf[Math.min(place[rows[k]], place[cols[k]])]]++] = k;
  const entryPlace = new Int32Array(entries);
  const position = new Int32Array(place.length);
  for (let s = 0; s < count; s++) {
    const width = first[s + 1] - first[s];
    const height = width + belowStarts[s + 1] - belowStarts[s];
    for (let c = 0; c < width; c++) position[first[s] + c] = c;
    for (let p = belowStarts[s]; p < belowStarts[s + 1]; p++) position[below[p]] = width + p - belowStarts[s];
    for (let e = entryStarts[s]; e < entryStarts[s + 1]; e++) {
      const a = place[rows[entry[e]]];
      const b = place[cols[entry[e]]];
      entryPlace[e] = position[Math.min(a, b)] * height + position[Math.max(a, b)];
    }
  }
  return { entryStarts, entry, entryPlace };
}
