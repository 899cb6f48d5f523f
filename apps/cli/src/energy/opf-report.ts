// What `madang energy opf` prints.
import type { Grid, OpfResult } from '@madang/energy';

export function opfDocument(grid: Grid, r: OpfResult, seconds: number, details: boolean): unknown {
  const { buses, generators, branches, dcLines } = grid;
  const index = (n: number) => Array.from({ length: n }, (_, i) => i);
  return {
    ok: r.status === 'optimal',
    status: r.status,
    cost: finite(r.cost),
    gap: finite(r.gap),
    seconds,
    model: r.model,
    bound: finite(r.bound),
    iterations: r.iterations,
    detail: r.detail,
    primalViolationPu: finite(r.primalViolation),
    violations: r.violations.slice(0, 50),
    warnings: grid.warnings,
    ...(details
      ? {
          buses: index(buses.count).map(i => ({
            bus: buses.number[i],
            voltagePu: r.voltagePu[i],
            angleDegree: r.angleDegree[i],
            priceMwh: r.priceMwh[i],
            energyMwh: r.energyPriceMwh[i],
            congestionMwh: r.congestionPriceMwh[i],
            lossMwh: r.lossPriceMwh[i],
          })),
          generators: index(generators.count).map(g => ({
            row: generators.row[g],
            bus: buses.number[generators.bus[g]],
            powerMw: r.powerMw[g],
            reactiveMvar: r.reactiveMvar[g],
          })),
          branches: index(branches.count).map(k => ({
            row: branches.row[k],
            from: buses.number[branches.from[k]],
            to: buses.number[branches.to[k]],
            fromMw: r.flowFromMw[k],
            fromMvar: r.flowFromMvar[k],
            toMw: r.flowToMw[k],
            toMvar: r.flowToMvar[k],
            loading: loading(grid, r, k),
          })),
          dcLines: index(dcLines.count).map(k => ({ row: dcLines.row[k], powerMw: r.dcLineMw[k] })),
        }
      : {}),
  };
}

/** Share of the rating in use at the busier end; 0 without a rating. */
export function loading(grid: Grid, r: OpfResult, k: number): number {
  const apparent = Math.max(Math.hypot(r.flowFromMw[k], r.flowFromMvar[k]), Math.hypot(r.flowToMw[k], r.flowToMvar[k]));
  const rating = grid.branches.ratingMva[k];
  return Number.isFinite(rating) && rating > 0 ? apparent / rating : 0;
}

export function opfText(grid: Grid, r: OpfResult, seconds: number): string {
  const { buses, branches } = grid;
  const lines = [
    `${grid.name}: ${buses.count} buses, ${branches.count} branches, ${grid.generators.count} generators, model ${r.model}`,
  ];
  if (r.status !== 'optimal') {
    lines.push(`${r.status}: ${r.detail}`);
    for (const v of r.violations.slice(0, 10)) lines.push(`  ${v.what}: ${v.by.toPrecision(4)} ${v.unit}`);
    return lines.join('\n');
  }
  const prices = [...r.priceMwh].sort((a, b) => a - b);
  lines.push(
    `cost ${r.cost.toFixed(2)} $/h, proven within ${(100 * r.gap).toPrecision(3)} % of the optimum, ${seconds.toFixed(2)} s`,
    `price at buses: ${prices[0].toFixed(2)} to ${prices[prices.length - 1].toFixed(2)} $/MWh`,
  );
  const busy = Array.from({ length: branches.count }, (_, k) => k)
    .map(k => ({ k, load: loading(grid, r, k) }))
    .filter(b => b.load > 0.99)
    .sort((a, b) => b.load - a.load);
  lines.push(`branches at their limit: ${busy.length}`);
  for (const { k, load } of busy.slice(0, 10))
    lines.push(
      `  row ${branches.row[k]}: ${buses.number[branches.from[k]]}-${buses.number[branches.to[k]]}, ${(100 * load).toFixed(1)} % of ${branches.ratingMva[k]} MVA`,
    );
  return lines.join('\n');
}

/** JSON has no infinities: null says that there is none. */
function finite(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}
