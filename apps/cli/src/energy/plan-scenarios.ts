// Folders with scenarios.csv (scenario, weight): one network a scenario, its files from the folder itself and, above them, from the folder of
// the scenario's name. PyPSA 1.4 has scenarios and writes none as CSV; n.get_scenario(name).export_to_csv_folder(...) makes each folder.
import { join } from 'node:path';
import type { PlanProgram, Risk } from '@madang/energy';
import { type LinearSolver, parseCsv, type SolverOptions } from '@madang/numerics';
import { CommandError, type Outcome } from '../command.ts';
import { readPlanFolder } from './plan-folder.ts';
import { answerJson, capacitiesJson, capacityLines, finite, pricesJson } from './plan-report.ts';
import { plainly } from './read.ts';

export const SCENARIOS = 'scenarios.csv';

/** Files of every scenario with its weight. */
async function readScenarioFolders(
  folder: string,
  files: ReadonlyMap<string, string>,
): Promise<{ name: string; weight: number; files: Map<string, string> }[]> {
  const table = parseCsv(files.get(SCENARIOS) ?? '', SCENARIOS);
  if (!table.has('weight')) throw new CommandError(`${SCENARIOS}: a column "weight" is needed`, 2);
  const names = table.text(table.columns[0]);
  const weights = table.numbers('weight');
  const shared = [...files].filter(([name]) => name !== SCENARIOS);
  return Promise.all(
    names.map(async (name, k) => {
      if (!/^[^/\\]+$/.test(name) || name === '.' || name === '..')
        throw new CommandError(`${SCENARIOS}: "${name}" cannot be the name of a folder`, 2);
      const own = await readPlanFolder(join(folder, name));
      return { name, weight: weights[k], files: new Map([...shared, ...own]) };
    }),
  );
}

/** "alpha,omega" as a risk. */
export function riskOf(text: string): Risk {
  const [alpha, omega, ...more] = text.split(',').map(v => (v.trim() === '' ? Number.NaN : Number(v)));
  if (!(alpha > 0 && alpha < 1 && omega >= 0 && omega <= 1) || more.length > 0)
    throw new CommandError(
      `--risk ${text}: two numbers are needed, the share of outcomes that are not the worst (above 0, below 1) and the weight on the worst (0 to 1)`,
      2,
    );
  return { alpha, omega };
}

/** Solves the folder's scenarios together. `build` makes the program of one network's files. */
export async function planScenarios(
  folder: string,
  files: ReadonlyMap<string, string>,
  build: (files: ReadonlyMap<string, string>) => PlanProgram,
  solver: LinearSolver,
  options: SolverOptions,
  by: { readonly risk?: Risk; readonly details: boolean },
): Promise<Outcome> {
  const start = performance.now();
  const energy = await import('@madang/energy');
  const read = await readScenarioFolders(folder, files);
  const scenarios = read.map(({ name, weight, files: own }) => ({ name, weight, program: build(own) }));
  const r = plainly(() => energy.solveScenarios(scenarios, solver, by.risk, options));
  const seconds = (performance.now() - start) / 1000;
  const [{ program }] = scenarios;
  const solved = r.status === 'optimal';
  return {
    json: {
      ...answerJson(r),
      seconds,
      solver: solver.name,
      snapshots: program.network.time.count,
      capacities: capacitiesJson(r.capacities),
      ...(by.risk ? { conditionalValueAtRisk: finite(r.conditionalValueAtRisk) } : {}),
      scenarios: Object.fromEntries(
        r.scenarios.map((s, k) => [
          s.name,
          {
            weight: s.weight,
            operationCost: finite(s.operationCost),
            co2Price: finite(s.co2Price),
            ...pricesJson(scenarios[k].program, s, by.details),
          },
        ]),
      ),
    },
    text: [
      `${program.network.name}: ${scenarios.length} scenarios of ${program.network.time.count} snapshots`,
      ...(solved
        ? [
            `objective ${r.objective.toFixed(2)}, proven within ${(100 * r.gap).toPrecision(2)} %, ${seconds.toFixed(2)} s`,
            ...r.scenarios.map(s => `  ${s.name} (${s.weight}): operation ${s.operationCost.toFixed(2)}`),
            ...(by.risk ? [`  mean of the worst operation ${r.conditionalValueAtRisk.toFixed(2)}`] : []),
            ...capacityLines(program, r.capacities),
          ]
        : [`${r.status}: ${r.detail}`]),
    ].join('\n'),
    exit: solved ? 0 : 1,
  };
}
