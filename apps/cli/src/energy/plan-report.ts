// What `madang energy plan` says: capacities, prices, alternatives as JSON and as text.
import type { Alternative, Operation, PlanProgram, PlanResult, SecureResult } from '@madang/energy';

export const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);

/** What stands in every answer, with or without scenarios. */
export function answerJson(r: {
  readonly status: string;
  readonly detail: string;
  readonly objective: number;
  readonly gap: number;
  readonly bound: number;
  readonly primalViolation: number;
}): Record<string, unknown> {
  return {
    ok: r.status === 'optimal',
    status: r.status,
    objective: finite(r.objective),
    gap: finite(r.gap),
    bound: finite(r.bound),
    detail: r.detail,
    primalViolation: finite(r.primalViolation),
  };
}

export interface Extras {
  readonly secure?: SecureResult | undefined;
  readonly sweep?: readonly object[] | undefined;
  readonly alternatives?: readonly Alternative[] | undefined;
  readonly maintenance: Readonly<Record<string, readonly string[]>>;
  readonly details: boolean;
}

export function planJson(program: PlanProgram, r: PlanResult, extras: Extras): Record<string, unknown> {
  const { secure, sweep, alternatives, maintenance } = extras;
  return {
    ...answerJson(r),
    co2Price: finite(r.co2Price),
    columns: program.model.columns,
    rows: program.model.rows,
    snapshots: program.network.time.count,
    capacities: capacitiesJson(r.capacities),
    ...pricesJson(program, r, extras.details),
    ...(secure ? { securityRows: secure.added, securityRounds: secure.rounds } : {}),
    ...(sweep ? { sweep } : {}),
    ...(alternatives ? { alternatives } : {}),
    ...(Object.keys(maintenance).length > 0 ? { maintenance } : {}),
  };
}

export function capacitiesJson(capacities: PlanResult['capacities']): Record<string, Record<string, number>> {
  return Object.fromEntries(Object.entries(capacities).map(([list, m]) => [list, Object.fromEntries(m)]));
}

/** Prices of caps and buses; with `details` those of each snapshot. */
export function pricesJson(
  program: PlanProgram,
  r: Pick<PlanResult, 'prices' | 'shadowPrices'>,
  details: boolean,
): Record<string, unknown> {
  const buses = [...r.prices];
  return {
    shadowPrices: Object.fromEntries(r.shadowPrices),
    meanPrices: Object.fromEntries(buses.map(([bus, p]) => [bus, mean(p, program.weight)])),
    ...(details ? { prices: Object.fromEntries(buses.map(([bus, p]) => [bus, [...p]])) } : {}),
  };
}

export function planText(
  name: string,
  program: PlanProgram,
  r: PlanResult,
  seconds: number,
  alternatives: readonly Alternative[],
  maintenance: Readonly<Record<string, readonly string[]>>,
): string {
  const head = `${name}: ${program.network.time.count} snapshots, ${program.model.columns} columns, ${program.model.rows} rows`;
  if (r.status !== 'optimal') return `${head}\n${r.status}: ${r.detail}`;
  return [
    head,
    `objective ${r.objective.toFixed(2)}, proven within ${(100 * r.gap).toPrecision(2)} %, ${seconds.toFixed(2)} s`,
    ...(Number.isFinite(r.co2Price) ? [`price of the cap ${r.co2Price.toFixed(2)}`] : []),
    ...capacityLines(program, r.capacities),
    ...alternatives.map(
      a => `  ${a.list} ${a.carrier}: ${a.least.toFixed(1)} to ${a.most.toFixed(1)} (chosen ${a.chosen.toFixed(1)})`,
    ),
    ...Object.entries(maintenance).map(([unit, when]) => `  ${unit} away: ${when.join(', ')}`),
  ].join('\n');
}

/** Snapshots in which units are away, by list and name. */
export function maintenanceOf(program: PlanProgram, operation: Operation): Record<string, string[]> {
  const { labels, period, periods } = program.network.time;
  const label = (t: number) => (program.network.severalYears ? `${periods[period[t]].year} ${labels[t]}` : labels[t]);
  return Object.fromEntries(
    Object.entries(operation).flatMap(([list, { maintenance }]) =>
      [...(maintenance ?? [])].map(([name, away]) => [
        `${list} ${name}`,
        [...away.keys()].filter(t => away[t] === 1).map(label),
      ]),
    ),
  );
}

/** Capacities that were chosen and are not nothing. */
export function capacityLines(program: PlanProgram, capacities: PlanResult['capacities']): string[] {
  return Object.entries(capacities).flatMap(([list, map]) =>
    [...map].flatMap(([n, v], i) =>
      program.blocks[list].nominal[i] >= 0 && v > 1e-6 ? [`  ${list} ${n}: ${v.toFixed(2)}`] : [],
    ),
  );
}

function mean(values: Float64Array, weight: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let t = 0; t < values.length; t++) {
    sum += values[t] * weight[t];
    total += weight[t];
  }
  return sum / total;
}
