import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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

test('a row is called by the line on which it begins, whatever stands between the rows', () => {
  const line = (text: string) => {
    const t = parseCsv(text);
    return Array.from({ length: t.length }, (_, i) => t.line(i));
  };
  assert.deepEqual(line('a\n1\n2\n'), [2, 3]);
  assert.deepEqual(line('\n\na\n\n1\n\n\n2'), [5, 8]);
  assert.deepEqual(line('\ufeffa\r\n\r\n1\r\n2\r\n\r\n3\r\n'), [3, 4, 6]);
  assert.deepEqual(line('a,b\n"x\ny",1\n2,3\n\n"x\r\n\r\ny",\n4,5\n'), [2, 4, 6, 9]);
  assert.deepEqual(line('"a\nb"\n""\n1\n'), [4], 'a header of two lines, an empty quoted line');

  const gap = 'a,b\n1,2\n\n3,x\n';
  assert.throws(() => parseCsv(gap, 'f.csv').numbers('b'), /f\.csv, row 4, column "b": "x" is not a number/);
  assert.throws(() => parseCsv(`${gap}5\n`, 'f.csv'), /f\.csv, row 5: 1 values where the header has 2/);
  assert.throws(() => parseCsv('a,b\n"1\n1",2\n3\n', 'f.csv'), /f\.csv, row 4: 1 values/);
});

test('with and without quotes, the line of every row is where its first cell stands in the file', () => {
  const cell = fc.constantFrom('1', 'x', '"q"', '"two\nlines"', '"three\r\n\r\nlines"');
  const empty = fc.array(fc.constantFrom('\n', '\r\n'), { maxLength: 3 }).map(e => e.join(''));
  const rows = fc.array(fc.tuple(empty, cell, cell, fc.constantFrom('\n', '\r\n')), { maxLength: 8 });
  fc.assert(
    fc.property(rows, list => {
      let text = 'a,b\n';
      const begins: number[] = [];
      for (const [before, first, second, end] of list) {
        text += before;
        begins.push(text.split('\n').length);
        text += `${first},${second}${end}`;
      }
      const t = parseCsv(text);
      assert.deepEqual(
        Array.from({ length: t.length }, (_, i) => t.line(i)),
        begins,
      );
      for (const [c, name] of t.columns.entries())
        assert.deepEqual(
          t.text(name),
          Array.from({ length: t.length }, (_, i) => t.row(i)[c]),
        );
    }),
  );
});
