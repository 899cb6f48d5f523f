// A hub's log made anew from a member's copy: after a lost disk and after a backup; what is damaged, foreign, older or another history is refused by name.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCheckpoint, toHex } from '@madang/trust';
import { writeKeyFile } from '@madang/trust/keyfile';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { Fixture } from '../../../hub/src/testing/fixture.ts';
import { CommandError } from '../command.ts';
import { makeIo } from '../io.ts';
import { restore } from './restore.ts';

const run = (home: string, from: string) => restore.run([], { home, from }, makeIo(true));
const refused = (pattern: RegExp, exit?: number) => (error: unknown) =>
  error instanceof CommandError && pattern.test(error.message) && (exit === undefined || error.exit === exit);

/** A hub's folder with its keys, and what a member's copy of its log is: tiles and a final checkpoint. */
async function hubAndCopy() {
  const f = new Fixture();
  await f.founded();
  await f.cosign(['alpha', 'beta', 'gamma', 'delta']);
  const old = join(tempFolder('madang-old-'), 'log');
  cpSync(join(f.folder, 'log'), old, { recursive: true });
  await f.client().submit(await f.certifyNode('gamma'));
  await f.cosign(['alpha', 'beta', 'gamma', 'delta']);
  const member = tempFolder('madang-member-');
  const copy = (from: string, to: string) => {
    mkdirSync(join(to, 'log'), { recursive: true });
    cpSync(join(from, 'tile'), join(to, 'log', 'tile'), { recursive: true });
    cpSync(join(from, 'checkpoint.final'), join(to, 'log', 'checkpoint'));
  };
  copy(join(f.folder, 'log'), member);
  const { origin } = f.hub.options;
  const root = toHex(f.hub.log.root);
  await f.hub.close();
  mkdirSync(join(f.folder, 'keys'));
  writeFileSync(join(f.folder, 'config.json'), JSON.stringify({ origin, operator: 'hub' }));
  await writeKeyFile(join(f.folder, 'keys', 'log-notes.json'), {
    use: 'log-notes',
    publicPart: f.logNotes.vkeys.ed25519,
    secret: f.logNotes.seed,
  });
  return { f, old, member, copy, root };
}

test('a lost log comes back from a member, asks before it signs, and the tables follow', async () => {
  const { f, old, member, root } = await hubAndCopy();
  rmSync(join(f.folder, 'log'), { recursive: true });
  rmSync(join(f.folder, 'database'), { recursive: true });
  const outcome = await run(f.folder, member);
  assert.equal((outcome!.json as { root: string }).root, root);
  await f.open();
  assert.ok(f.hub.recall.holding);
  assert.ok(f.hub.restored);
  for (const org of ['alpha', 'delta']) await f.hub.hear(org, f.restated(org, f.hub.log.checkpoint()), {});
  assert.ok(!f.hub.recall.holding);
  await f.client().submit(await f.certifyNode('delta'));
  await f.hub.settled();
  const { length } = await f.hub.database.db.selectFrom('statements').select('index').execute();
  assert.equal(length, f.hub.log.size);
  await assert.rejects(run(f.folder, member), /another process works in/);
  await f.hub.close();

  // From a backup, with the old log kept; a copy that ends before what the folder published is refused.
  await assert.rejects(run(f.folder, member), refused(/this hub published \d+ entries, the copy has \d+/));
  rmSync(join(f.folder, 'log'), { recursive: true });
  cpSync(old, join(f.folder, 'log'), { recursive: true });
  const { kept } = (await run(f.folder, join(member, 'log')))!.json as { kept: string };
  assert.ok(existsSync(join(kept, 'checkpoint')));
  assert.equal(
    toHex(openCheckpoint(readFileSync(join(f.folder, 'log', 'checkpoint')), f.logNotes.verifiers).root),
    root,
  );
});

test('a copy with a changed byte, of another log, not final or of another history is refused, and nothing is replaced', async () => {
  const { f, member, copy } = await hubAndCopy();
  const before = readFileSync(join(f.folder, 'log', 'checkpoint'), 'utf8');
  const bundle = join(member, 'log', 'tile', 'entries', '000.p');
  const [name] = (await import('node:fs')).readdirSync(bundle);
  const bytes = readFileSync(join(bundle, name));
  bytes[40] ^= 1;
  writeFileSync(join(bundle, name), bytes);
  await assert.rejects(run(f.folder, member), refused(/the copy is not good: .*entries/, 1));
  await assert.rejects(run(f.folder, f.folder.concat('-not')), refused(/holds no log/, 2));
  await assert.rejects(run(member, member), refused(/no hub's folder/, 2));

  const other = new Fixture();
  await other.founded();
  await other.cosign(['alpha', 'beta', 'gamma', 'delta']);
  const foreign = tempFolder('madang-foreign-');
  copy(join(other.folder, 'log'), foreign);
  await other.hub.close();
  await assert.rejects(run(f.folder, foreign), /wrong-log|bad-signature|does not verify|no signature/i);

  // The same keys, other entries from the same point on: what the folder published is not among them.
  const twin = new Fixture();
  Object.assign(twin, {
    logNotes: f.logNotes,
    logKey: f.logKey,
    roots: f.roots,
    nodes: f.nodes,
    witnesses: f.witnesses,
  });
  await twin.founded();
  for (const org of ['gamma', 'delta']) {
    twin.clock += 70;
    await twin.client().submit(await twin.certifyNode(org));
  }
  const early = tempFolder('madang-early-');
  mkdirSync(join(early, 'log'));
  cpSync(join(twin.folder, 'log', 'tile'), join(early, 'log', 'tile'), { recursive: true });
  cpSync(join(twin.folder, 'log', 'checkpoint'), join(early, 'log', 'checkpoint'));
  await assert.rejects(run(f.folder, early), refused(/not final/, 3));
  await twin.cosign(['alpha', 'beta', 'gamma', 'delta']);
  const fork = tempFolder('madang-fork-');
  copy(join(twin.folder, 'log'), fork);
  await twin.hub.close();
  await assert.rejects(run(f.folder, fork), refused(/another history/));
  assert.equal(readFileSync(join(f.folder, 'log', 'checkpoint'), 'utf8'), before);
});
