// `verify --root`: whoever trusts any root of a log, the founding one or a later, can start there.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { noteKeyId } from '@madang/charter';
import { fingerprintWords, fromHex, readFingerprint } from '@madang/trust';
import { logNotes, settledWorld, witnessOf } from '../../../../packages/charter/src/testing/world.ts';
import type { Io } from '../command.ts';
import { worldHome } from '../testing/world-home.ts';
import { verify } from './verify.ts';

const io: Io = { json: true, log: () => undefined, progress: () => ({ tick: () => undefined, done: () => undefined }) };
const FIVE = ['alpha', 'agg-o', 'agg-b', 'beta', 'gamma'];

test('any root that came into force is a start, by id or words, and is named; another one is wrong', async () => {
  const world = await settledWorld();
  const key = { use: 'replay-witness', key: { ...witnessOf('gamma').vkeys }, until: world.state.time + 86_400 };
  await world.must('gamma', 'root', 'member.key', { keys: [key] });
  const founding = world.state.root!;
  const body = {
    previous: founding.id,
    rules: 1,
    operator: 'hub',
    logKey: world.state.keys[founding.logKey].key as never,
    logNotes: { ...logNotes.vkeys },
    witnesses: FIVE.map(org => ({ org, key: noteKeyId(witnessOf(org).vkeys) })),
  };
  const later = await world.must('alpha', 'root', 'root.propose', body);
  const overtaken = await world.must('beta', 'root', 'root.propose', {
    ...body,
    witnesses: body.witnesses.slice(0, 4),
  });
  for (const org of ['beta', 'gamma', 'delta', 'agg-o'])
    await world.must(org, 'root', 'root.agree', { proposal: later });
  assert.equal(world.state.root!.id, later);
  const since = world.entries.length - 1;
  await world.time(world.state.time + 1);
  const { home } = await worldHome(world, FIVE);
  const run = async (root?: string) => {
    const outcome = (await verify.run([home], root === undefined ? {} : { root }, io))!;
    const json = outcome.json as { root: string; reason?: string; checks: { what: string; detail: string }[] };
    return { exit: outcome.exit, ...json, item: json.checks.find(i => i.what === 'root')?.detail };
  };
  const words = (id: string) => fingerprintWords(fromHex(id)).join(' ');

  const without = await run();
  assert.deepEqual([without.exit, without.root, without.item], [0, founding.id, undefined]);
  for (const given of [founding.id, words(founding.id)]) {
    const r = await run(given);
    assert.deepEqual([r.exit, r.root], [0, founding.id]);
    assert.equal(r.item, 'starts from the root you gave, the founding one; 1 later');
  }
  for (const given of [later, words(later), words(later).toUpperCase().replaceAll(' ', '-')]) {
    const r = await run(given);
    assert.deepEqual([r.exit, r.root], [0, later]);
    assert.equal(r.item, `starts from the root you gave, in force since entry ${since}; 0 later`);
  }
  for (const given of [overtaken, words(overtaken), 'ab'.repeat(32)]) {
    const r = await run(given);
    assert.equal(r.exit, 1);
    assert.match(r.reason ?? '', /was never in force/);
  }
  for (const given of ['lusab babad', 'zz'.repeat(32), 'nine words that are no words of this form x'])
    await assert.rejects(run(given), /--root takes a fingerprint of eight words/);
  assert.equal(readFingerprint(''), undefined);
  rmSync(home, { recursive: true });
});
