// Planning beside PyPSA with linopy: building the program, its memory, and the whole, with the same native HiGHS and with ours (WebAssembly).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPlan, readFolder } from '@madang/energy';
import { interiorSolver, type LinearModel, type LinearSolver } from '@madang/numerics';
import { sharedData } from '../../../../scripts/shared-data.ts';
import { type Figure, medianSeconds } from '../../figure.ts';
import { figure, peer } from './peer.ts';

export async function* plans(highs: LinearSolver): AsyncIterable<Figure> {
  for (const folder of ['pypsa_ac_dc_meshed/inputs', 'pypsa_model_energy']) {
    const at = sharedData(`energy/${folder}`);
    const names = readdirSync(at).filter(n => n.endsWith('.csv'));
    const files = new Map(names.map(n => [n, readFileSync(join(at, n), 'utf8')]));
    const network = readFolder(files);
    const building = await medianSeconds(() => buildPlan(network));
    const linopy = await peer('build', at);
    yield figure(`plan ${folder}: build the program`, 's', building, 5, { name: 'PyPSA with linopy', ...linopy });
    const { model } = buildPlan(network);
    const memory = memoryOf(at);
    for (const [name, task, ours] of [
      ['memory that building takes at most', 'memory', memory.growth],
      ['peak of memory of a process that reads and builds', 'peak', memory.peak],
    ] as const)
      yield figure(`plan ${folder}: ${name} (${memory.rows} rows)`, 'MB', ours, 1, {
        name: 'PyPSA with linopy',
        ...(await peer(task, at)),
      });
    const reading = await medianSeconds(() => readFolder(files), 3);
    const whole = await peer('plan', at);
    const native = await solvedNatively(model);
    if (native !== undefined)
      yield figure(
        `plan ${folder}: read and build here, solve with native HiGHS`,
        's',
        reading + building + native,
        1,
        {
          name: 'PyPSA with linopy and native HiGHS',
          ...whole,
        },
      );
    for (const [name, solver] of [
      ['HiGHS as WebAssembly', highs],
      ['our interior point', interiorSolver],
    ] as const) {
      const all = await medianSeconds(() => solver.solve(buildPlan(readFolder(files)).model), 1, 0);
      yield figure(`plan ${folder}: read, build and solve with ${name}`, 's', all, 1, {
        name: 'PyPSA with linopy and native HiGHS',
        ...whole,
      });
    }
  }
}

/** MB. The nursery of the heap is held at 1 MB, so that what could be collected hardly counts. */
function memoryOf(folder: string): { growth: number; peak: number; rows: number } {
  const script = join(import.meta.dirname, 'plan-memory.ts');
  const run = spawnSync(process.execPath, ['--expose-gc', '--max-semi-space-size=1', script, folder], {
    encoding: 'utf8',
  });
  return JSON.parse(run.stdout) as { growth: number; peak: number; rows: number };
}

/** Seconds that native HiGHS takes for our program; undefined where it is not installed. */
async function solvedNatively(m: LinearModel): Promise<number | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'madang-bench-'));
  try {
    const path = join(folder, 'program');
    const parts = [m.cost, m.columnLower, m.columnUpper, m.rowLower, m.rowUpper, m.starts, m.indices, m.values];
    const head = Float64Array.of(m.columns, m.rows, m.values.length, m.offset);
    writeFileSync(path, Buffer.concat([head, ...parts.map(p => Float64Array.from(p))].map(a => Buffer.from(a.buffer))));
    return (await peer('solve', path)).value;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
