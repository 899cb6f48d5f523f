// HiGHS (WebAssembly) as the solver that the network planner asks for.
import type { SolveLp } from '@madang/carbon';
import type { Highs } from 'highs';

/** Solves LP text; a time limit in seconds bounds the search. */
export async function highsSolver(timeLimitS: number): Promise<SolveLp> {
  const { default: load } = await import('highs');
  // The package's types describe its CommonJS face, where the loader is wrapped once more.
  const highs: Highs = await (load as unknown as () => Promise<Highs>)();
  return async lp => {
    const s = highs.solve(lp, { time_limit: timeLimitS, mip_rel_gap: 1e-6, output_flag: false });
    const columns = Object.entries(s.Columns) as [string, { Primal?: number }][];
    return {
      status: s.Status,
      objective: s.ObjectiveValue,
      values: new Map(columns.map(([name, c]) => [name, c.Primal ?? 0])),
    };
  };
}
