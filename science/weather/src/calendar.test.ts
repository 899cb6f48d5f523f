import assert from 'node:assert/strict';
import { test } from 'node:test';
import { civilDay, dateOf, dayNumber } from './calendar.ts';

test('known days', () => {
  assert.equal(dayNumber('19700101'), 0);
  assert.equal(dayNumber('2008-12-31'), 14244);
  assert.equal(dayNumber('20080229'), civilDay(2008, 2, 29));
  assert.equal(dateOf(14244), '2008-12-31');
});

test('what is no day is refused', () => {
  for (const text of ['20070229', '20081301', '2008', '', '2008-1-1', '20080132'])
    assert.equal(dayNumber(text), undefined);
});
