import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shape } from '@madang/charter';
import { overCapacity, unfitForReader } from './capacity.ts';

const shape = (change: Partial<Shape>): Shape => ({
  encoding: 'masked-sum',
  length: 100,
  maximum: 1000,
  field: 32,
  proofs: 1,
  chunk: 1,
  ...change,
});
const charge = (variance: number) => [{ unit: 'person', period: 'once', sensitivitySquared: 1, variance }];

test('sums that fit are let through up to the last contributor, and one more is refused', () => {
  const maximum = 2 ** 27;
  assert.equal(overCapacity(shape({ maximum }), 15, 2, []), undefined);
  assert.match(overCapacity(shape({ maximum }), 16, 2, [])!, /a ring of 2\^32 holds 2147483648; use the ring of 2\^64/);
  assert.equal(overCapacity(shape({ maximum, field: 64 }), 10_000, 2, []), undefined);
  assert.match(overCapacity(shape({ maximum: 2 ** 50, field: 64 }), 8, 2, [])!, /exact below 9007199254740992/);
  assert.match(
    overCapacity(shape({ maximum: 2 ** 50, field: 128, encoding: 'prio3-sumvec' }), 8, 2, [])!,
    /exact below/,
  );
});

test("every aggregator's noise takes its room", () => {
  const full = shape({ maximum: 2 ** 31 - 1 - 40 });
  assert.equal(overCapacity(full, 1, 2, charge(1)), undefined);
  assert.match(overCapacity(full, 1, 3, charge(1))!, /with their noise, reach/);
  assert.match(overCapacity(full, 1, 2, [...charge(1), ...charge(4)])!, /with their noise, reach/);
});

test('masked vectors of any length go through, in parts; what a blob cannot hold of others is refused before anybody signs', () => {
  for (const length of [400_000, 400_001, 2 ** 27])
    assert.equal(overCapacity(shape({ length, field: 64 }), 14, 2, charge(100)), undefined);
  const proven = shape({ encoding: 'prio3-sumvec', field: 128, length: 2_000_000 });
  assert.match(overCapacity(proven, 14, 2, charge(100))!, /2000000 numbers are too long for the hub/);
  // The longest that stays in one piece fits with every digit.
  const longest = shape({ length: 400_000, field: 64, maximum: 2 ** 49 });
  assert.equal(overCapacity(longest, 14, 2, charge(100)), undefined);
});

test('a result for one reader: the proposer, in one piece, and nothing that nodes must build on', () => {
  const study = { org: 'labour', collector: 'labour', rounds: 3, shape: shape({}) };
  assert.equal(unfitForReader(study, {}), undefined);
  assert.match(unfitForReader({ ...study, collector: 'health' }, {})!, /let health propose it/);
  assert.match(unfitForReader(study, { buildsOnEarlier: true })!, /every node must see/);
  assert.match(unfitForReader({ ...study, shape: shape({ length: 2 ** 20 }) }, {})!, /parts are public/);
  const open = { ...study, collector: 'public', shape: shape({ length: 2 ** 20 }) };
  assert.equal(unfitForReader(open, { buildsOnEarlier: true }), undefined);
});
