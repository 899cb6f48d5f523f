// The operation that a plan found, under PyPSA's names and signs: what each component does in each snapshot.
import type { PlanProgram } from './program.ts';
import type { PlanResult } from './solve.ts';

/** list -> attribute (p, p0, e, state_of_charge, status, maintenance …) -> component -> value per snapshot. */
export type Operation = Readonly<
  Record<string, Readonly<Record<string, ReadonlyMap<string, Float64Array<ArrayBuffer>>>>>
>;

/** Empty lists where nothing was solved. Powers MW at the first bus, energies MWh. */
export function operationOf(program: PlanProgram, result: PlanResult): Operation {
  const T = program.network.time.count;
  const { x } = result;
  const out: Record<string, Record<string, Map<string, Float64Array<ArrayBuffer>>>> = {};
  if (x.length === 0) return out;
  for (const [list, block] of Object.entries(program.blocks)) {
    const put = (attribute: string, name: string, value: (t: number) => number) => {
      out[list] ??= {};
      out[list][attribute] ??= new Map();
      out[list][attribute].set(
        name,
        Float64Array.from({ length: T }, (_, t) => value(t)),
      );
    };
    const isBranch = list === 'lines' || list === 'transformers' || list === 'links';
    for (const [i, name] of block.names.entries()) {
      const { first, charge, energy, spill, status, away } = block;
      put(isBranch ? 'p0' : 'p', name, t => x[first[i] + t] - (charge[i] >= 0 ? x[charge[i] + t] : 0));
      if (energy[i] >= 0) put(list === 'stores' ? 'e' : 'state_of_charge', name, t => x[energy[i] + t]);
      if (spill[i] >= 0) put('spill', name, t => x[spill[i] + t]);
      if (status[i] >= 0) put('status', name, t => Math.round(x[status[i] + t]));
      if (away[i] >= 0) put('maintenance', name, t => Math.round(x[away[i] + t]));
    }
  }
  return out;
}
