// Evidence against organisations that signed two different slips: the aggregators tell each other every slip they hold of these, so that all name the same two.
import type { Study } from '@madang/charter';
import { evidenceFrom, packSlips, type RoundIntake, type RoundRef } from '@madang/study';
import type { Desk } from './desk.ts';
import { post } from './post.ts';

/** Organisation -> blob with its two slips, where the aggregators together hold two; undefined while another aggregator's message is awaited. */
export async function gatherEvidence(
  desk: Desk,
  study: Study,
  ref: RoundRef,
  slot: string,
  intake: RoundIntake,
  orgs: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
  const found = new Map<string, Uint8Array>();
  if (orgs.length === 0) return found;
  const topic = `twins/${ref.opening}/${ref.round}`;
  const own = await desk.memory.once(`${slot}-twins`, () => packSlips(orgs.map(o => [o, intake.slipsOf(o)])));
  const others = study.aggregators.filter(a => a !== desk.config.org);
  for (const a of others) await post(desk, `${slot}-twins`, a, topic, own);
  const letters = await desk.inbox.messages(topic);
  const messages: Uint8Array[] = [];
  for (const a of study.aggregators) {
    const first = letters.find(l => l.sender === a);
    if (a !== desk.config.org && !first) return undefined;
    messages.push(a === desk.config.org ? own : await first!.read());
  }
  for (const org of orgs) {
    const evidence = evidenceFrom(desk.state, ref, org, messages);
    if (evidence) found.set(org, evidence);
  }
  return found;
}
