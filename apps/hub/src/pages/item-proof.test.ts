import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkItem, type ItemProof } from '@madang/study/item';
import { Fixture } from '../testing/fixture.ts';
import { itemProof } from './item-proof.ts';

const f = new Fixture();
let proof: ItemProof;
let index = 0;

before(async () => {
  await f.founded();
  const invitation = {
    candidates: [{ org: 'epsilon', name: 'E', seat: 'bank', home: 'LU', roles: [], root: 'a'.repeat(64) }],
  };
  const { index: at } = await f.client().submit(await f.statement('beta', 'member.invite', invitation));
  index = at;
  await f.cosign(['alpha', 'beta', 'gamma', 'delta']);
  await f.hub.settled();
  proof = (await itemProof(f.hub, index))!;
});
after(() => f.hub.close());

const changed = (change: (p: ReturnType<typeof structuredClone<ItemProof>>) => unknown): ItemProof => {
  const copy = structuredClone(proof) as ItemProof;
  change(copy);
  return copy;
};
const fault = (p: unknown, root?: string) => {
  const { exit, items } = checkItem(p, root);
  assert.equal(exit, 1);
  const wrong = items.find(i => i.outcome === 'wrong')!;
  return `${wrong.what}: ${wrong.detail}`;
};
const writable = (p: ItemProof) => p as { -readonly [K in keyof ItemProof]: ItemProof[K] };

test('an entry is checked with what it rests on and nothing else of the log', () => {
  const report = checkItem(proof);
  assert.deepEqual(
    report.items.filter(i => i.outcome !== 'checked'),
    [],
  );
  assert.equal(report.exit, 0);
  assert.deepEqual(report.said, { index, kind: 'member.invite', org: 'beta' });
  assert.equal(report.root.length, 8);
  assert.match(report.items.find(i => i.what.startsWith('who signed'))!.detail, /beta with its root key .* entry 0/);
  assert.match(report.items.find(i => i.what === 'witnesses')!.detail, /^3 cosigned size \d+ .*; 3 are needed/);
  // The keys of alpha's node have no part in it.
  assert.deepEqual(
    proof.entries.map(e => e.index),
    [0, index],
  );
  assert.equal(checkItem(proof, report.rootId).exit, 0);
  assert.equal(checkItem(proof, report.root.join(' ')).exit, 0);
});

test('whatever is changed in a proof is named', async () => {
  assert.match(
    fault(
      changed(
        p =>
          (writable(p).entries = p.entries.map(e => ({ ...e, entry: e.entry.replace('"payload":"', '"payload":"A') }))),
      ),
    ),
    /^entry 0: it is not in the tree/,
  );
  assert.match(fault(changed(p => (writable(p).entries = p.entries.slice(1)))), /no founding statement/);
  assert.match(fault(changed(p => (writable(p).entries = p.entries.slice(0, 1)))), /does not hold entry/);
  assert.match(
    fault(changed(p => (writable(p).entries = p.entries.map((e, i) => (i === 1 ? { ...e, index: e.index - 1 } : e))))),
    /not in the tree/,
  );
  assert.match(
    fault(changed(p => (writable(p).checkpoint = p.checkpoint.replace(/\n(\d+)\n/, '\n9$1\n')))),
    /^entry 0: it is not in the tree|^proof|^checkpoint/,
  );
  assert.match(fault(proof, 'f'.repeat(64)), /^root: the log was founded by/);
  for (const none of [undefined, 7, {}, { format: 'madang/item-proof/1' }, { ...proof, entries: [7] }])
    assert.match(fault(none), /^proof: this is not a proof/);
});

test('without a quorum an entry is not final: said, not called checked; cosignatures that do not verify are wrong', async () => {
  const lines = proof.checkpoint.split('\n');
  const own = lines.findIndex(l => l.startsWith('— alpha/'));
  assert.ok(own > 0);
  const few = changed(p => (writable(p).checkpoint = lines.filter(l => !/^— (alpha|beta)\//.test(l)).join('\n')));
  const report = checkItem(few);
  assert.equal(report.exit, 3);
  assert.match(report.items.find(i => i.outcome === 'not-checked')!.detail, /1 of 3 needed witnesses.*not final yet/);
  // A cosignature of one witness under the name of its key, cut from another line.
  const damaged = lines.map((l, i) =>
    i === own ? `${l.slice(0, -8)}${l.slice(-8) === 'AAAAAAA=' ? 'BBBBBBB=' : 'AAAAAAA='}` : l,
  );
  assert.equal(checkItem(changed(p => (writable(p).checkpoint = damaged.join('\n')))).exit, 1);
});

test('an entry that does not exist has no proof', async () => {
  assert.equal(await itemProof(f.hub, 1_000), undefined);
});
