// The mailbox: sealed messages between members, kept until their opening closes or seven days pass. The hub sees sizes and names, never contents.

import { LIMITS, type MailItem } from '@madang/api';
import type { State } from '@madang/charter';
import { sha256, toHex } from '@madang/trust';
import { type Kysely, sql } from 'kysely';
import type { Blobs } from './blobs.ts';
import type { Tables } from './database.ts';

export interface Mailbox {
  /** Stores a message; the same one again is the same message. */
  send(sender: string, recipient: string, topic: string, bytes: Uint8Array): Promise<void>;
  /** Messages of a recipient after a sequence number, oldest first, at most 200. */
  list(recipient: string, after: number): Promise<MailItem[]>;
  read(recipient: string, seq: number): Promise<Uint8Array | undefined>;
  /** Deletes what is over: closed openings and messages past their time. */
  sweep(state: State): Promise<void>;
}

/** A table from a backup may have lost this many numbers; whoever names a higher one is mistaken. */
const MOST_LOST = 1_000_000;

/** `letters` holds the messages and nothing else. */
export function mailbox(db: Kysely<Tables>, letters: Blobs, now: () => number): Mailbox {
  /** The highest number given so far, as far as this process knows. */
  let highest = 0;
  /** Digests of messages that are being stored, with how many of each. */
  const coming = new Map<string, number>();

  /** A member that has read further than we ever numbered shows that the table came from a backup: new mail must not go below what it read. */
  async function jump(after: number): Promise<void> {
    const { rows } = await sql<{ value: number }>`SELECT last_value AS value FROM mail_seq_seq`.execute(db);
    highest = Math.max(highest, Number(rows[0].value));
    if (after <= highest || after > highest + MOST_LOST) return;
    await sql`SELECT setval('mail_seq_seq', ${after})`.execute(db);
    highest = after;
  }

  return {
    async send(sender, recipient, topic, bytes) {
      // Under way until its row is there: the sweep must not take the bytes of a message that comes just as the same one goes.
      const digest = toHex(sha256(bytes));
      coming.set(digest, (coming.get(digest) ?? 0) + 1);
      try {
        await letters.put(bytes);
        await db
          .insertInto('mail')
          .values({ recipient, sender, topic, digest, size: bytes.length, received: now() } as never)
          .onConflict(c => c.columns(['recipient', 'sender', 'topic', 'digest']).doNothing())
          .execute();
      } finally {
        const left = coming.get(digest)! - 1;
        if (left > 0) coming.set(digest, left);
        else coming.delete(digest);
      }
    },
    async list(recipient, after) {
      if (after > highest) await jump(after);
      const rows = await db
        .selectFrom('mail')
        .select(['seq', 'sender', 'topic', 'digest', 'size'])
        .where('recipient', '=', recipient)
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(200)
        .execute();
      return rows.map(r => ({ ...r, seq: Number(r.seq) }));
    },
    async read(recipient, seq) {
      const row = await db
        .selectFrom('mail')
        .select('digest')
        .where('seq', '=', seq)
        .where('recipient', '=', recipient)
        .executeTakeFirst();
      return row ? letters.get(row.digest) : undefined;
    },
    async sweep(state) {
      const over = Object.values(state.studies).flatMap(s => (s.opening?.returned ? [s.opening.id] : []));
      // By log time, which members agree on: a clock that is days ahead for an hour must not empty the mailbox.
      const old = Math.min(now(), state.time) - LIMITS.mailDays * 86_400;
      const rows = await db.selectFrom('mail').select(['seq', 'topic', 'digest', 'received']).execute();
      for (const r of rows) {
        if (Number(r.received) > old && !over.some(id => r.topic.includes(id))) continue;
        await db.deleteFrom('mail').where('seq', '=', r.seq).execute();
        const others = await db.selectFrom('mail').select('seq').where('digest', '=', r.digest).executeTakeFirst();
        if (!others && !coming.has(r.digest)) await letters.remove(r.digest);
      }
    },
  };
}
