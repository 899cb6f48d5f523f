import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '@madang/numerics';
import { CommandError } from '../command.ts';
import { checkVintages } from './check-vintages.ts';

const HEADER = 'target,location,date,as_of,value\n';
const row = (o: Partial<Record<'date' | 'as_of' | 'value', string>> = {}) =>
  `ILI,X,${o.date ?? '2024-12-01'},${o.as_of ?? '2024-12-06'},${o.value ?? '12.5'}\n`;
const check = (text: string) => checkVintages(parseCsv(text, 'v.csv'), 'v.csv');
const refused = (pattern: RegExp, exit: number) => (error: unknown) =>
  error instanceof CommandError && error.exit === exit && pattern.test(error.message);

test('what is wrong in a series file is named by row and column', () => {
  const good = row();
  for (const [rows, pattern] of [
    [good + row({ date: '2024-12-08', value: 'many' }), /v\.csv, row 3, column "value": "many" is not a number/],
    [good + row({ date: '2024-13-08' }), /row 3, column "date": "2024-13-08" is not a day/],
    [good + row({ as_of: 'today' }), /row 3, column "as_of": "today" is not a date/],
    [`${good}\n\r\n${row({ as_of: 'today' })}`, /row 5, column "as_of": "today" is not a date/],
    [good + row({ value: '-1' }), /row 3, column "value": -1 is below 0/],
    [good + row({ value: '13' }), /row 3, column "value": 13 where an earlier row says 12\.5 for X, 2024-12-01 as of/],
  ] as const)
    assert.throws(() => check(HEADER + rows), refused(pattern, 1));
  assert.throws(
    () => check('target,location,date,as_of\nILI,X,2024-12-01,2024-12-06\n'),
    refused(/no column "value"/, 2),
  );
});

test('missing weeks, withdrawn values, revisions and the same row twice are no faults; the second counts as repeated', () => {
  const repeated = check(
    HEADER +
      row() +
      row() +
      row({ date: '2025-03-02', as_of: '2025-03-07', value: '' }) +
      row({ as_of: '2024-12-13', value: '14' }),
  );
  assert.deepEqual([...repeated], [1]);
});
