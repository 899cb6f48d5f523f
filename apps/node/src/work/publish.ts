// The collector's work (protocol, section 5, step 9): add the revealed shares and say what they mean. Where the result is for this member alone the
// shares come sealed, the document stays here under `answers/`, and the log has its digest.
import { HubError } from '@madang/api';
import type { Round, Study } from '@madang/charter';
import { digestOf, makeResult, type NamedBlob, openForReader, readerTopic } from '@madang/study';
import { fromHex, randomBytes, toHex } from '@madang/trust';
import type { Desk } from './desk.ts';
import { submitOnce } from './desk.ts';
import { earlierRounds } from './earlier.ts';
import { replySecret } from './reply-key.ts';
import { queryText } from './steward.ts';

export async function publishResults(desk: Desk, study: Study): Promise<void> {
  const { opening } = study;
  if (!opening) return;
  const isPublic = study.collector === 'public';
  for (const [number, round] of Object.entries(opening.rounds)) {
    if (round.result && !isPublic) await desk.inbox.erase(readerTopic({ opening: opening.id, round: Number(number) }));
    if (round.result || !round.transcript || study.aggregators.some(a => !round.reveals[a])) continue;
    const slot = `result-${opening.id}-${number}`;
    if (await desk.memory.json(`sent/${slot}.receipt`)) continue;
    const text = await queryText(desk, study);
    const earlier = await earlierRounds(desk, study, Number(number));
    const shares = isPublic ? publicBlobs(desk) : await sealedShares(desk, study, Number(number), round);
    if (text === undefined || !earlier || !shares) return;
    const make = (salt?: string) =>
      makeResult(study, Number(number), text, shares, part => desk.hub.putBlob(part), earlier, salt);
    let result: string;
    try {
      result = isPublic
        ? await desk.hub.putBlob(await make())
        : digestOf(await desk.memory.once(answerPath(opening.id, number), () => make(toHex(randomBytes(32)))));
    } catch (error) {
      if (error instanceof HubError || !(error instanceof Error)) throw error;
      desk.log(`round ${number} of "${study.title}": ${error.message}`);
      return;
    }
    const contributors = round.transcript.organisations.length;
    const body = { opening: opening.id, round: Number(number), transcript: round.transcript.id, result, contributors };
    await submitOnce(desk, slot, 'study.result', body, 'researcher');
    if (!isPublic) desk.log(`the result of round ${number} of "${study.title}" is here: madang node answers`);
  }
}

/** Where a result for this member alone is kept, in the node's memory. */
export function answerPath(opening: string, round: string): string {
  return `answers/${opening}-${round}.json`;
}

/** Blobs of the hub, each checked against its digest. */
function publicBlobs(desk: Desk): NamedBlob {
  return async (digest, what) => {
    const bytes = await desk.hub.blob(digest);
    if (!bytes || digestOf(bytes) !== digest) throw new Error(`${what} is not to be had`);
    return bytes;
  };
}

/** The shares that the aggregators sealed to this study's reply key, by the digests in the log. Undefined until all have come. */
async function sealedShares(desk: Desk, study: Study, number: number, round: Round): Promise<NamedBlob | undefined> {
  const secret = await replySecret(desk.memory, study);
  if (!secret) {
    desk.log(`"${study.title}": the key that its shares are sealed to is not in this node's folder`);
    return undefined;
  }
  const ref = { opening: study.opening!.id, round: number };
  const messages = await desk.inbox.messages(readerTopic(ref));
  const shares = new Map<string, Uint8Array>();
  for (const aggregator of study.aggregators) {
    const { share: digest } = round.reveals[aggregator];
    for (const m of messages.filter(x => x.sender === aggregator)) {
      try {
        shares.set(digest, openForReader(secret, ref, aggregator, await m.read(), digest));
      } catch (error) {
        desk.log(`round ${number} of "${study.title}": ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (!shares.has(digest)) return undefined;
  }
  return async digest => shares.get(digest) ?? fromHex('');
}
