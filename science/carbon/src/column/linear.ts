// How a small difference of the packed state at a cycle's start comes out at its end: the linearised cycle, at a sixth of a cycle's price.
import { inventory, PER_CELL } from './column.ts';
import type { Design } from './packed.ts';
import { propagate, type Tape } from './tape.ts';

/**
 * The cycle's linear map of packed states, from the tapes of its five steps (`runCycle`). What passes an end follows from what the bed holds before and after. Left out: pressurisation and
 * blowdown begin at the end's own pressure; seconds later nothing is left of that.
 */
export function linearCycle({ c, o, tank }: Design, tapes: readonly Tape[]): (x: Float64Array) => Float64Array {
  const [filling, adsorbing, refluxing, blowing, purging] = tapes;
  const n = c.cells * PER_CELL;
  const dz = c.bed.lengthM / c.cells;
  const gasRate = 1 / (dz * c.bed.voidFraction * c.scale.gas);
  const energyRate = 1 / (dz * c.scale.energy);
  const held = (y: Float64Array) => {
    const { co2, n2, energyJ } = inventory(c, y);
    return [co2, n2, energyJ];
  };
  const source = new Float64Array(n);
  const into = (cell: number, amounts: readonly number[], seconds: number) => {
    source.fill(0);
    source[cell * PER_CELL] = (amounts[0] / seconds) * gasRate;
    source[cell * PER_CELL + 1] = (amounts[1] / seconds) * gasRate;
    source[cell * PER_CELL + 2] = (amounts[2] / seconds) * energyRate;
    return source;
  };
  const scales = [tank.mol, tank.mol, tank.energyJ];
  return x => {
    const y = x.slice(0, n);
    propagate(c, filling, y);
    const before = held(y);
    propagate(c, adsorbing, y);
    const after = held(y);
    const purge = before.map((v, i) => o.lightReflux * (v - after[i]));
    if (o.heavyRefluxS > 0)
      propagate(
        c,
        refluxing,
        y,
        into(
          0,
          scales.map((s, i) => s * x[n + i]),
          o.heavyRefluxS,
        ),
      );
    propagate(c, blowing, y);
    const start = held(y);
    if (o.lightRefluxS > 0) propagate(c, purging, y, into(c.cells - 1, purge, o.lightRefluxS));
    const end = held(y);
    const fed = o.heavyRefluxS > 0 && o.lightRefluxS > 0 ? o.heavyReflux : 0;
    const out = new Float64Array(n + 3);
    out.set(y);
    for (let i = 0; i < 3; i++) out[n + i] = (fed * (start[i] + purge[i] - end[i])) / scales[i];
    return out;
  };
}
