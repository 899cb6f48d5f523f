// Carbon: a pressure-swing design to cyclic steady state, temperature-swing cases. Against stated limits; IDAES where it is installed.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULTS, readBed, readSorbent, readSwingCases, steadyState, temperatureSwing } from '@madang/carbon';
import { parseCsv } from '@madang/numerics';
import { type BenchSuite, medianSeconds } from '../figure.ts';

const folder = join(process.env['MADANG_SHARED'] ?? '../shared', 'data/carbon');

export const carbon: BenchSuite = async function* () {
  if (!existsSync(folder)) return;
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const { bed, pressurisationS, blowdownS } = readBed(JSON.parse(read('psa_column_parameters.json')), 'parameters');
  const table = parseCsv(read('dual_site_langmuir_parameters.csv'));
  const operation = {
    highPa: 1e5,
    lowPa: 3000,
    feedMS: 1,
    pressurisationS,
    adsorptionS: 210,
    heavyRefluxS: 100,
    blowdownS,
    lightRefluxS: 120,
    lightReflux: 0.04,
    heavyReflux: 0.87,
  };
  const rows = table.text('row');
  const slowest = { row: '', seconds: 0 };
  let error = 0;
  for (const row of rows) {
    const sorbent = readSorbent(table, 'table', row);
    const seconds = await medianSeconds(() => {
      const r = steadyState(bed, sorbent, operation, DEFAULTS);
      if (!r.converged) throw new Error(`sorbent ${row}: ${r.why}`);
      error = Math.max(error, r.massError, r.energyError);
    }, 3);
    if (seconds > slowest.seconds) Object.assign(slowest, { row, seconds });
  }
  yield {
    name: `pressure swing, 30 cells, to steady state, slowest of ${rows.length} sorbents (${slowest.row})`,
    unit: 's',
    ours: slowest.seconds,
    against: { name: 'limit', value: 1 },
    smallerIsBetter: true,
    runs: 3,
  };
  yield {
    name: 'their largest balance error',
    unit: 'share',
    ours: error,
    against: { name: 'limit', value: 0.005 },
    smallerIsBetter: true,
    runs: 1,
  };
  const { plant, cases } = readSwingCases(JSON.parse(read('idaes_tsa_reference.json')), 'cases');
  const peer = idaes(join(folder, 'idaes_tsa_reference.json'));
  for (const c of cases) {
    const theirs = peer?.cases[c.name];
    yield {
      name: `temperature swing, ${c.name}`,
      unit: 's',
      ours: await medianSeconds(() => temperatureSwing(c.sorbent, c.design, plant), 9, 3),
      against: {
        name: `IDAES ${peer?.version ?? ''}`.trim(),
        value: theirs?.ok ? theirs.seconds : undefined,
        note: theirs?.ok
          ? `processor time of build and solution, ipopt with ${theirs.linearSolver}`
          : peer
            ? 'did not solve here'
            : 'not installed; set MADANG_PEERS to an environment with idaes-pse, and have ipopt on PATH',
      },
      smallerIsBetter: true,
      runs: 9,
    };
  }
};

interface Idaes {
  readonly version: string;
  readonly cases: Readonly<Record<string, { seconds: number; ok: boolean; linearSolver: string }>>;
}

/** What IDAES takes for the cases of the file, when MADANG_PEERS names an environment that has it. */
function idaes(file: string): Idaes | undefined {
  const python = process.env['MADANG_PEERS'] ? join(process.env['MADANG_PEERS'], 'bin/python') : undefined;
  if (!python || !existsSync(python)) return undefined;
  try {
    const program = join(import.meta.dirname, '../../peers/carbon_idaes.py');
    const out = execFileSync(python, [program, file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return JSON.parse(out.trim().split('\n').at(-1)!);
  } catch {
    return undefined;
  }
}
