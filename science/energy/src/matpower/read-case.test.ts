import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { sharedData, without } from '../../../../scripts/shared-data.ts';
import { EnergyError } from '../error.ts';
import { makeGrid } from '../grid/grid.ts';
import { caseText } from '../testing/small-case.ts';
import { entry } from './case.ts';
import { readCase } from './read-case.ts';
import { writeCase } from './write-case.ts';

/** The code and message with which reading and building a case is refused. */
function refusal(text: string): EnergyError {
  try {
    makeGrid(readCase(text, 'test.m'), { needCosts: true });
  } catch (error) {
    assert.ok(error instanceof EnergyError, String(error));
    return error;
  }
  assert.fail('it was accepted');
}

test('line ends, byte order mark, commas, continuation and a missing last semicolon make no difference', () => {
  const plain = readCase(caseText());
  for (const t of [
    caseText().replaceAll('\n', '\r\n'),
    caseText().replaceAll('\n', '\r'),
    `\uFEFF${caseText()}`,
    caseText().replaceAll('\t', ', '),
    caseText().replaceAll('\t', '\u00a0'),
    caseText().replaceAll(';\n]', '\n]'),
    caseText().replaceAll(';\n]', ']'),
    caseText().replaceAll('\t1.1', ' ...  % more\n 1.1'),
    `%{\nmpc.bus = [ 1 ];\n%}\n${caseText()}`,
  ])
    assert.deepEqual({ ...readCase(t), name: '' }, { ...plain, name: '' });
});

test('what is written reads back to the same data', () => {
  const number = fc.oneof(fc.double({ noDefaultInfinity: false, noNaN: false }), fc.integer());
  fc.assert(
    fc.property(fc.array(fc.array(number, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 5 }), rows => {
      const c = readCase(caseText());
      const extra = { rows: rows.length, columns: 3, data: Float64Array.from(rows.flat()) };
      const full = {
        ...c,
        matrices: { ...c.matrices, extra },
        other: { bus_name: [["O'Hare"], ['b; c'], ['%d']], note: "it's" },
      };
      assert.deepEqual(readCase(writeCase(full)), full);
    }),
    { numRuns: 50 },
  );
});

test('version 1 files are read: no prefix, no angle limits', () => {
  const old = caseText()
    .replace(/function mpc = (\w+)/, 'function [baseMVA, bus, gen, branch, gencost] = $1')
    .replace(/mpc\.version.*\n/, '')
    .replaceAll('mpc.', '');
  const c = readCase(old);
  assert.equal(c.version, '1');
  assert.equal(c.matrices['bus'].rows, 3);
});

test('bad files are refused with the thing, the row and the reason', () => {
  const t = caseText();
  const cases: [string, string, RegExp][] = [
    [t.replace(/mpc\.branch = \[[\s\S]*?\];/, ''), 'missing-matrix', /"branch" is missing/],
    [t.replace(/mpc\.gencost = \[[\s\S]*?\];/, ''), 'missing-matrix', /gencost/],
    [t.replace('mpc.baseMVA = 100;', ''), 'missing-matrix', /baseMVA/],
    [t.replace('\t1\t3\t0.065', '\t1\t77\t0.065'), 'unknown-bus', /branch row 1 .*bus 77 does not exist/],
    [t.replace('\t2\t20\t0\t', '\t9\t20\t0\t'), 'unknown-bus', /gen row 2: bus 9/],
    [t.replace('0.065\t0.62', '0\t0'), 'zero-impedance', /branch row 1 \(1-3\) has zero impedance/],
    [t.replace('\t1\t3\t110', '\t1\t1\t110'), 'no-reference', /island of 3 buses .*no reference/],
    [t.replace('\t3\t1\t95', '\t2\t1\t95'), 'duplicate', /bus 2 \(row 3\) is there twice/],
    [t.replace('1.1\t0.9;', '0.8\t0.9;'), 'limits-contradict', /Vmin 0.9 is above Vmax 0.8/],
    [t.replace('\t250\t10;', '\t5\t10;'), 'limits-contradict', /gen row 1: Pmin 10 is above Pmax 5/],
    [t.replace('0.065', 'O.065'), 'not-a-number', /"O.065" in row 1, column 3 of "branch"/],
    [t.replace('0.065', 'NaN'), 'not-a-number', /branch row 1, column 3/],
    [t.replace('0.065\t', ''), 'syntax', /row 2 of "branch" has 13 values where the rows above have 12/],
    [t.replace(/\];\s*$/, ''), 'syntax', /not closed/],
    [`${t}\nmpc.branch(1, 3) = 5;\n`, 'syntax', /is not an assignment of data/],
    [t.replace('\t2\t0\t0\t3', '\t7\t0\t0\t3'), 'cost', /cost model 7/],
  ];
  for (const [text, code, message] of cases) {
    const e = refusal(text);
    assert.equal(e.code, code, e.message);
    assert.match(e.message, message);
  }
});

test('the arithmetic at the end of distribution cases is done: index names, scalars, columns scaled', () => {
  const t = caseText();
  const plain = readCase(t).matrices;
  const { matrices } = readCase(`${t}
[PQ, PV, REF, NONE, BUS_I, BUS_TYPE, PD, QD, ...
    GS] = idx_bus;
Vbase = mpc.bus(1, BASE_KV) * 1e3;      %% in Volts
Sbase = mpc.baseMVA * 1e6;
mpc.branch(:, [BR_R BR_X]) = mpc.branch(:, [BR_R BR_X]) / (Vbase^2 / Sbase);
pf = 0.6;
mpc.bus(:, QD) = mpc.bus(:, PD) * sin(acos(pf));
mpc.bus(:, PD) = mpc.bus(:, PD) * pf;
`);
  const at = (m: typeof plain, field: string, i: number, k: number) => entry(m[field], i, k);
  const ohms = (at(plain, 'bus', 0, 9) * 1e3) ** 2 / (100 * 1e6);
  for (const k of [2, 3]) assert.ok(Math.abs(at(matrices, 'branch', 0, k) - at(plain, 'branch', 0, k) / ohms) < 1e-12);
  assert.ok(Math.abs(at(matrices, 'bus', 1, 2) - 0.6 * at(plain, 'bus', 1, 2)) < 1e-12);
  assert.ok(Math.abs(at(matrices, 'bus', 1, 3) - 0.8 * at(plain, 'bus', 1, 2)) < 1e-12);
});

test('scalar expressions are numbers: as a value, and in a matrix with scalars named before', () => {
  const t = caseText();
  for (const base of [
    'mpc.baseMVA = 2 * 50;',
    'mpc.baseMVA = 1e2 ...\n  * 1; % MVA',
    'Sb = 50; mpc.baseMVA = 2*Sb;',
    'baseMVA = 100;\nmpc.baseMVA = baseMVA;',
  ])
    assert.equal(readCase(t.replace('mpc.baseMVA = 100;', base)).baseMva, 100, base);
  const half = readCase(t.replace('mpc.bus', 'x = 0.13;\nmpc.bus').replace('0.065\t', 'x/2\t'));
  assert.equal(entry(half.matrices['branch'], 0, 2), 0.065);
  assert.equal(refusal(t.replace('mpc.baseMVA = 100;', 'mpc.baseMVA = 2 * y;')).code, 'syntax');
});

test('random damage never ends in anything but an answer or a named refusal', () => {
  const t = caseText();
  fc.assert(
    fc.property(fc.nat(t.length - 1), fc.string({ maxLength: 3 }), fc.nat(4), (at, put, cut) => {
      try {
        makeGrid(readCase(t.slice(0, at) + put + t.slice(at + cut)));
      } catch (error) {
        assert.ok(error instanceof EnergyError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test('out of service and isolated things are left out; a negative reactance is kept and noted', () => {
  const t = caseText()
    .replace('\t2\t20\t0\t200\t-200\t1\t100\t1', '\t2\t20\t0\t200\t-200\t1\t100\t0')
    .replace('0.065\t0.62', '0.065\t-0.62');
  const g = makeGrid(readCase(t));
  assert.equal(g.generators.count, 1);
  assert.match(g.warnings[0], /negative reactance/);
});

test('the reference cases survive a round trip', { skip: without('energy/pglib') }, () => {
  const folder = sharedData('energy/pglib');
  for (const f of readdirSync(folder).filter(n => n.endsWith('.m'))) {
    const c = readCase(readFileSync(join(folder, f), 'utf8'), f);
    assert.deepEqual(readCase(writeCase(c)), c);
    assert.ok(entry(c.matrices['bus'], 0, 0) > 0);
  }
});
