// What cannot be run is named, with row and column, before the run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '@madang/numerics';
import { ClimateError } from '../error.ts';
import {
  type DriverKind,
  type FairOptions,
  makeFair,
  molecularWeights,
  type RunTime,
  readDrivers,
  readDriverTable,
  readMembers,
  readSpecies,
  spannedTime,
} from './index.ts';
import { TINY_MEMBERS, TINY_SPECIES, tinyEmissions, tinyForcing } from './tiny.ts';

interface Input {
  species?: string;
  members?: string;
  emissions?: string;
  forcing?: string;
  concentrations?: string;
  scenario?: string;
  time?: RunTime;
  interpolate?: boolean;
  options?: FairOptions;
}

function run(input: Input = {}) {
  const species = readSpecies(parseCsv(input.species ?? TINY_SPECIES), 'S.csv');
  const { model, ignored } = readMembers(parseCsv(input.members ?? TINY_MEMBERS), species, 'P.csv');
  const open = (text: string, kind: DriverKind, name: string) => readDriverTable(parseCsv(text), kind, name);
  const tables = [
    open(input.emissions ?? tinyEmissions(), 'emissions', 'E.csv'),
    open(input.forcing ?? tinyForcing(), 'forcing', 'V.csv'),
    ...(input.concentrations === undefined ? [] : [open(input.concentrations, 'concentration', 'C.csv')]),
  ];
  const read = readDrivers({
    species: species.species,
    tables,
    scenario: input.scenario ?? 'plan',
    time: input.time ?? spannedTime(tables),
    weights: molecularWeights(species),
    interpolate: input.interpolate,
  });
  const result = makeFair(model, input.options)(read.drivers, { gases: 'all', forcing: true, layers: true });
  return { result, ignored: [...ignored, ...read.ignored], drivers: read.drivers };
}

function refused(input: Input, code: string, ...parts: (string | RegExp)[]) {
  assert.throws(
    () => run(input),
    (e: unknown) => {
      assert.ok(e instanceof ClimateError, String(e));
      assert.equal(e.code, code, e.message);
      for (const p of parts)
        assert.match(e.message, p instanceof RegExp ? p : new RegExp(p.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')));
      return true;
    },
  );
}

const edit = (text: string, row: number, column: string, value: string) => {
  const lines = text
    .trim()
    .split('\n')
    .map(l => l.split(','));
  const k = lines[0].indexOf(column);
  assert.ok(k >= 0, column);
  lines[row - 1][k] = value;
  return lines.map(l => l.join(',')).join('\n');
};
const without = (text: string, column: string) => {
  const lines = text
    .trim()
    .split('\n')
    .map(l => l.split(','));
  const k = lines[0].indexOf(column);
  return lines.map(l => l.filter((_, i) => i !== k).join(',')).join('\n');
};

test('the unspoiled input runs', () => {
  const { result } = run();
  assert.ok(result.temperature[0].every(Number.isFinite));
  assert.ok(result.temperature[0][60 * 2] > result.temperature[0][60 * 2 + 1], 'the warm member is warmer');
});

test('missing year: a column that is not there, or an empty cell', () => {
  refused(
    { emissions: without(tinyEmissions(), '2010.5') },
    'missing-year',
    'E.csv, row 2 (CO2 FFI)',
    '2010.5',
    'interpolation',
  );
  refused({ emissions: edit(tinyEmissions(), 4, '2011.5', '') }, 'missing-year', 'E.csv, row 4 (CH4), column "2011.5"');
  refused({ forcing: without(tinyForcing(), '2020') }, 'missing-year', 'V.csv, row 2 (Solar)', '2020');
});

test('interpolation fills gaps only when asked, and linearly', () => {
  const gap = without(tinyEmissions(), '2010.5');
  const full = run().drivers.series[0]!;
  const filled = run({ emissions: gap, interpolate: true }).drivers.series[0]!;
  for (const [i, v] of full.entries()) assert.ok(Math.abs(v - filled[i]) < 1e-12);
  refused(
    { emissions: tinyEmissions(2000, 30), interpolate: true, time: { start: 2000, end: 2060, stepYears: 1 } },
    'short-scenario',
    '2030.5',
  );
});

test('unknown species: in drivers, in members, in the species table', () => {
  refused(
    { emissions: edit(tinyEmissions(), 3, 'variable', 'CO3') },
    'unknown-species',
    'E.csv, row 3, column "variable"',
    '"CO3"',
    'CO2 AFOLU',
  );
  refused({ members: TINY_MEMBERS.replace('[CH4]', '[CH5]') }, 'unknown-species', 'P.csv, column "forcing_scale[CH5]"');
  refused(
    { species: edit(TINY_SPECIES, 7, 'type', 'lunar') },
    'bad-species-table',
    'S.csv, row 7, column "type" (Solar)',
    'lunar',
    'volcanic',
  );
});

test('a known species that the table leaves out is reported, not an error', () => {
  const extra = `${tinyEmissions()}\nplan,World,SF6,kt SF6/yr${',1'.repeat(60)}`;
  const { ignored } = run({ emissions: extra });
  assert.equal(ignored.length, 1);
  assert.match(ignored[0], /row 6: SF6 \(not in the species table\)/);
});

test('a species without its driver', () => {
  const lines = tinyEmissions().split('\n');
  refused({ emissions: lines.filter((_, i) => i !== 3).join('\n') }, 'missing-series', '"CH4"', 'emissions', '"plan"');
});

test('unit that does not convert', () => {
  const unit = (u: string) => ({ emissions: edit(tinyEmissions(), 2, 'unit', u) });
  refused(unit('Gt CH4/yr'), 'bad-unit', 'E.csv, row 2 (CO2 FFI), column "unit"', 'Gt CO2/yr', 'another substance');
  refused(unit('Zt CO2/yr'), 'bad-unit', '"Zt"');
  refused(unit('Gt CO2/fortnight'), 'bad-unit', '"fortnight"');
  refused(unit('ppm'), 'bad-unit', '<mass> <compound>/<time>');
  refused({ forcing: edit(tinyForcing(), 2, 'unit', 'K') }, 'bad-unit', 'V.csv, row 2 (Solar)');
});

test('units that do convert give the same series', () => {
  const base = run().drivers.series[0]!;
  const factor: Record<string, number> = {
    'Mt CO2/yr': 1000,
    'Gt C/yr': 12.011 / 44.009,
    'Pg CO2/yr': 1,
    'kg CO2/s': 1e12 / (60 * 60 * 24 * 365.24219),
  };
  for (const [u, f] of Object.entries(factor)) {
    const scaled = tinyEmissions()
      .split('\n')
      .map((line, r) => {
        if (r !== 1) return line;
        const cells = line.split(',');
        return [...cells.slice(0, 3), u, ...cells.slice(4).map(v => Number(v) * f)].join(',');
      });
    const got = run({ emissions: scaled.join('\n') }).drivers.series[0]!;
    for (const [i, v] of base.entries()) assert.ok(Math.abs(got[i] - v) <= 1e-12 * Math.abs(v), `${u}: ${got[i]} ${v}`);
  }
});

test('negative concentration', () => {
  const species = edit(TINY_SPECIES, 5, 'input_mode', 'concentration');
  const years = Array.from({ length: 61 }, (_, i) => 2000 + i);
  const c = [
    ['scenario', 'region', 'variable', 'unit', ...years].join(','),
    ['plan', 'World', 'CH4', 'ppb', ...years.map(y => (y === 2007 ? -1800 : 1800))].join(','),
  ].join('\n');
  refused({ species, concentrations: c }, 'negative-concentration', 'C.csv, row 2 (CH4), column "2007"', '-1800');
  assert.ok(run({ species, concentrations: c.replace('-1800', '1800') }).result.temperature[0].every(Number.isFinite));
});

test('a scenario shorter than the run', () => {
  refused(
    { time: { start: 2000, end: 2100, stepYears: 1 } },
    'short-scenario',
    'E.csv, row 2 (CO2 FFI)',
    '2060.5',
    'the row holds 2000.5 to 2059.5',
  );
  refused(
    { emissions: tinyEmissions(2000, 40) },
    'short-scenario',
    'E.csv covers 2000 to 2040',
    'V.csv covers 2000 to 2060',
    'choose the end',
  );
  refused({ forcing: tinyForcing(2010, 50) }, 'short-scenario', 'V.csv covers 2010 to 2060', 'choose the start');
  assert.equal(
    run({ forcing: tinyForcing(2000, 90), time: { start: 2000, end: 2060, stepYears: 1 } }).result.bounds.length,
    61,
  );
  refused(
    { forcing: tinyForcing(2000, 40), time: { start: 2000, end: 2060, stepYears: 1 } },
    'short-scenario',
    'V.csv, row 2 (Solar)',
    '2041',
  );
});

test('NaN, infinity and words in a driver', () => {
  for (const v of ['nan', 'inf', 'n/a', '1e999'])
    refused(
      { emissions: edit(tinyEmissions(), 3, '2003.5', v) },
      'bad-number',
      'E.csv, row 3 (CO2 AFOLU), column "2003.5"',
      v,
    );
});

test('numbers missing or impossible among the members', () => {
  refused(
    { members: edit(TINY_MEMBERS, 3, 'forcing_scale[CH4]', '') },
    'bad-number',
    'P.csv, row 3, column "forcing_scale[CH4]" (member cool)',
  );
  refused(
    { members: edit(TINY_MEMBERS, 2, 'ocean_heat_capacity[1]', '-14') },
    'bad-parameter',
    'member warm',
    'ocean_heat_capacity[1] is -14',
  );
  refused({ members: without(TINY_MEMBERS, 'ocean_heat_transfer[2]') }, 'missing-column', 'ocean_heat_transfer[2]');
  refused({ members: TINY_MEMBERS.replace('iirf_0[CO2]', 'iirf_9[CO2]') }, 'unknown-parameter', 'iirf_9');
  refused({ members: TINY_MEMBERS.replace('cool', 'warm') }, 'bad-parameter', 'row 3', '"warm" is there twice');
  refused({ members: TINY_MEMBERS.replace('cool', '') }, 'bad-parameter', 'row 3, column "config"', 'needs a name');
  const odd = TINY_MEMBERS.replace('forcing_scale[CH4]', 'unperturbed_lifetime0[CH4]');
  refused(
    { members: edit(odd, 3, 'unperturbed_lifetime0[CH4]', '-8') },
    'bad-parameter',
    'row 3',
    'it is -8; it must be',
  );
  assert.match(
    run({ members: without(TINY_MEMBERS, 'gamma_autocorrelation') }).ignored.join(),
    /FaIR's default 2 is used/,
  );
});

test('numbers that no gas can have, by row and column', () => {
  for (const [column, value] of [
    ['unperturbed_lifetime0', '-5'],
    ['molecular_weight', '0'],
    ['baseline_concentration', '-700'],
    ['partition_fraction1', '-0.1'],
  ])
    refused(
      { species: edit(TINY_SPECIES, 5, column, value) },
      'bad-species-table',
      `S.csv, row 5, column "${column}" (CH4): it is ${value}`,
    );
});

test('parameters missing for a species, species that do not go together, duplicates, unknown scenario', () => {
  refused({ species: edit(TINY_SPECIES, 4, 'iirf_uptake', 'nan') }, 'bad-parameter', '"CO2"', 'iirf_uptake');
  refused(
    {
      species: TINY_SPECIES.split('\n')
        .filter(l => !l.startsWith('N2O'))
        .join('\n'),
    },
    'bad-species-table',
    'overlaps CO2, CH4 and N2O',
  );
  refused(
    {
      species: TINY_SPECIES.split('\n')
        .filter(l => !l.startsWith('CO2 AFOLU'))
        .join('\n'),
    },
    'bad-species-table',
    'co2 afolu',
  );
  refused({ emissions: `${tinyEmissions()}\n${tinyEmissions().split('\n')[1]}` }, 'duplicate-series', 'row 6', 'row 2');
  refused({ scenario: 'other' }, 'unknown-scenario', '"other"', 'plan');
  refused(
    { emissions: tinyEmissions().replace('2001.5,2002.5', '2001.5,2001.50') },
    'missing-year',
    'columns "2001.5" and "2001.50" are the same year',
  );
  refused(
    { emissions: tinyEmissions().replaceAll(/(\d{4}\.5)/g, 'X$1') },
    'missing-column',
    'no column is a year, as 1750.5',
    'X2001.5',
  );
});
