// `madang climate fair` from end to end, on the small model: files in, files out, exit codes, sentences.
import assert from 'node:assert/strict';
import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { TINY_MEMBERS, TINY_SPECIES, tinyEmissions } from '@madang/climate';
import { CommandError } from '../command.ts';
import { about, files, path, put, read, run } from '../testing/climate.ts';

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
  const bandsOf = async (more: Record<string, string>) => {
    await run('fair', { ...files, configs: path('many.csv'), percentiles: path('bands-of.csv'), ...more });
    return readFileSync(path('bands-of.csv'), 'utf8');
  };
  const alone = await bandsOf({});
  assert.equal(await bandsOf({ threads: '3' }), alone);
  assert.equal(await bandsOf({ out: path('many-out.csv') }), alone);
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
  assert.equal(existsSync(path('wild-out.csv.unfinished')), false);
  put('wild-out.csv', 'of yesterday');
  await refused({ configs: wild, out: path('wild-out.csv') }, 1, /not a finite number/);
  assert.equal(readFileSync(path('wild-out.csv'), 'utf8'), 'of yesterday', 'what stood there stays');
  const removal = put('removal.csv', tinyEmissions(1850, 260, -900));
  await refused({ emissions: removal }, 1, /member warm, 18\d\d: the concentration of CO2 falls to -/);
});

test('fair: no result is written over an input or another result', async () => {
  const before = readFileSync(files.emissions, 'utf8');
  symlinkSync(files.emissions, path('link.csv'));
  for (const out of [files.emissions, path('link.csv'), path('../') + path('E.csv').split('/').slice(-2).join('/')])
    await assert.rejects(
      run('fair', { ...files, out }),
      /cannot write .*: it is an input; give --out a file of its own/,
    );
  assert.equal(readFileSync(files.emissions, 'utf8'), before);
  const both = { out: path('both.csv'), percentiles: path('both.csv') };
  await assert.rejects(run('fair', { ...files, ...both }), /it is the file of --out; give --percentiles/);
  assert.equal(existsSync(path('both.csv')), false);
  symlinkSync(path('both.csv'), path('to-both.csv'));
  await run('fair', { ...files, out: '/dev/null', speciesOut: '/dev/null', percentiles: path('both.csv') });
  assert.equal(read('both.csv').length, 260);
  await run('fair', { ...files, percentiles: path('to-both.csv') });
  assert.ok(lstatSync(path('to-both.csv')).isSymbolicLink(), 'a link stays one');
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
      t
        .trim()
        .split('\n')
        .map(l => l.split(',').reverse().join(','))
        .join('\n'),
  };
  for (const [way, change] of Object.entries(ways))
    assert.deepEqual((await run('fair', { ...files, ...all(change) })).json['last'], plain.json['last'], way);
  const semicolons = all(t => t.replaceAll(',', ';'));
  await assert.rejects(run('fair', { ...files, ...semicolons }), /row 1: the columns are separated by semicolons/);
  const encoded = async (bytes: Buffer, pattern: RegExp) => {
    writeFileSync(path('encoded.csv'), bytes);
    await assert.rejects(run('fair', { ...files, emissions: path('encoded.csv') }), pattern);
  };
  const named = readFileSync(files.emissions, 'utf8').replaceAll('plan', 'educación');
  await encoded(
    Buffer.from(named, 'latin1'),
    /encoded\.csv, row 2: .* encoding than UTF-8 \(such as "educaci.*CSV in UTF-8$/,
  );
  await encoded(Buffer.from(`\ufeff${named}`, 'utf16le'), /encoded\.csv: it is text in UTF-16 .*CSV in UTF-8$/);
  await encoded(Buffer.from('PK\x03\x04 and so on'), /encoded\.csv: it is a file of a spreadsheet program/);
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
