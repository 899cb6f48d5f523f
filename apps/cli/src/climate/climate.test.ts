// The climate commands from end to end, on the small model: files in, files out, exit codes, sentences.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { TINY_MEMBERS, TINY_SPECIES, tinyEmissions, tinyForcing } from '@madang/climate';
import { parseCsv, type Table } from '@madang/numerics';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import type { Outcome } from '../command.ts';
import { CommandError } from '../command.ts';
import { commands } from './commands.ts';

const folder = tempFolder('madang-climate-');
const path = (name: string) => join(folder, name);
const put = (name: string, text: string) => {
  writeFileSync(path(name), text);
  return path(name);
};
const files = {
  emissions: put('E.csv', tinyEmissions(1850, 260)),
  forcing: put('V.csv', tinyForcing(1850, 260)),
  configs: put('P.csv', TINY_MEMBERS),
  species: put('S.csv', TINY_SPECIES),
  scenario: 'plan',
};
const silent = { json: true, log() {}, progress: () => ({ tick() {}, done() {} }) };

async function run(
  name: string,
  options: Record<string, unknown>,
): Promise<Outcome & { json: Record<string, unknown> }> {
  const command = commands.find(c => c.name === name);
  assert.ok(command, name);
  const camel = (flags: string) =>
    /--([a-z0-9-]+)/.exec(flags)![1].replaceAll(/-(.)/g, (_, c: string) => c.toUpperCase());
  const defaults = Object.fromEntries(
    (command.options ?? []).flatMap(o => (o.default === undefined ? [] : [[camel(o.flags), o.default]])),
  );
  return (await command.run([], { ...defaults, ...options } as never, silent)) as Outcome & {
    json: Record<string, unknown>;
  };
}
const read = (name: string): Table => parseCsv(readFileSync(path(name), 'utf8'), name);
const about = (t: Table) => t.text('provenance');

test('fair: rows for every member and bound, bands, provenance in the first row only', async () => {
  const r = await run('fair', {
    ...files,
    out: path('out.csv'),
    speciesOut: path('species.csv'),
    percentiles: path('bands.csv'),
  });
  assert.equal(r.json['ok'], true);
  const t = read('out.csv');
  assert.equal(t.length, 2 * 261);
  assert.deepEqual([...new Set(t.text('config'))], ['warm', 'cool']);
  assert.ok(t.numbers('temperature_layer0_K').every(Number.isFinite));
  assert.match(about(t)[0], /units: .*inputs: S\.csv sha256:[0-9a-f]{16}.*cite: Leach/);
  assert.ok(
    about(t)
      .slice(1)
      .every(s => s === ''),
  );
  assert.equal(read('species.csv').length, 2 * 261 * 6);
  const bands = read('bands.csv');
  assert.equal(bands.length, 260);
  for (let i = 0; i < bands.length; i++) assert.ok(bands.numbers('gsat_p05')[i] <= bands.numbers('gsat_p95')[i]);
});

test('fair: threads, blocks and one member alone give the same numbers', async () => {
  await run('fair', { ...files, out: path('one.csv') });
  await run('fair', { ...files, configs: put('many.csv', many(230)), out: path('many-out.csv'), threads: '2' });
  const one = read('one.csv');
  const single = one.numbers('temperature_layer0_K');
  const big = read('many-out.csv').numbers('temperature_layer0_K');
  assert.equal(big.length, 230 * 261);
  for (const m of [0, 99, 100, 229]) for (let t = 0; t < 261; t++) assert.equal(big[m * 261 + t], single[t]);
  await run('fair', { ...files, members: 'cool', out: path('alone.csv') });
  assert.deepEqual(read('alone.csv').text('conc_CO2_ppm'), one.text('conc_CO2_ppm').slice(261));
});

function many(n: number): string {
  const [header, warm] = TINY_MEMBERS.trim().split('\n');
  return [header, ...Array.from({ length: n }, (_, k) => warm.replace('warm', `m${k}`))].join('\n');
}

test('fair: noise is repeatable and moves temperature', async () => {
  const noisy = async (seed: string, out: string) => {
    await run('fair', { ...files, noise: seed, out: path(out) });
    return read(out).text('temperature_layer0_K');
  };
  const a = await noisy('1', 'n1.csv');
  assert.deepEqual(await noisy('1', 'n2.csv'), a);
  assert.notDeepEqual(await noisy('2', 'n3.csv'), a);
});

test('fair: what is wrong is said in a sentence, with the exit code', async () => {
  const refused = (options: Record<string, unknown>, exit: number, pattern: RegExp) =>
    assert.rejects(run('fair', { ...files, ...options }), (e: unknown) => {
      assert.ok(e instanceof CommandError, String(e));
      assert.match(e.message, pattern);
      assert.equal(e.exit, exit);
      return true;
    });
  await refused({ emissions: path('nothing.csv') }, 2, /cannot read .*nothing\.csv/);
  await refused({ scenario: 'other' }, 1, /E\.csv: no scenario "other"; there are: plan/);
  await refused({ out: path('none/out.csv') }, 1, /cannot write .*none\/out\.csv: ENOENT/);
  await refused({ percentiles: path('none/bands.csv') }, 1, /cannot write .*none\/bands\.csv: ENOENT/);
  const without = put('without.csv', tinyEmissions(1850, 260).replace(/^.*CH4,.*\n/m, ''));
  await refused({ emissions: without }, 1, /"CH4" is driven by emissions, but .*without\.csv has no row for it/);
  await refused({ end: '2200' }, 1, /E\.csv, row 2 \(CO2 FFI\): the run from 1850 to 2200/);
  await refused({ end: 'soon' }, 2, /--end must be a number/);
  await refused({ ghgMethod: 'guess' }, 2, /--ghg-method must be one of/);
  await refused({ reference: 'long ago' }, 2, /--reference must be two years/);
  await refused({ members: 'warm,tepid' }, 1, /no member "tepid"/);
  await refused({ emissions: undefined, forcing: undefined }, 2, /at least one table of drivers/);
  const wild = put(
    'wild.csv',
    TINY_MEMBERS.replace('iirf_0[CO2]', 'lifetime_temperature_sensitivity').replace(',29,', ',-9,'),
  );
  await refused(
    { configs: wild, out: path('wild-out.csv') },
    1,
    /member warm, 18\d\d: the temperature is not a finite number/,
  );
  assert.equal(existsSync(path('wild-out.csv')), false, 'no half result');
  const removal = put('removal.csv', tinyEmissions(1850, 260, -900));
  await refused({ emissions: removal }, 1, /member warm, 18\d\d: the concentration of CO2 falls to -/);
});

test('the commands on outcomes run, write and agree with each other', async () => {
  const b = await run('budget', { ...files, limits: '0.3,9', from: '1900', out: path('budget.csv') });
  const limits = b.json['limits'] as Record<string, number | null>[];
  assert.equal(limits[0]['reaching_share'], 1);
  assert.equal(limits[1]['reaching_share'], 0);
  assert.equal(limits[1]['budget_p50_GtCO2'], null);
  const so = b.json['modelledSoFar'] as { p50: number };
  const moved = await run('budget', {
    ...files,
    limits: '0.6',
    from: '1900',
    anchor: `${(so.p50 + 0.2).toFixed(3)}@1890-1899`,
  });
  const still = await run('budget', { ...files, limits: '0.6', from: '1900' });
  const spent = (o: typeof b) => (o.json['limits'] as Record<string, number>[])[0]['budget_p50_GtCO2'];
  assert.ok(spent(moved) < spent(still), `${spent(moved)} ${spent(still)}`);
  await assert.rejects(run('budget', { ...files, from: '1900', anchor: '1.2' }), /KELVIN@FROM-TO/);
  await assert.rejects(run('budget', { ...files, from: '1900', anchor: '1.2@2100-2200' }), /does not cover 2100-2200/);
  for (const window of ['0', '20.5', '900'])
    await assert.rejects(run('budget', { ...files, from: '1900', window }), /--window .* whole number of years/);
  await assert.rejects(
    run('budget', { ...files, from: '1900', out: path('nowhere/b.csv') }),
    /cannot write .*nowhere\/b\.csv/,
  );
  const sea = await run('sea-level', { ...files, out: path('sea.csv') });
  assert.ok((sea.json['last'] as Record<string, number>)['total_p50_m'] > 0);
  const parts = put(
    'parts.csv',
    tinyEmissions(1850, 260)
      .replace('scenario', 'part')
      .replaceAll('plan', 'everyone')
      .split('\n')
      .slice(0, 2)
      .join('\n'),
  );
  const a = await run('attribute', { ...files, parts, out: path('parts-out.csv') });
  const rows = a.json['rows'] as Record<string, number | string>[];
  assert.equal(rows[0]['part'], 'everyone');
  assert.ok(Math.abs(Number(rows[0]['left_out_p50_K']) - Number(rows[2]['left_out_p50_K'])) < 1e-9);
  await assert.rejects(
    run('attribute', { ...files, parts: put('short.csv', 'part,variable,unit,1900.5\nx,CO2 FFI,Gt CO2/yr,1\n') }),
    /no emissions for 1850; give them, or say --zero-outside/,
  );
  const observed = put(
    'T.csv',
    `Source,Year,Mean\n${Array.from({ length: 170 }, (_, k) => `s,${1850 + k},${0.01 * k}`).join('\n')}\n`,
  );
  const c = await run('constrain', {
    ...files,
    temperature: observed,
    source: 's',
    leastMembers: '1',
    out: path('weights.csv'),
  });
  assert.equal(c.json['ok'], true);
  const w = read('weights.csv').numbers('weight');
  assert.ok(Math.abs(w[0] + w[1] - 1) < 1e-9);
  const refused = await run('constrain', { ...files, temperature: observed, source: 's', leastMembers: '3' });
  assert.equal(refused.exit, 1);
  const economy = put(
    'gdp.csv',
    `year,output,population\n${Array.from({ length: 110 }, (_, k) => `${2000 + k},${1e14 * 1.02 ** k},8e9`).join('\n')}\n`,
  );
  const cost = await run('social-cost', {
    ...files,
    pulseYear: '2000',
    economy,
    damage: 'dice2016',
    discount: 'constant:0.02',
  });
  assert.ok(Number(cost.json['meanPerTonne']) > 0);
  for (const discount of ['2 %', 'constant:2', 'ramsey:1.5,1', 'ramsey:0.02'])
    await assert.rejects(
      run('social-cost', { ...files, pulseYear: '2000', economy, damage: 'dice2016', discount }),
      /--discount must be/,
    );
});

test('scenario and maker: what they write can be run again', async () => {
  await run('scenario', {
    emissions: files.emissions,
    scenario: 'plan',
    name: 'pledge',
    edit: ['CH4 scale 0.5 1900-1910 because'],
    out: path('pledge.csv'),
  });
  const t = read('pledge.csv');
  assert.match(t.text('history')[2], /scale times 0\.5 Mt CH4\/yr, 1900-1910: because/);
  const run1 = await run('fair', { ...files, emissions: path('pledge.csv'), scenario: 'pledge' });
  const made = await run('maker', {
    ...files,
    carbonPrice: '300@1900-1920',
    methane: '0.4@1900-1910',
    out: path('maker.csv'),
    emissionsOut: path('made.csv'),
  });
  const last = made.json['last'] as Record<string, number>;
  assert.ok(last['gsat_p50'] < last['before_p50']);
  const again = await run('fair', { ...files, emissions: path('made.csv'), scenario: 'plan with policies' });
  assert.ok(Math.abs((again.json['last'] as Record<string, number>)['gsat_p50'] - last['gsat_p50']) < 1e-6);
  assert.equal(run1.json['ok'], true);
  await assert.rejects(run('maker', { ...files, coal: '2@1900-1920' }), /--coal must be SIZE@FROM-BY/);
  await assert.rejects(
    run('maker', { ...files, assume: put('assume.json', '{"coalshare": 1}') }),
    /no elasticity "coalshare"/,
  );
  await assert.rejects(
    run('scenario', {
      emissions: files.emissions,
      scenario: 'plan',
      name: 'x',
      edit: ['CH4 half'],
      out: path('x.csv'),
    }),
    /--edit must be/,
  );
});

test('emulate, ebm and fair1', async () => {
  const calibrations = put(
    'ebm.csv',
    'model,run,gamma,C1,C2,kappa1,kappa2,epsilon,F_4xCO2\nA,r1,2,8,100,1.2,0.7,1.1,7.4\n',
  );
  const e = await run('ebm', { calibrations, out: path('ebm-out.csv') });
  assert.ok(
    Math.abs((e.json['results'] as Record<string, number>[])[0]['ecs_K'] - 3.7 / 1.2) < 1e-9,
    'ECS is F2x over the feedback',
  );
  const series = put('F.csv', `year,forcing_W_m2\n${Array.from({ length: 5000 }, (_, k) => `${k},3.7`).join('\n')}\n`);
  const m = await run('emulate', { calibrations, forcingSeries: series, out: path('emulate.csv') });
  assert.ok(Math.abs(Number(m.json['p50']) - 3.7 / 1.2) < 1e-6, 'in the end the equilibrium');
  await assert.rejects(
    run('ebm', {
      calibrations: put('bad.csv', 'model,run,gamma,C1,C2,kappa1,kappa2,epsilon,F_4xCO2\nA,r1,2,8,,1.2,0.7,1.1,7.4\n'),
    }),
    /row 2, column "C2"/,
  );
  await assert.rejects(
    run('ebm', {
      calibrations: put(
        'negative.csv',
        'model,run,gamma,C1,C2,kappa1,kappa2,epsilon,F_4xCO2\nA,r1,2,8,100,1.2,0.7,1.1,-7.4\n',
      ),
    }),
    /row 2, column "F_4xCO2": it is -7.4; it must be positive/,
  );
  const f = await run('fair1', {
    series: put('v1.csv', `emissions_GtC_per_yr\n${'10\n'.repeat(100)}`),
    out: path('v1-out.csv'),
  });
  assert.ok((f.json['last'] as Record<string, number>)['co2_ppm'] > 400);
  await assert.rejects(
    run('fair1', { series: path('v1.csv'), set: ['tcr=2'] }),
    /no parameter "tcr"; there are: .*tcrK/,
  );
});

test('scenario: harmonised to history, infilled from other scenarios, run by the model', async () => {
  const table = (name: string, factor: number, species: readonly string[]) =>
    tinyEmissions(1850, 260)
      .split('\n')
      .filter((l, i) => i === 0 || species.some(s => l.includes(`,${s},`)))
      .map((l, i) =>
        i === 0
          ? l
          : [
              ...l.replace('plan', name).split(',').slice(0, 4),
              ...l
                .split(',')
                .slice(4)
                .map(v => Number(v) * factor),
            ].join(','),
      )
      .join('\n');
  const body = (text: string) => text.split('\n').slice(1).join('\n');
  const all = ['CO2 FFI', 'CO2 AFOLU', 'CH4', 'N2O'];
  const mine = put('mine.csv', table('mine', 1.1, ['CO2 FFI', 'CO2 AFOLU', 'CH4']));
  const database = put('database.csv', `${table('low', 0.5, all)}\n${body(table('high', 2, all))}`);
  const history = put('history.csv', table('history', 1, all));
  const r = await run('scenario', {
    emissions: mine,
    scenario: 'mine',
    name: 'made',
    infill: ['N2O from CO2 AFOLU by interpolate'],
    database,
    history,
    historyScenario: 'history',
    baseYear: '1990',
    convergence: '2020',
    out: path('made2.csv'),
  });
  assert.deepEqual(Object.keys((r.json['history'] as object) ?? {}).sort(), ['CH4', 'CO2 AFOLU', 'CO2 FFI', 'N2O']);
  const t = read('made2.csv');
  const at = (species: string, year: string) => t.numbers(year)[t.text('variable').indexOf(species)];
  assert.ok(Math.abs(at('CH4', '1990.5') - 200) < 1e-9, 'history in the base year');
  assert.ok(Math.abs(at('CH4', '2050.5') - 220) < 1e-9, 'its own after convergence');
  assert.ok(Math.abs(at('N2O', '2050.5') - 8.8) < 1e-9, 'filled between low and high where the lead is 1.1');
  const done = await run('fair', { ...files, emissions: path('made2.csv'), scenario: 'made' });
  assert.equal(done.json['ok'], true);
  await assert.rejects(
    run('scenario', { emissions: mine, scenario: 'mine', name: 'x', infill: ['N2O by magic'], out: path('x.csv') }),
    /--infill must be/,
  );
});

test('fair: years are interpolated only when asked', async () => {
  const lines = tinyEmissions(1850, 260)
    .split('\n')
    .map(l => l.split(','));
  const some = lines.map(l => l.filter((_, k) => k < 4 || (k - 4) % 7 === 0 || k === 263).join(',')).join('\n');
  const sparse = put('sparse.csv', some);
  await assert.rejects(run('fair', { ...files, emissions: sparse }), /there is no column for 1851\.5/);
  const r = await run('fair', { ...files, emissions: sparse, interpolate: true });
  assert.equal(r.json['ok'], true);
});

test('fair: shorter and longer steps, and a temperature that is given', async () => {
  const half = { ...files, start: '1851', end: '2100', step: '0.5', interpolate: true };
  await run('fair', { ...half, out: path('half.csv'), percentiles: path('half-bands.csv'), reference: '1860-1880' });
  assert.equal(read('half.csv').length, 2 * 499);
  assert.deepEqual([...read('half-bands.csv').numbers('year')].slice(0, 3), [1851, 1852, 1853]);
  await run('fair', { ...files, step: '5', percentiles: path('five.csv') });
  await run('fair', { ...files, percentiles: path('one.csv') });
  const [five, one] = [read('five.csv'), read('one.csv')];
  assert.deepEqual([...five.numbers('year')].slice(-2), [2100, 2105]);
  const near = one.numbers('gsat_p50')[2107 - 1850] - five.numbers('gsat_p50')[51];
  assert.ok(Math.abs(near) < 0.1, String(near));
  const given = put('prescribed.csv', 'year,temperature_K\n1850,0\n2000,1\n2110,2\n');
  await run('fair', { ...files, prescribe: given, interpolate: true, out: path('given.csv') });
  const t = read('given.csv');
  assert.equal(t.numbers('temperature_layer0_K')[75], 0.5);
  assert.ok(t.numbers('temperature_layer1_K').every(Number.isNaN));
  await assert.rejects(run('fair', { ...files, prescribe: given }), /prescribed\.csv, column "year": 1851 is missing/);
  await assert.rejects(run('fair', { ...files, prescribe: given, noise: '1' }), /--noise has no part/);
  await assert.rejects(run('fair', { ...files, step: '0.3' }), /--step 0.3 must go into a year/);
  await assert.rejects(run('fair', { ...files, step: '0' }), /--step must be a number above 0/);
});

test('fair: tables as strangers write them give the same run; others are told what is wrong', async () => {
  const plain = await run('fair', files);
  const all = (change: (text: string) => string) =>
    Object.fromEntries(
      (['emissions', 'forcing', 'configs', 'species'] as const).map((k, i) => [
        k,
        put(`odd${i}.csv`, change(readFileSync(files[k], 'utf8'))),
      ]),
    );
  const ways: Record<string, (text: string) => string> = {
    'byte order mark, CRLF': t => `\ufeff${t.replaceAll('\n', '\r\n')}`,
    'spaces and blank lines': t => `${t.trimEnd().replaceAll(',', ', ')}\n\n  \n`,
    'line ends of old Macs': t => t.replaceAll('\n', '\r'),
    quoted: t =>
      t
        .trim()
        .split('\n')
        .map(l => l.replaceAll(/[^,]+/g, '"$&"'))
        .join('\n'),
    'columns the other way round': t =>
      t.startsWith('config') || t.startsWith('name')
        ? t
            .trim()
            .split('\n')
            .map(l => l.split(',').reverse().join(','))
            .join('\n')
        : t,
  };
  for (const [way, change] of Object.entries(ways))
    assert.deepEqual((await run('fair', { ...files, ...all(change) })).json['last'], plain.json['last'], way);
  const semicolons = all(t => t.replaceAll(',', ';'));
  await assert.rejects(run('fair', { ...files, ...semicolons }), /row 1: the columns are separated by semicolons/);
  const whole = all(t => t.replaceAll(/(\d{4})\.5\b/g, '$1'));
  await assert.rejects(
    run('fair', { ...files, ...whole }),
    /column "1850": emissions belong to the middle of their year/,
  );
});

test('fair: emissions that lead to a concentration that is given run back to it', async () => {
  const species = TINY_SPECIES.replace('CO2,co2,calculated', 'CO2,co2,concentration');
  const bounds = Array.from({ length: 261 }, (_, i) => 1850 + i);
  const ppm = ['x,World,CO2,ppm', ...bounds.map((_, i) => 278.3 + 0.002 * i * i)].join(',');
  const given = {
    ...files,
    species: put('S-conc.csv', species),
    concentrations: put('C.csv', `scenario,region,variable,unit,${bounds.join(',')}\n${ppm.replace('x,', 'plan,')}\n`),
  };
  await run('fair', { ...given, speciesOut: path('species-conc.csv'), out: path('conc.csv') });
  const t = read('species-conc.csv');
  const rows = [...t.text('specie').entries()].filter(([i, s]) => s === 'CO2' && t.text('config')[i] === 'warm');
  const emissions = rows.map(([i]) => t.numbers('emissions')[i]).slice(0, -1);
  assert.ok(Number.isNaN(t.numbers('emissions')[rows[260][0]]));
  const row = ['plan', 'World', 'CO2', 'Gt CO2/yr', ...emissions].join(',');
  const back = {
    ...files,
    members: 'warm',
    species: put('S-back.csv', TINY_SPECIES.replace('CO2,co2,calculated', 'CO2,co2,emissions')),
    emissions: put('E-back.csv', `${tinyEmissions(1850, 260)}\n${row}\n`),
  };
  await run('fair', { ...back, out: path('back.csv') });
  const [there, again] = [read('conc.csv').numbers('conc_CO2_ppm'), read('back.csv').numbers('conc_CO2_ppm')];
  for (let k = 0; k <= 260; k++) assert.ok(Math.abs(there[k] - again[k]) < 1e-6, `${there[k]} ${again[k]}`);
});
