// After a hub's loss: what this member had left beside the log (blobs, mail) is sent again. The mailbox takes the same message once.
import { openStatement } from '@madang/trust';
import type { Memory } from '../store/memory.ts';
import type { Desk } from './desk.ts';

const blobPath = (digest: string) => `blobs/${digest}`;

/** A member's own copy of what it publishes: what the log names must not be lost with the hub. */
export async function keepBlob(memory: Memory, digest: string, bytes: Uint8Array): Promise<void> {
  await memory.once(blobPath(digest), () => bytes);
}

/** Marks of what the hub has taken outside the log: without them the workers send it again, bytes as stored. */
function isMark(path: string): boolean {
  return (
    path.includes('.posted/') ||
    path.includes('/part-sent-') ||
    path.endsWith('-passed-on') ||
    /^contributions\/[^/]+\.sent$/.test(path)
  );
}

/** Time of the last loss that this member has made good. */
export async function resentFor(memory: Memory): Promise<number | undefined> {
  return (await memory.json<{ time: number }>('resent'))?.time;
}

/** A statement that the hub answered and no witness had cosigned is gone with the log's end: without its receipt it is submitted again, as it is. */
async function forgetReceipts({ memory, follower }: Desk): Promise<void> {
  for (const path of await memory.list('sent/')) {
    if (!path.endsWith('.receipt')) continue;
    const receipt = await memory.json<{ index: number }>(path);
    const envelope = await memory.bytes(path.slice(0, -'.receipt'.length));
    if (!receipt || receipt.index < 0 || !envelope) continue;
    if (follower.replay.indexOf(openStatement(envelope).id) === undefined) await memory.remove(path);
  }
}

/** Sends the blobs again and forgets the marks. Rejects when the hub cannot be reached: it is asked again with the next event. */
export async function resend(desk: Desk, time: number): Promise<void> {
  const { memory, hub } = desk;
  for (const path of await memory.list('blobs/')) {
    const bytes = await memory.bytes(path);
    if (bytes) await hub.putBlob(bytes);
  }
  for (const path of await memory.list('')) if (isMark(path)) await memory.remove(path);
  await forgetReceipts(desk);
  await memory.putJson('resent', { time });
}
