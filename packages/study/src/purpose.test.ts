import assert from 'node:assert/strict';
import { test } from 'node:test';
import { purposeInWords } from './purpose.ts';

test('a purpose is read by its label, and what the table does not know stays as it was signed', () => {
  assert.equal(purposeInWords('DUO:0000007'), 'disease specific research (DUO:0000007)');
  for (const other of ['DUO:0000020', 'DUO:7', 'DUO:constructor', 'flood warning', ''])
    assert.equal(purposeInWords(other), other);
});
