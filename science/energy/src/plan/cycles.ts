// Kirchhoff's voltage law: a basis of cycles of each synchronous part of the network (a spanning forest and one cycle a remaining branch),
// as PyPSA states it. Breadth-first trees keep the cycles short.

export interface PassiveBranch {
  readonly from: number;
  readonly to: number;
  /** Series reactance (AC) or resistance (DC) in a unit common to its part of the network. */
  readonly impedance: number;
  /** Angle that a phase shifter adds, radians. */
  readonly shift: number;
}

/** Each cycle: branch numbers, and the sign with which the branch is walked. Branches that are not `inUse` are skipped. */
export function cycleBasis(
  buses: number,
  branches: readonly PassiveBranch[],
  inUse: (k: number) => boolean,
): { branch: number; sign: number }[][] {
  const around: number[][] = Array.from({ length: buses }, () => []);
  for (const [k, b] of branches.entries())
    if (inUse(k)) {
      around[b.from].push(k);
      around[b.to].push(k);
    }
  const parent = new Int32Array(buses).fill(-1);
  const up = new Int32Array(buses).fill(-1);
  const depth = new Int32Array(buses).fill(-1);
  const tree = new Set<number>();
  for (let root = 0; root < buses; root++) {
    if (depth[root] >= 0) continue;
    depth[root] = 0;
    const queue = [root];
    for (let head = 0; head < queue.length; head++) {
      const i = queue[head];
      for (const k of around[i]) {
        const j = branches[k].from === i ? branches[k].to : branches[k].from;
        if (depth[j] >= 0) continue;
        depth[j] = depth[i] + 1;
        parent[j] = i;
        up[j] = k;
        tree.add(k);
        queue.push(j);
      }
    }
  }
  const cycles: { branch: number; sign: number }[][] = [];
  for (const [k, b] of branches.entries()) {
    if (!inUse(k) || tree.has(k)) continue;
    // Along the branch from `from` to `to`, then back through the tree.
    const cycle = [{ branch: k, sign: 1 }];
    const tail: { branch: number; sign: number }[] = [];
    let i = b.to;
    let j = b.from;
    while (i !== j) {
      if (depth[i] >= depth[j]) {
        cycle.push({ branch: up[i], sign: branches[up[i]].from === i ? 1 : -1 });
        i = parent[i];
      } else {
        tail.push({ branch: up[j], sign: branches[up[j]].to === j ? 1 : -1 });
        j = parent[j];
      }
    }
    cycles.push([...cycle, ...tail.reverse()]);
  }
  return cycles;
}
