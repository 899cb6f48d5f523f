import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spells } from './spells.ts';

/** Cycles until the next turn, with `open` after each. */
function until(s: ReturnType<typeof spells>, open: (cycle: number) => number): number {
  for (let cycle = 1; cycle <= 200; cycle++) if (s.turned(open(cycle))) return cycle;
  return 200;
}

test('mixing goes on while it helps, and gives way to plain cycles when it does not', () => {
  const s = spells();
  assert.equal(
    until(s, k => 2 ** -k),
    200,
  );
  const stuck = spells();
  assert.equal(
    until(stuck, () => 20),
    24,
  );
  assert.equal(stuck.plain, true);
});

test('plain cycles go on while more is open after a spell than before it', () => {
  const s = spells();
  until(s, () => 20);
  assert.equal(
    until(s, k => (k < 80 ? 20 + k : 5)),
    90,
  );
  assert.equal(s.plain, false);
});
