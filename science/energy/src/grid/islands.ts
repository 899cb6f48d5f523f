// Connected parts of the network and their reference buses. A part without a reference cannot have its angles fixed: refused by name.
import { EnergyError } from '../error.ts';

export interface Island {
  readonly buses: Int32Array;
  /** Reference buses (type 3); normally one. */
  readonly references: Int32Array;
}

/** Finds the islands of the in-service AC branches. A lone bus without load and generation needs no reference of its own. */
export function findIslands(
  buses: {
    readonly count: number;
    readonly kind: Uint8Array;
    readonly number: Float64Array;
    readonly loadMw: Float64Array;
    readonly loadMvar: Float64Array;
  },
  generators: { readonly count: number; readonly bus: Int32Array },
  branches: { readonly count: number; readonly from: Int32Array; readonly to: Int32Array },
  where: string,
): { islands: Island[]; islandOf: Int32Array } {
  const root = Int32Array.from({ length: buses.count }, (_, i) => i);
  const find = (i: number) => {
    let r = i;
    while (root[r] !== r) {
      root[r] = root[root[r]];
      r = root[r];
    }
    return r;
  };
  for (let k = 0; k < branches.count; k++) root[find(branches.from[k])] = find(branches.to[k]);
  const islandOf = new Int32Array(buses.count).fill(-1);
  const lists: number[][] = [];
  const seen = new Map<number, number>();
  for (let i = 0; i < buses.count; i++) {
    const r = find(i);
    let at = seen.get(r);
    if (at === undefined) {
      at = lists.length;
      seen.set(r, at);
      lists.push([]);
    }
    islandOf[i] = at;
    lists[at].push(i);
  }
  const generating = new Uint8Array(lists.length);
  for (let g = 0; g < generators.count; g++) generating[islandOf[generators.bus[g]]] = 1;
  const islands = lists.map((list, k) => {
    const references = list.filter(i => buses.kind[i] === 3);
    const idle = list.length === 1 && !generating[k] && buses.loadMw[list[0]] === 0 && buses.loadMvar[list[0]] === 0;
    if (references.length === 0 && !idle)
      throw new EnergyError(
        'no-reference',
        `${where}: the island of ${list.length} bus${list.length > 1 ? 'es' : ''} around bus ${buses.number[list[0]]} (${list
          .slice(0, 8)
          .map(i => buses.number[i])
          .join(
            ', ',
          )}${list.length > 8 ? ', …' : ''}) has no reference bus: give one of its generator buses type 3, or type 4 to buses that are not in use`,
      );
    return { buses: Int32Array.from(list), references: Int32Array.from(references.length > 0 ? references : list) };
  });
  return { islands, islandOf };
}
