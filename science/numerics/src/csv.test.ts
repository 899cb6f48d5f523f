import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCsv, parseCsv } from './csv.ts';

test('columns, rows and quotes', () => {
  const t = parseCsv('\ufeffa,b\r\n1,"x, ""y"""\r\n2.5,z\r\n');
  assert.deepEqual([t.columns, t.length], [['a', 'b'], 2]);
  assert.deepEqual([...t.numbers('a')], [1, 2.5]);
  assert.deepEqual(t.text('b'), ['x, "y"', 'z']);
  assert.deepEqual(t.row(0), ['1', 'x, "y"']);
  assert.deepEqual(parseCsv(formatCsv(t.columns, [t.row(0), t.row(1)])).row(0), t.row(0));
});

test('what is wrong is named by row and column', () => {
  assert.throws(() => parseCsv('a,b\n1\n', 'f.csv'), /f\.csv, row 2: 1 values where the header has 2/);
  assert.throws(() => parseCsv('a\nx\n', 'f.csv').numbers('a'), /f\.csv, row 2, column "a": "x" is not a number/);
  assert.throws(() => parseCsv('a\n0x10\n').numbers('a'), /"0x10" is not a number/);
  assert.throws(() => parseCsv('a,b\n1,2\n1e999,x\n').numbers('a'), /row 3, column "a": "1e999"/);
  assert.throws(() => parseCsv('a\n', 'f.csv').text('b'), /no column "b"/);
});

test('a column with something wrong does not spoil the others; empty, nan and NA are NaN, zeros are zeros', () => {
  const t = parseCsv('a,b\n0,x\n,y\n NaN ,\n -0.5e-3 ,3\n0b,0e5');
  assert.deepEqual([t.length, ...t.text('b')], [5, 'x', 'y', '', '3', '0e5']);
  const u = parseCsv('a,b\n0,x\n,y\n NaN ,\n -0.5e-3 ,3\n');
  assert.deepEqual([...u.numbers('a')], [0, Number.NaN, Number.NaN, -0.0005]);
  assert.deepEqual([...parseCsv('a\nNA\n1').numbers('a')], [Number.NaN, 1]);
  assert.throws(() => u.numbers('b'), /row 2, column "b": "x"/);
});
