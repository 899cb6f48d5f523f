// The desk a node's workers share: who we are, what is final, how to sign and submit, what is remembered. One pass of all workers follows each event.

import { type HubClient, HubError } from '@madang/api';
import type { State } from '@madang/charter';
import { type Json, type Signer, signStatement, utf8 } from '@madang/trust';
import type { NodeConfig } from '../config.ts';
import type { KeyName } from '../keys.ts';
import type { Follower } from '../log/follower.ts';
import type { Inbox } from '../store/inbox.ts';
import type { Memory } from '../store/memory.ts';

export interface Desk {
  readonly config: NodeConfig;
  readonly home: string;
  readonly hub: HubClient;
  readonly follower: Follower;
  readonly memory: Memory;
  readonly inbox: Inbox;
  /** State at the last final checkpoint: nothing is done on anything less. */
  readonly state: State;
  readonly now: () => number;
  readonly log: (line: string) => void;
  signer(name: Exclude<KeyName, 'replay-witness'>): Promise<Signer>;
  has(name: KeyName): boolean;
}

/** How long a statement may wait to be admitted (seconds of log time). */
const GOOD_FOR = 3600;
/** Refusals that mean that the act is done already. */
const DONE = new Set([
  'replayed',
  'already-agreed',
  'already-admitted',
  'already-member',
  'already-approved',
  'already-ready',
  'already-committed',
  'already-revealed',
  'already-published',
  'already-closed',
  'round-has-transcript',
  'handle-taken',
  'study-over',
  'not-proposed',
  'not-queued',
  'job-over',
]);

/**
 * Signs and submits a statement once: the envelope is stored under `slot` first and sent again as it is after a restart.
 * Returns its index, or undefined when the hub says that it cannot be admitted (any more); a hub that is not there is an error.
 */
export async function submitOnce(
  desk: Desk,
  slot: string,
  kind: string,
  body: Record<string, Json | undefined>,
  key: Exclude<KeyName, 'replay-witness'>,
): Promise<number | undefined> {
  const path = `sent/${slot}`;
  const done = await desk.memory.json<{ index: number }>(`${path}.receipt`);
  if (done) return done.index;
  const envelope = await desk.memory.once(path, async () => signNow(desk, kind, body, [await desk.signer(key)]));
  return submitStored(desk, slot, envelope);
}

/** Signs a statement now, on what this node has seen as final. */
export function signNow(
  desk: Desk,
  kind: string,
  body: Record<string, Json | undefined>,
  signers: readonly Signer[],
): Promise<Uint8Array> {
  const clean = Object.fromEntries(Object.entries(body).filter(([, v]) => v !== undefined)) as { [key: string]: Json };
  return signStatement(
    {
      kind,
      org: desk.config.org,
      body: clean,
      seen: desk.follower.seen,
      until: Math.max(desk.state.time, desk.now()) + GOOD_FOR,
    },
    signers,
  );
}

/** Submits a stored envelope; forgets it when the hub refuses for good, so that a fresh one can be signed. */
export async function submitStored(desk: Desk, slot: string, envelope: Uint8Array): Promise<number | undefined> {
  const path = `sent/${slot}`;
  try {
    const receipt = await desk.hub.submit(envelope);
    await desk.memory.putJson(`${path}.receipt`, { index: receipt.index });
    return receipt.index;
  } catch (error) {
    if (!(error instanceof HubError) || error.status === 0 || error.status >= 500) throw error;
    if (DONE.has(error.code)) {
      await desk.memory.putJson(`${path}.receipt`, { index: -1 });
      return -1;
    }
    desk.log(`${slot}: the hub refuses: ${error.code}: ${error.message}`);
    // The hub's signed word and what it refused, for `madang statement check-refusal`.
    if (error.refusal !== undefined) {
      await desk.memory.put(`refused/${slot}.refusal.json`, utf8(error.refusal));
      await desk.memory.put(`refused/${slot}.json`, envelope);
    }
    await desk.memory.remove(path);
    return undefined;
  }
}
