// Long messages between members: through a mailbox that fails half way, over restarts of either side, and from senders who lie about their pieces.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type HubClient, LIMITS, type MailItem } from '@madang/api';
import { packPiece, piecesOf } from '@madang/study';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { Inbox } from '../store/inbox.ts';
import { folderMemory } from '../store/memory.ts';
import type { Desk } from './desk.ts';
import { post, postPieces } from './post.ts';

/** A mailbox in memory that can be told to fail. */
class Mailbox {
  readonly items: (MailItem & { readonly bytes: Uint8Array })[] = [];
  failAfter = Number.POSITIVE_INFINITY;
  sends = 0;

  hubOf(sender: string): HubClient {
    return {
      sendMail: async (_to: string, topic: string, bytes: Uint8Array) => {
        assert.ok(bytes.length <= LIMITS.mailBytes);
        if (this.sends >= this.failAfter) throw new Error('the hub is away');
        this.sends += 1;
        this.put(sender, topic, bytes);
      },
      mail: async (seq: number) => this.items.find(i => i.seq === seq)?.bytes,
    } as Partial<HubClient> as HubClient;
  }

  put(sender: string, topic: string, bytes: Uint8Array): void {
    this.items.push({ seq: this.items.length + 1, sender, topic, bytes } as MailItem & { bytes: Uint8Array });
  }
}

const deskAt = (folder: string, hub: HubClient) => ({ memory: folderMemory(folder), hub }) as Partial<Desk> as Desk;

test('nine megabytes go out in three pieces, from where it stopped; the receiver has them whole, also after its own restart', async () => {
  const folder = tempFolder('madang-post-');
  const box = new Mailbox();
  const hub = box.hubOf('labour');
  const long = Uint8Array.from({ length: 9 << 20 }, (_, i) => (i * 31) >>> 7);
  const short = new Uint8Array([1, 2, 3]);
  box.failAfter = 2;
  await assert.rejects(post(deskAt(join(folder, 'a'), hub), 'x', 'bank-a', 'share/1', long), /the hub is away/);
  box.failAfter = Number.POSITIVE_INFINITY;
  const again = deskAt(join(folder, 'a'), hub);
  await post(again, 'x', 'bank-a', 'share/1', long);
  await post(again, 'x', 'bank-a', 'share/1', long);
  assert.equal(box.items.length, 3);
  // Twelve short ones, so that names on disk sort differently from numbers.
  for (let i = 0; i < 12; i++) await post(again, `y${i}`, 'bank-a', 'share/1', Uint8Array.from([...short, i]));

  const memory = folderMemory(join(folder, 'b'));
  const inbox = new Inbox(memory);
  await inbox.take(hub, box.items.slice(0, 2));
  assert.deepEqual(await inbox.messages('share/1'), []);
  await inbox.take(hub, box.items.slice(2));
  const check = async (i: Inbox) => {
    const messages = await i.messages('share/1');
    assert.equal(messages.length, 13);
    assert.ok(messages.every(m => m.sender === 'labour'));
    assert.ok(Buffer.from(await messages[0].read()).equals(long));
    for (let k = 0; k < 12; k++) assert.deepEqual(await messages[k + 1].read(), Uint8Array.from([...short, k]));
  };
  await check(inbox);
  const restarted = new Inbox(folderMemory(join(folder, 'b')));
  await restarted.load();
  await check(restarted);
  await restarted.erase('share/1');
  assert.deepEqual(await restarted.messages('share/1'), []);
});

test('pieces twice, in any order, of others, and none at all: only whole messages come out, a liar spoils its own', async () => {
  const folder = tempFolder('madang-post-');
  const box = new Mailbox();
  const message = Uint8Array.from({ length: 100 }, (_, i) => i);
  const [a, b, c] = [...piecesOf(message, 80)];
  assert.ok(a && b && c);
  for (const p of [c, c, new Uint8Array(5), a]) box.put('labour', 't', p);
  // Another sender's piece does not complete this one's message.
  box.put('health', 't', b);
  const inbox = new Inbox(folderMemory(folder));
  const hub = box.hubOf('x');
  await inbox.take(hub, box.items);
  assert.deepEqual(await inbox.messages('t'), []);
  // Right header, wrong bytes.
  const spoilt = Uint8Array.from(b);
  spoilt[60] ^= 1;
  for (const p of [a, spoilt, c]) box.put('bank-b', 't', p);
  box.put('labour', 't', b);
  await inbox.take(hub, box.items.slice(5));
  const messages = await inbox.messages('t');
  assert.deepEqual(
    messages.map(m => m.sender),
    ['bank-b', 'labour'],
  );
  await assert.rejects(messages[0].read(), /do not make the message/);
  assert.deepEqual(await messages[1].read(), message);
});

test('the chunks of a body are found by sender and header, also after a restart; the first that came for a place counts', async () => {
  const folder = tempFolder('madang-body-');
  const box = new Mailbox();
  const hub = box.hubOf('labour');
  const header = new Uint8Array(32).fill(7);
  const name = '07'.repeat(32);
  const chunk = (index: number, value: number) => packPiece(header, index, 3, new Uint8Array(50).fill(value));
  async function* pieces() {
    for (const i of [0, 1]) yield chunk(i, i + 1);
  }
  await postPieces(deskAt(join(folder, 'a'), hub), 'x.body', 'bank-a', 'body/1', pieces());
  await postPieces(deskAt(join(folder, 'a'), hub), 'x.body', 'bank-a', 'body/1', pieces());
  assert.equal(box.items.length, 2);
  box.put('labour', 'body/1', chunk(1, 99));
  box.put('health', 'body/1', chunk(2, 98));
  const memory = folderMemory(join(folder, 'b'));
  const inbox = new Inbox(memory);
  await inbox.take(hub, box.items);
  const restarted = new Inbox(memory);
  await restarted.load();
  for (const i of [inbox, restarted]) {
    const body = i.body('body/1', 'labour', name);
    assert.ok(body.complete(2) && !body.complete(3));
    assert.deepEqual(await body.read(1), new Uint8Array(50).fill(2));
    await assert.rejects(body.read(2), /chunk 2 of a body of labour is not on disk/);
    assert.ok(!i.body('body/1', 'labour', '08'.repeat(32)).complete(1));
  }
  await restarted.erase('body/1');
  assert.ok(!restarted.body('body/1', 'labour', name).complete(1));
});
