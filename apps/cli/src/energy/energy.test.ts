import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { nearOptimal, sweepCap } from '@madang/energy';
import { sharedData, without } from '../../../../scripts/shared-data.ts';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { CommandError, type Io, type Outcome } from '../command.ts';
import { commands } from './commands.ts';
import { highsSolver } from './highs.ts';
import { plainly } from './read.ts';

const io: Io = { json: true, log() {}, progress: () => ({ tick() {}, done() {} }) };

/** Runs a command with its defaults filled in, as the frame does. */
async function run(
  name: string,
  args: (string | string[])[],
  options: Record<string, string | boolean> = {},
): Promise<Outcome> {
  const command = commands.find(c => c.name === name);
  assert.ok(command, name);
  const defaults = Object.fromEntries(
    (command.options ?? [])
      .filter(o => o.default !== undefined)
      .map(o => [
        /--([a-z-]+)/.exec(o.flags)?.[1].replaceAll(/-([a-z])/g, (_, c: string) => c.toUpperCase()),
        o.default,
      ]),
  );
  const outcome = await command.run(args, { ...defaults, ...options }, io);
  assert.ok(outcome);
  return outcome;
}

const json = (o: Outcome) =>
  o.json as Record<string, number | string | boolean | null | Record<string, unknown> | unknown[]>;
const pglib = (name: string) => sharedData(`energy/pglib/pglib_opf_${name}.m`);

test("opf: the contract's fields in all three models", { skip: without('energy/pglib') }, async () => {
  for (const [model, cost] of [
    ['dc-powermodels', 17479.8969],
    ['dc-matpower', 17479.8969],
    ['ac', 17551.8908],
  ] as const) {
    const o = await run('opf', [pglib('case5_pjm')], { model });
    const d = json(o);
    assert.equal(o.exit, 0);
    assert.equal(d['status'], 'optimal');
    assert.ok(Math.abs((d['cost'] as number) - cost) < 1e-3, `${model}: ${d['cost']}`);
    assert.ok((d['gap'] as number) >= 0 && (d['gap'] as number) < 0.2 && (d['seconds'] as number) > 0);
    assert.ok(o.text.includes('$/h'));
  }
});

test('a wrong file, option or grid ends in a sentence and the right exit code', async () => {
  const folder = tempFolder('energy-');
  const bad = join(folder, 'bad.m');
  writeFileSync(bad, "function mpc = bad\nmpc.version = '2';\nmpc.baseMVA = 100;\nmpc.bus = [];\n");
  const fails = async (exit: number, message: RegExp, ...call: Parameters<typeof run>) =>
    assert.rejects(
      run(...call),
      (e: unknown) => e instanceof CommandError && e.exit === exit && message.test(e.message),
    );
  await fails(2, /cannot read/, 'opf', [join(folder, 'none.m')]);
  await fails(2, /--model magic is unknown/, 'opf', [bad], { model: 'magic' });
  await fails(1, /matrix "gen" is missing/, 'opf', [bad]);
  await fails(1, /buses.csv is missing/, 'plan', [folder]);
  await fails(2, /cannot read the folder/, 'plan', [join(folder, 'none')]);
  await fails(2, /--method magic/, 'pf', [bad], { method: 'magic' });
  assert.throws(
    () =>
      plainly(() => {
        throw new TypeError('a bug stays a bug');
      }),
    TypeError,
  );
});

test('plan: objective and CO2 price; results are written as a folder that reads back', {
  skip: without('energy/pypsa_ac_dc_meshed'),
}, async () => {
  const folder = tempFolder('energy-');
  const input = sharedData('energy/pypsa_ac_dc_meshed/inputs');
  const d = json(await run('plan', [input], { out: folder }));
  assert.ok(Math.abs((d['objective'] as number) + 3474256.04055) < 1);
  assert.ok(Math.abs((d['co2Price'] as number) - 2178.29179922) < 1e-3);
  assert.ok(readdirSync(folder).includes('buses-marginal_price.csv'));
  const again = json(await run('plan', [folder]));
  assert.ok(Math.abs((again['objective'] as number) - (d['objective'] as number)) < 1e-3);
});

test('near-optimal ranges hold the optimum and grow with the margin; caps are swept without rebuilding', {
  skip: without('energy/pypsa_ac_dc_meshed'),
}, async () => {
  const { readPlanFolder } = await import('./plan-folder.ts');
  const energy = await import('@madang/energy');
  const program = energy.buildPlan(
    energy.readFolder(await readPlanFolder(sharedData('energy/pypsa_ac_dc_meshed/inputs'))),
  );
  const solver = await highsSolver();
  const optimum = energy.solvePlan(program, solver);
  const [narrow, wide] = [0.01, 0.05].map(m => nearOptimal(program, solver, optimum, m));
  for (const [i, a] of narrow.entries()) {
    assert.ok(a.least <= a.chosen + 1e-3 && a.most >= a.chosen - 1e-3, a.carrier);
    assert.ok(wide[i].least <= a.least + 1e-3 && wide[i].most >= a.most - 1e-3, a.carrier);
  }
  // PyPSA 1.4.0, optimize_mga(slack=0.05), weights 1 on the generators of one carrier.
  for (const [carrier, least, most] of [
    ['wind', 7199.496674683541, 7846.051229740853],
    ['gas', 332.74223516700476, 9962.151703453785],
  ] as const) {
    const range = wide.find(a => a.list === 'generators' && a.carrier === carrier);
    assert.ok(Math.abs((range?.least ?? 0) - least) < 1e-6 * least, `${carrier}: ${range?.least}`);
    assert.ok(Math.abs((range?.most ?? 0) - most) < 1e-6 * most, `${carrier}: ${range?.most}`);
  }
  // PyPSA 1.4.0, optimize_security_constrained().
  const secure = energy.solveSecure(program, solver).result;
  assert.ok(Math.abs(secure.objective + 3473763.0174296) < 1, `${secure.objective}`);
  const [loose, tight] = sweepCap(program, solver, 'co2_limit', [2000, 500]);
  assert.ok(loose.objective < optimum.objective && optimum.objective < tight.objective);
  assert.ok(loose.co2Price < optimum.co2Price && optimum.co2Price < tight.co2Price);
  assert.ok(tight.gap < 1e-6);
});

test('pf: a batch over threads gives the same whatever their number; screening lists outages', {
  skip: without('energy/pglib'),
}, async () => {
  const one = json(await run('pf', [pglib('case118_ieee')], { cases: '130', threads: '1', seed: '3' }));
  const two = json(await run('pf', [pglib('case118_ieee')], { cases: '130', threads: '2', seed: '3' }));
  assert.equal(one['converged'], 130);
  assert.equal(one['meanLossMw'], two['meanLossMw']);
  const s = json(await run('screen', [pglib('case118_ieee')], { opf: true }));
  assert.equal(s['outages'], 186);
});

test('a unit commitment plan is solved to its proven gap', async () => {
  const folder = tempFolder('energy-');
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
  put(
    'snapshots.csv',
    `,snapshot,objective,stores,generators\n${[0, 1, 2, 3].map(t => `${t},${t},1,1,1`).join('\n')}\n`,
  );
  put('buses.csv', 'name\nbus\n');
  // Coal at least 3,000 MW when on and at 20; gas at 70: the textbook case of PyPSA's manual, loads 4000, 6000, 5000, 800.
  put(
    'generators.csv',
    'name,bus,committable,p_nom,p_min_pu,marginal_cost\ncoal,bus,True,10000,0.3,20\ngas,bus,True,1000,0.1,70\n',
  );
  put('loads.csv', 'name,bus\nload,bus\n');
  put('loads-p_set.csv', ',load\n0,4000\n1,6000\n2,5000\n3,800\n');
  const d = json(await run('plan', [folder]));
  assert.equal(d['status'], 'optimal');
  assert.ok(Math.abs((d['objective'] as number) - (15000 * 20 + 800 * 70)) < 1e-3, String(d['objective']));
  assert.ok((d['gap'] as number) < 1e-6);
});

test('plan: the schedule of maintenance is told, and the operation written beside the capacities', async () => {
  const folder = tempFolder('energy-');
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
  put('snapshots.csv', ',snapshot,objective,stores,generators\n0,one,1,1,1\n1,two,1,1,1\n2,three,1,1,1\n');
  put('buses.csv', 'name\nbus\n');
  put(
    'generators.csv',
    'name,bus,p_nom,marginal_cost,maintainable,maintenance_duration,maintenance_pu\ncheap,bus,100,10,True,2,0.5\ndear,bus,100,40,False,0,1\n',
  );
  put('loads.csv', 'name,bus\nload,bus\n');
  put('loads-p_set.csv', ',load\n0,100\n1,60\n2,50\n');
  const out = join(folder, 'out');
  const o = await run('plan', [folder], { out });
  // Away when least is lost: the second and third snapshot, where half of the cheap plant lacks 10 MW.
  assert.deepEqual(json(o)['maintenance'], { 'generators cheap': ['two', 'three'] });
  assert.match(o.text, /generators cheap away: two, three/);
  assert.ok(Math.abs((json(o)['objective'] as number) - (1000 + 500 + 400 + 500)) < 1e-6);
  assert.equal(readFileSync(join(out, 'generators-maintenance.csv'), 'utf8'), ',cheap\n0,0\n1,1\n2,1\n');
  assert.equal(readFileSync(join(out, 'generators-p.csv'), 'utf8').split('\n')[2], '1,50,10');
  assert.ok(!readdirSync(out).includes('buses-marginal_price.csv'), 'whole numbers have no prices');
  const again = json(await run('plan', [out]));
  assert.equal(again['objective'], json(o)['objective']);
});

test('plan: scenarios share capacities, and each has its own files', async () => {
  const folder = tempFolder('energy-');
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
  put('scenarios.csv', 'scenario,weight\nlow,0.75\nhigh,0.25\n');
  put('buses.csv', 'name\nbus\n');
  put(
    'generators.csv',
    'name,bus,p_nom,p_nom_extendable,capital_cost,marginal_cost\nplant,bus,0,True,12,10\nimports,bus,500,False,0,40\n',
  );
  for (const [name, load] of [
    ['low', 50],
    ['high', 200],
  ] as const) {
    mkdirSync(join(folder, name));
    put(join(name, 'loads.csv'), `name,bus,p_set\nload,bus,${load}\n`);
  }
  const d = json(await run('plan', [folder]));
  // A MW beyond 50 saves 30 with probability 0.25: less than the 12 that it costs.
  assert.ok(Math.abs((d['objective'] as number) - (600 + 0.75 * 500 + 0.25 * 6500)) < 1e-6, String(d['objective']));
  assert.deepEqual(d['capacities'], { generators: { plant: 50, imports: 500 } });
  const averse = json(await run('plan', [folder], { risk: '0.75,1' }));
  assert.equal(averse['conditionalValueAtRisk'], 2000);
  await assert.rejects(run('plan', [folder], { risk: '2,1' }), /two numbers are needed/);
  await assert.rejects(run('plan', [folder], { secure: true }), /--secure does not go with scenarios.csv/);
  put('scenarios.csv', 'scenario,weight\n../low,1\n');
  await assert.rejects(run('plan', [folder]), /cannot be the name of a folder/);
  put('scenarios.csv', 'scenario,weight\nwet,1\n');
  await assert.rejects(run('plan', [folder]), /cannot read the folder .*wet/);
});

test("unit commitment, modules, maintenance and curves: PyPSA's optima", async () => {
  const at = join(import.meta.dirname, '../../../../science/energy/src/testing/pypsa-networks.json');
  const networks = JSON.parse(readFileSync(at, 'utf8')) as {
    features: string;
    files: Record<string, string>;
    objective: number;
  }[];
  const energy = await import('@madang/energy');
  const solver = await highsSolver();
  let solved = 0;
  for (const n of networks) {
    const program = energy.buildPlan(energy.readFolder(new Map(Object.entries(n.files))));
    if (!program.model.integer) continue;
    const r = energy.solvePlan(program, solver, { mipGap: 1e-9 });
    assert.ok(
      Math.abs(r.objective - n.objective) <= 1e-6 * Math.abs(n.objective),
      `${n.features}: ${r.objective}, ${n.objective}`,
    );
    solved += 1;
  }
  assert.ok(solved >= 8);
});
