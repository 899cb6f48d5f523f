import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdictOf } from './compare.ts';

const words = 'dipaz higon linav kusun zuhil jisik bonir gapir';
const root = '16'.repeat(32);

test('a root is the same only when all of it is', () => {
  assert.match(verdictOf(` ${words.toUpperCase()}\n`, root, words), /^The same root, all eight/);
  assert.match(verdictOf(words.replaceAll(' ', ', '), root, words), /^The same root/);
  assert.match(verdictOf(root, root, words), /^The same root/);
  assert.match(verdictOf('17'.repeat(32), root, words), /^Another root/);
  assert.match(verdictOf(words.replace('gapir', 'gapid'), root, words), /word 8 is “gapid”/);
  assert.match(verdictOf(words.slice(0, -6), root, words), /7 words/);
  assert.match(verdictOf('', root, words), /Give eight words/);
});
