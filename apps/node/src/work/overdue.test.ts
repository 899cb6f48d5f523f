// What an overdue study is said to lack, and by whom.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Opening, Round, Study } from '@madang/charter';
import { missingOf } from './overdue.ts';

const study = (...rounds: Partial<Round>[]) =>
  ({
    rounds: 2,
    aggregators: ['a', 'b'],
    opening: {
      rounds: Object.fromEntries(
        rounds.map((r, i) => [String(i + 1), { commits: {}, reveals: {}, spent: false, ...r }]),
      ),
    } as unknown as Opening,
  }) as unknown as Study;
const transcript = { id: 't', organisations: [], slips: '' };
const result = { id: 'r', digest: '' };
const share = { share: '', blind: '' };

test('the missing aggregator is named; without a transcript nobody is; a result that anyone can add up is not overdue', () => {
  assert.equal(missingOf(study())?.code, 'deadline-passed');
  assert.deepEqual(missingOf(study({ transcript, commits: { a: 'x' } })), {
    code: 'aggregator-gone',
    why: 'round 1: b has not committed by the deadline',
  });
  assert.match(
    missingOf(study({ transcript, commits: { a: 'x', b: 'x' }, spent: true, reveals: { b: share } }))!.why,
    /a has not revealed/,
  );
  assert.equal(missingOf(study({ transcript, spent: true, reveals: { a: share, b: share } })), undefined);
  assert.match(missingOf(study({ transcript, result }))!.why, /^round 2: the aggregators agreed on no transcript/);
  assert.match(
    missingOf(study({ differ: { id: '', by: 'a', theirs: '', ours: '' } }, { transcript }))!.why,
    /^round 2: a, b has not committed/,
  );
});
