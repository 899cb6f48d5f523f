// Long messages to another member: pieces that fit the mailbox, one after the other. The message is on disk before; what the hub has taken is written down.
import { LIMITS } from '@madang/api';
import { piecesOf } from '@madang/study';
import type { Desk } from './desk.ts';

/** Sends what is stored under `slot`, once; after a restart it goes on with the first piece that the hub did not acknowledge. */
export function post(desk: Desk, slot: string, to: string, topic: string, message: Uint8Array): Promise<void> {
  return postPieces(desk, slot, to, topic, piecesOf(message, LIMITS.mailBytes));
}

/** The same for pieces that are made one by one, equal at every try. */
export async function postPieces(
  desk: Desk,
  slot: string,
  to: string,
  topic: string,
  list: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const path = `${slot}.posted/${to}`;
  const before = await desk.memory.json<{ pieces: number; done: boolean }>(path);
  if (before?.done) return;
  let pieces = 0;
  for await (const piece of list) {
    pieces += 1;
    if (pieces <= (before?.pieces ?? 0)) continue;
    await desk.hub.sendMail(to, topic, piece);
    await desk.memory.putJson(path, { pieces, done: false });
  }
  await desk.memory.putJson(path, { pieces, done: true });
}
