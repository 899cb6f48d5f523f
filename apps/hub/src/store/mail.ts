// The mailbox: sealed messages between members, kept until their opening closes or seven days pass. The hub sees sizes and names, never contents.

import { LIMITS, type MailItem } from '@madang/api';
import type { State } from '@madang/charter';
import type { Kysely } from 'kysely';
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

export function mailbox(db: Kysely<Tables>, blobs: Blobs, now: () => number): Mailbox {
  return {
    async send(sender, recipient, topic, bytes) {
      const digest = await blobs.put(bytes);
      await db
        .insertInto('mail')
        .values({ recipient, sender, topic, digest, size: bytes.length, received: now() } as never)
        .onConflict(c => c.columns(['recipient', 'sender', 'topic', 'digest']).doNothing())
        .execute();
    },
    async list(recipient, after) {
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
      return row ? blobs.get(row.digest) : undefined;
    },
    async sweep(state) {
      const over = Object.values(state.studies).flatMap(s => (s.opening?.returned ? [s.opening.id] : []));
      const old = now() - LIMITS.mailDays * 86_400;
      const rows = await db.selectFrom('mail').select(['seq', 'topic', 'digest', 'received']).execute();
      for (const r of rows) {
        if (Number(r.received) > old && !over.some(id => r.topic.includes(id))) continue;
        await db.deleteFrom('mail').where('seq', '=', r.seq).execute();
        const others = await db.selectFrom('mail').select('seq').where('digest', '=', r.digest).executeTakeFirst();
        if (!others) await blobs.remove(r.digest);
      }
    },
  };
}
