// Programs and results survive the way to a blob and back; what others wrote is checked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '@madang/trust';
import { accounts } from './accounts.ts';
import { BadDocument, formatProgram, formatResult, parseProgram, parseResult } from './program.ts';

const program = { format: 'openqasm3', program: 'qubit q;', shots: 10, seed: '1' } as const;
const job = 'ab'.repeat(32);

test('there and back', () => {
  assert.deepEqual(parseProgram(formatProgram(program)), program);
  for (const r of [
    { job, outcome: 'done', counts: { '01': 3, '10 1': 0 }, device: 'd', simulator: true },
    { job, outcome: 'failed', why: 'line 3' },
  ] as const)
    assert.deepEqual(parseResult(formatResult(r)), r);
});

test('what is none is refused', () => {
  const texts = (good: object, changes: object[]) => changes.map(c => JSON.stringify({ ...good, ...c }));
  const programs = texts(program, [{ format: 'qir' }, { program: 1 }, { shots: 0 }, { shots: 1.5 }, { seed: 3 }]);
  for (const t of [...programs, '', '[]', 'null']) assert.throws(() => parseProgram(utf8(t)), BadDocument);
  const done = { job, outcome: 'done', counts: { '0': 1 }, device: 'd', simulator: true };
  const results = texts(done, [
    { job: 1 },
    { outcome: 'maybe' },
    { counts: { '2': 1 } },
    { counts: { '0': -1 } },
    { counts: [] },
    { device: undefined },
    { outcome: 'failed' },
  ]);
  for (const t of [...results, '3']) assert.throws(() => parseResult(utf8(t)), BadDocument);
});

test('accounts of a state', () => {
  const account = { jobs: 2, milliseconds: 300, units: 20, reserved: 100 };
  const backend = {
    org: 'beta',
    kind: 'quantum',
    unit: 'shot',
    order: 'own',
    maximum: { milliseconds: 1, units: 1 },
    quota: 350,
    queue: [],
    accounts: { alpha: account },
  } as const;
  assert.deepEqual(accounts({ backends: { sim: backend } }), [
    { backend: 'sim', org: 'alpha', provider: 'beta', unit: 'shot', ...account, left: 0 },
  ]);
  assert.deepEqual(accounts({}), []);
});
