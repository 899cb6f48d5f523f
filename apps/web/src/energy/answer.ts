// A grid with its cheapest operation as the page draws it. The same code answers at the hub and in the reader's browser.
import { type Grid, makeGrid, readCase, solveAcOpf } from '@madang/energy';
import { LAYOUT_LIMIT, layoutGraph } from './layout.ts';

export interface GridBus {
  readonly number: number;
  readonly loadMw: number;
  readonly generationMw: number;
  /** $/MWh. */
  readonly price: number;
  /** Part of the price that comes from lines at their limit. */
  readonly congestion: number;
  readonly voltagePu: number;
  /** Position in the unit square; absent for grids too large to lay out. */
  readonly x?: number;
  readonly y?: number;
}

export interface GridLine {
  /** Positions in `buses`. */
  readonly from: number;
  readonly to: number;
  /** Active power into the line at its from end; negative runs the other way. */
  readonly flowMw: number;
  /** Apparent power over the rating; NaN without one. */
  readonly loading: number;
  readonly ratingMva: number;
}

export interface GridAnswer {
  readonly name: string;
  readonly status: 'optimal' | 'infeasible' | 'failed';
  readonly detail: string;
  readonly costPerHour: number;
  /** How far from the optimum the cost can be at most, a fraction. */
  readonly gap: number;
  readonly buses: readonly GridBus[];
  readonly lines: readonly GridLine[];
  readonly violations: readonly string[];
  readonly milliseconds: number;
}

/** Solves a MATPOWER case. `clock` in milliseconds. Throws EnergyError with what is wrong in the file. */
export function gridAnswer(text: string, name: string, clock: () => number): GridAnswer {
  const started = clock();
  const grid = makeGrid(readCase(text, name), { needCosts: true });
  const r = solveAcOpf(grid);
  const { buses, branches, generators } = grid;
  const generation = new Float64Array(buses.count);
  for (let g = 0; g < generators.count; g++) generation[generators.bus[g]] += r.powerMw[g] || 0;
  const xy = buses.count <= LAYOUT_LIMIT ? layoutGraph(buses.count, edgesOf(grid)) : undefined;
  return {
    name,
    status: r.status,
    detail: r.detail,
    costPerHour: r.cost,
    gap: r.gap,
    buses: Array.from({ length: buses.count }, (_, i) => ({
      number: buses.number[i],
      loadMw: buses.loadMw[i],
      generationMw: generation[i],
      price: r.priceMwh[i],
      congestion: r.congestionPriceMwh[i],
      voltagePu: r.voltagePu[i],
      ...(xy ? { x: xy[2 * i], y: xy[2 * i + 1] } : {}),
    })),
    lines: Array.from({ length: branches.count }, (_, l) => {
      const apparent = Math.max(
        Math.hypot(r.flowFromMw[l], r.flowFromMvar[l]),
        Math.hypot(r.flowToMw[l], r.flowToMvar[l]),
      );
      const rating = branches.ratingMva[l];
      return {
        from: branches.from[l],
        to: branches.to[l],
        flowMw: r.flowFromMw[l],
        loading: Number.isFinite(rating) && rating > 0 ? apparent / rating : Number.NaN,
        ratingMva: rating,
      };
    }),
    violations: r.violations.slice(0, 10).map(v => `${v.what}: ${v.by.toPrecision(3)} ${v.unit}`),
    milliseconds: clock() - started,
  };
}

function edgesOf(grid: Grid): [number, number][] {
  const { branches, dcLines } = grid;
  const out: [number, number][] = [];
  for (let l = 0; l < branches.count; l++) out.push([branches.from[l], branches.to[l]]);
  for (let l = 0; l < dcLines.count; l++) out.push([dcLines.from[l], dcLines.to[l]]);
  return out;
}
