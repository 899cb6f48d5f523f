// A decline goes sealed to the proposer and not to the log: the public sees that an answer is missing, not who said no or why.
import type { Study } from '@madang/charter';
import { fromBase64, fromUtf8, open, seal, utf8 } from '@madang/trust';
import type { Desk } from './desk.ts';
import { replySecret } from './reply-key.ts';

const INFO = utf8('madang/decline/1');

/** What an organisation answered a proposal; kept under `declines/` in the proposer's memory. */
export interface Decline {
  readonly study: string;
  readonly org: string;
  readonly reason: string;
}

export async function sendDecline(desk: Desk, id: string, study: Study, reason: string): Promise<void> {
  const message = utf8(JSON.stringify({ study: id, org: desk.config.org, reason } satisfies Decline));
  await desk.hub.sendMail(study.org, topic(id), seal(fromBase64(study.replyKey), INFO, utf8(id), message));
}

/** Opens the declines that came for a study of ours; each is said and kept once. */
export async function readDeclines(desk: Desk, id: string, study: Study): Promise<void> {
  const letters = desk.inbox.on(topic(id));
  if (letters.length === 0) return;
  const secret = await replySecret(desk.memory, study);
  for (const letter of letters) {
    const path = `declines/${id}/${letter.sender}.json`;
    if (!secret || (await desk.memory.json<Decline>(path))) continue;
    let reason: string;
    try {
      const text = fromUtf8(open(secret, INFO, utf8(id), await desk.inbox.read(letter)));
      reason = String((JSON.parse(text) as Partial<Decline>).reason ?? '').slice(0, 2000);
    } catch {
      reason = 'declined, in a letter that does not open';
    }
    await desk.memory.putJson(path, { study: id, org: letter.sender, reason } satisfies Decline);
    desk.log(`${letter.sender} declined "${study.title}"; the reason is in: madang node answers`);
  }
}

const topic = (id: string) => `decline/${id}`;
