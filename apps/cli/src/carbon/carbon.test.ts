import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sharedData, without } from '../../../../scripts/shared-data.ts';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { CommandError, type Io } from '../command.ts';
import { cost } from './cost.ts';
import { isotherm } from './isotherm.ts';
import { mea } from './mea.ts';
import { network } from './network.ts';
import { register } from './register.ts';
import { tradeoff } from './tradeoff.ts';
import { tsa } from './tsa.ts';
import { vsa } from './vsa.ts';

const io: Io = { json: true, log() {}, progress: () => ({ tick() {}, done() {} }) };
const folder = tempFolder('carbon-');
const defaults = Object.fromEntries(
  (vsa.options ?? []).flatMap(o => {
    const name = /--([a-z-]+)/.exec(o.flags)?.[1] ?? '';
    return o.default === undefined ? [] : [[name.replace(/-([a-z])/g, (_, ch: string) => ch.toUpperCase()), o.default]];
  }),
);

test('vsa: the promised fields, closed balances, refusals in words', { skip: without('carbon') }, async () => {
  const params = sharedData('carbon/psa_column_parameters.json');
  const done = await vsa.run([], { ...defaults, params, sorbent: '12' }, io);
  const json = done?.json as Record<string, number | boolean>;
  assert.equal(json['converged'], true);
  for (const k of ['purity', 'recovery', 'energyKwhPerTonne', 'massError', 'energyError'])
    assert.equal(typeof json[k], 'number');
  assert.ok((json['massError'] as number) < 0.005 && (json['energyError'] as number) < 0.005);
  const out = join(folder, 'vsa.csv');
  await vsa.run([], { ...defaults, params, sorbent: '12', out }, io);
  assert.match(
    readFileSync(out, 'utf8'),
    /^quantity,value,unit,provenance\n[^\n]*mole fraction,[^\n]*doi 10\.1021\/ie302658y/,
  );
  const fails = (more: Record<string, string>, why: RegExp, exit: number) =>
    assert.rejects(
      () => vsa.run([], { ...defaults, params, sorbent: '12', ...more }, io),
      (e: unknown) => e instanceof CommandError && e.exit === exit && why.test(e.message),
    );
  await fails({ sorbent: '99' }, /no sorbent "99"/, 1);
  await fails({ lowPa: '200000' }, /below the high pressure/, 2);
  await fails({ cells: '3' }, /--cells/, 2);
  await fails({ out: join(folder, 'nowhere', 'x.csv') }, /cannot write .*nowhere/, 1);
  await fails({ feedMS: 'fast' }, /--feed-m-s wants a number/, 2);
  const whole = JSON.parse(readFileSync(params, 'utf8'));
  const table = sharedData('carbon/dual_site_langmuir_parameters.csv');
  const bed = (change: object) => {
    const file = put('broken.json', { ...whole, parameters: { ...whole.parameters, ...change } });
    return { params: file, sorbents: table };
  };
  await fails(bed({ feed_T_K: -3 }), /parameters\.feed_T_K: -3/, 1);
  await fails(bed({ column_length_m: 1000 }), /column_length_m: 1000; .*between 0\.01 and 100 m/, 1);
  const sorbent = (from: string, to: string) => {
    const file = join(folder, 'sorbents.csv');
    const text = readFileSync(table, 'utf8');
    assert.ok(text.includes(from));
    writeFileSync(file, text.replace(from, to));
    return { sorbents: file };
  };
  await fails(sorbent('1659,-33000', '1.659,-33000'), /row 13, column "particle_density_kg_m3": 1\.659/, 1);
  await fails(sorbent('1659,-33000', '1659,33000'), /row 13, column "heat_of_adsorption_CO2_J_mol": 33000/, 1);
  await fails(sorbent('9.46e-11', '9.46e11'), /row 13, column "b0_CO2": 946000000000/, 1);
  await fails(sorbent('9.46e-11', '9.46e1'), /row 13, columns "b0_CO2" and "dU_b_CO2_J_mol"/, 1);
});

test('tsa writes every case with units and provenance', { skip: without('carbon') }, async () => {
  const out = join(folder, 'tsa.csv');
  await tsa.run([sharedData('carbon/idaes_tsa_reference.json')], { out }, io);
  assert.match(
    readFileSync(out, 'utf8'),
    /velocity_in_m_s.*provenance\n.*idaes_tsa_reference\.json sha256:[0-9a-f]{16}; cite: Joss et al\. 2015/,
  );
});

test('network: HiGHS finds the cheaper way, and says when there is none', async () => {
  const file = join(folder, 'case.json');
  const c = {
    phasesYears: [10],
    discountRate: 0,
    targetMtYear: [1],
    sources: [{ name: 'plant', mostMtYear: 2, costTonne: 50 }],
    sinks: [
      { name: 'dear', mostMtYear: 2, capacityMt: 100, costTonne: 30, openMillion: 0 },
      { name: 'cheap', mostMtYear: 2, capacityMt: 100, costTonne: 5, openMillion: 10 },
    ],
    junctions: [],
    pipes: [
      { from: 'plant', to: 'dear', km: 10, existingMtYear: 2 },
      { from: 'plant', to: 'cheap', km: 100, existingMtYear: 0 },
    ],
    sizes: [{ name: '12 inch', mtYear: 1.5, millionKm: 1 }],
    flowTonne100Km: 0,
  };
  writeFileSync(file, JSON.stringify(c));
  const done = await network.run([file], { timeLimit: '20' }, io);
  // 10 Mt at 50 + 5 a tonne, 100 km laid at 1, 10 to open: 660, against 800 by the pipe that is there.
  assert.ok(Math.abs((done!.json as { costMillion: number }).costMillion - 660) < 1e-3);
  writeFileSync(file, JSON.stringify({ ...c, pipes: [] }));
  assert.equal((await network.run([file], { timeLimit: '20' }, io))?.exit, 1);
  writeFileSync(file, JSON.stringify({ ...c, sources: [{ name: 'plant', mostMtYear: 'much', costTonne: 1 }] }));
  await assert.rejects(() => network.run([file], { timeLimit: '20' }, io), /sources\[0\]\.mostMtYear: "much"/);
});

test('network: a sink takes no more in a year because it is paid for again', async () => {
  const file = join(folder, 'twice.json');
  const c = {
    phasesYears: [5, 5],
    discountRate: 0.05,
    targetMtYear: [1, 3],
    sources: [{ name: 'plant', mostMtYear: 4, costTonne: 50 }],
    sinks: [
      { name: 'small', mostMtYear: 2, capacityMt: 100, costTonne: 5, openMillion: 1 },
      { name: 'dear', mostMtYear: 2, capacityMt: 100, costTonne: 80, openMillion: 1 },
    ],
    junctions: [],
    pipes: ['small', 'dear'].map(to => ({ from: 'plant', to, km: 10, existingMtYear: 4 })),
    sizes: [{ name: '12 inch', mtYear: 1.5, millionKm: 1 }],
    flowTonne100Km: 0,
  };
  writeFileSync(file, JSON.stringify(c));
  const { stored } = (await network.run([file], { timeLimit: '20' }, io))!.json as {
    stored: { sink: string; mtYear: number }[];
  };
  assert.ok(stored.every(s => s.mtYear <= 2 + 1e-6));
  assert.ok(stored.some(s => s.sink === 'dear'));
});

test('register: a double claim ends with exit 1, a bad line is named', async () => {
  const file = join(folder, 'events.jsonl');
  const issue = {
    kind: 'issue',
    id: 'i',
    holder: 'a',
    host: 'KE',
    activity: 'p',
    fromDay: 0,
    toDay: 9,
    first: 0,
    kilograms: 10,
    bufferShare: 0,
    storage: { medium: 'rock', leakShareYear: 0, reversalChanceYear: 0 },
  };
  const retire = (id: string) => ({ kind: 'retire', id, holder: 'a', claim: 'c', first: 0, kilograms: 10 });
  writeFileSync(file, [issue, retire('r')].map(e => JSON.stringify(e)).join('\n'));
  assert.equal((await register.run([file], { horizon: '100' }, io))?.exit, 0);
  writeFileSync(file, [issue, retire('r'), retire('s')].map(e => JSON.stringify(e)).join('\n'));
  assert.equal((await register.run([file], { horizon: '100' }, io))?.exit, 1);
  writeFileSync(file, `${JSON.stringify(issue)}\n{"kind":"burn"}\n`);
  await assert.rejects(() => register.run([file], { horizon: '100' }, io), /events\.jsonl, line 2/);
});

/** The refusal in words, or what is wrong with there being none. */
const refused = async (run: () => unknown) => {
  try {
    await run();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was refused';
};
const put = (name: string, json: unknown) => {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(json));
  return file;
};

test('what --example prints is an input that works', async () => {
  for (const [command, more] of [
    [cost, {}],
    [mea, {}],
    [tsa, {}],
    [network, { timeLimit: '20' }],
    [register, { horizon: '100' }],
  ] as const) {
    const file = join(folder, `example of ${command.name}`);
    writeFileSync(file, (await command.run([], { example: true }, io))!.text);
    assert.equal((await command.run([file], more, io))?.exit ?? 0, 0, command.name);
    assert.match(await refused(() => command.run([], {}, io)), /give a file; --example/);
  }
  writeFileSync(join(folder, 'none.jsonl'), '');
  const none = () => register.run([join(folder, 'none.jsonl')], { horizon: '100' }, io);
  assert.match(await refused(none), /there is no event/);
});

test('isotherm: the reference points, and what cannot be is named', { skip: without('carbon') }, async () => {
  const sorbents = sharedData('carbon/dual_site_langmuir_parameters.csv');
  const all = readFileSync(sharedData('carbon/isotherm_test_points.csv'), 'utf8').trim().split('\n').slice(1);
  const known = all.flatMap(line => {
    const [, material, ...numbers] = line.split(',');
    const row = /row (\d+)/.exec(material)?.[1];
    return row ? [[row, ...numbers]] : [];
  });
  const points = join(folder, 'points.csv');
  writeFileSync(points, ['row,T_K,P_Pa,y_CO2', ...known.map(k => k.slice(0, 4).join(','))].join('\n'));
  const done = await isotherm.run([], { sorbents, points }, io);
  const found = (done!.json as { points: Record<string, number>[] }).points;
  assert.ok(found.length > 40);
  found.forEach((p, i) => {
    assert.ok(Math.abs(p['q_CO2_mol_kg'] / Number(known[i][4]) - 1) < 1e-6);
    assert.ok(Math.abs(p['q_N2_mol_kg'] / Number(known[i][5]) - 1) < 1e-6);
  });
  writeFileSync(points, 'T_K,P_Pa,y_CO2\n300,1e5,0.1\n300,-2,0.1\n');
  const run = () => isotherm.run([], { sorbents, points, sorbent: '3' }, io);
  assert.match(await refused(run), /points\.csv, row 3, column "P_Pa": -2/);
});

test('network, cost, tsa, mea: what cannot be is named by its place in the file', {
  skip: without('carbon'),
}, async () => {
  const plant = { name: 'plant', mostMtYear: 9, costTonne: 50 };
  const sink = { name: 'sink', mostMtYear: 2, capacityMt: 100, costTonne: 30, openMillion: 0 };
  const base = {
    phasesYears: [10],
    discountRate: 0,
    targetMtYear: [1],
    sources: [plant],
    sinks: [sink],
    junctions: [],
  };
  const pipe = { from: 'plant', to: 'sink', km: 10, existingMtYear: 2 };
  const whole = { ...base, pipes: [pipe], sizes: [{ name: 'a', mtYear: 1, millionKm: 1 }], flowTonne100Km: 0 };
  const tried = (change: object) =>
    refused(() => network.run([put('n.json', { ...whole, ...change })], { timeLimit: '9' }, io));
  assert.equal(await tried({}), 'nothing was refused');
  assert.match(await tried({ junctions: [3] }), /junctions\[0\]: 3; a name/);
  assert.match(await tried({ sources: [{ ...plant, name: undefined }] }), /sources\[0\]\.name: missing/);
  assert.match(await tried({ pipes: [{ ...pipe, to: 'plant' }] }), /pipe plant to plant: it leads nowhere/);
  assert.match(await tried({ targetMtYear: [3] }), /phase 1 asks for 3 Mt a year, the sinks take 2/);

  const swing = JSON.parse(readFileSync(sharedData('carbon/idaes_tsa_reference.json'), 'utf8'));
  swing.cases[1].number_of_beds = 0;
  assert.match(await refused(() => tsa.run([put('t.json', swing)], {}, io)), /t\.json, case ".*number of beds/);

  const column = JSON.parse(readFileSync(sharedData('carbon/idaes_mea_absorber_reference.json'), 'utf8'));
  const absorbed = (part: string, change: object) =>
    refused(() => mea.run([put('m.json', { ...column, [part]: { ...column[part], ...change } })], {}, io));
  assert.match(await absorbed('vapor_in', { T_K: -5 }), /m\.json, vapor_in\.T_K: -5/);
  assert.match(await absorbed('column', { diameter_m: 5 }), /blow the liquid out/);
  assert.match(
    await refused(() => cost.run([put('c.json', { equipment: [null] })], {}, io)),
    /c\.json: capturedTonnesYear/,
  );
});

test('tradeoff: a search that would never end is refused', { skip: without('carbon') }, async () => {
  const params = sharedData('carbon/psa_column_parameters.json');
  const run = (population: string, generations: string) => () =>
    tradeoff.run([], { params, sorbent: '16', seed: 'x', population, generations }, io);
  assert.match(await refused(run('1e9', '1')), /--population wants a whole number from 4 to 10000/);
  assert.match(await refused(run('8', '1e9')), /--generations from 0 to 10000/);
});
