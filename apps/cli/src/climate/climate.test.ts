// The other climate commands from end to end, on the small model: files in, files out, exit codes, sentences.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { tinyEmissions } from '@madang/climate';
import { files, path, put, read, run } from '../testing/climate.ts';

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

test('ebm and fair1: what cannot be run is named, and nothing is written', async () => {
  const refused = async (name: string, options: Record<string, unknown>, pattern: RegExp) => {
    await assert.rejects(run(name, { ...options, out: path('refused.csv') }), pattern);
    assert.equal(existsSync(path('refused.csv')), false);
  };
  const deep = put('deep.csv', 'model,run,gamma,C1,C2,kappa1,kappa2,kappa3,epsilon,F_4xCO2\nA,r1,2,8,100,1,1,1,1,7\n');
  await refused('ebm', { calibrations: deep }, /column "kappa3": there is no column "C3" for its layer/);
  const series = (text: string) => ({ series: put('refused-series.csv', `year,emissions_GtC_per_yr\n${text}`) });
  await refused('fair1', series(''), /refused-series\.csv: there is no year below the header/);
  await refused('fair1', series('2000,5\n2001,nan\n'), /row 3, column "emissions_GtC_per_yr": a number is missing/);
  await refused('fair1', series('2000,5\n2002,5\n'), /row 3, column "year": 2002 comes after 2000; the model takes/);
  await refused('fair1', series('2000,5\n2000,5\n'), /row 3, column "year": 2000 comes after 2000/);
  await refused(
    'fair1',
    { ...series('2000,5\n'), set: ['doublingYr=0'] },
    /doublingYr is 0; it must be a positive number/,
  );
  await refused(
    'fair1',
    { ...series('2000,5\n'), set: ['tcrK=4'] },
    /tcrK is 4; it must not be above ecsK, which is 2.75/,
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
