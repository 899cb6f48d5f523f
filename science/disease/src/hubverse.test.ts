import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hubTasks } from './hub-tasks.ts';
import { checkSubmission, type OutputRow } from './hubverse.ts';

const tasks = {
  rounds: [
    {
      model_tasks: [
        {
          task_ids: {
            reference_date: { required: null, optional: ['2001-01-06'] },
            target: { required: null, optional: ['wk inc flu hosp'] },
            horizon: { required: null, optional: [0, 1] },
            location: { required: null, optional: ['01', 'US'] },
          },
          output_type: {
            quantile: {
              output_type_id: { required: [0.25, 0.5, 0.75], optional: null },
              value: { type: 'double', minimum: 0 },
            },
          },
        },
      ],
    },
  ],
};
const row = (level: number, value: number, extra: Record<string, string | number> = {}): OutputRow => ({
  reference_date: '2001-01-06',
  target: 'wk inc flu hosp',
  horizon: 0,
  location: '01',
  output_type: 'quantile',
  output_type_id: level,
  value,
  ...extra,
});
const good = [row(0.25, 1), row(0.5, 2), row(0.75, 3)];

test('a submission that keeps the rules has no problem', () => {
  assert.deepEqual(checkSubmission(tasks, good), []);
});

test('each broken rule is named with its row', () => {
  const first = (rows: OutputRow[]) => checkSubmission(tasks, rows)[0]?.problem ?? '';
  assert.match(first([...good.slice(0, 2)]), /quantiles are missing: 0\.75/);
  assert.match(first([good[0], row(0.5, 0.5), good[2]]), /quantiles cross/);
  assert.match(first([row(0.25, -1), ...good.slice(1)]), /below the hub's minimum 0/);
  assert.match(first([...good, row(0.5, 2)]), /given twice/);
  assert.match(first(good.map(r => ({ ...r, location: '99' }))), /location "99" is not among/);
  assert.match(first([row(0.33, 1)]), /output_type_id "0\.33" is not among/);
  assert.match(first(good.map(r => ({ ...r, value: 'many' }))), /"many" is not a number/);
});

test('rules that are none are refused by the member at fault', () => {
  assert.equal(hubTasks(tasks), tasks);
  const task = tasks.rounds[0].model_tasks[0];
  const of = (t: unknown) => ({ rounds: [{ model_tasks: [t] }] });
  for (const [json, message] of [
    [null, /^no "rounds"; is it a hubverse hub\?$/],
    [[], /^no "rounds"/],
    [{ rounds: [null] }, /^"rounds\[0\]" is not a round with a list of "model_tasks"$/],
    [{ rounds: [{ model_tasks: {} }] }, /^"rounds\[0\]" is not a round/],
    [of(null), /^"rounds\[0\]\.model_tasks\[0\]" lacks "task_ids" or "output_type"$/],
    [of({ ...task, output_type: null }), /lacks "task_ids" or "output_type"/],
    [
      of({ ...task, task_ids: { target: 'hosp' } }),
      /task_ids\.target" is not an object with "required" and "optional"$/,
    ],
    [of({ ...task, task_ids: { target: { optional: 'hosp' } } }), /task_ids\.target\.optional" is not a list$/],
    [of({ ...task, output_type: { quantile: null } }), /output_type\.quantile" is not an object$/],
    [
      of({ ...task, output_type: { quantile: { output_type_id: { required: 1 } } } }),
      /output_type_id\.required" is not a list$/,
    ],
  ] as const)
    assert.throws(() => hubTasks(json), { name: 'RangeError', message });
});
