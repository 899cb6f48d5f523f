// The aggregator's work (protocol, section 5). It acts on final state only, stores before it sends, and draws noise once.
import type { Opening, Study } from '@madang/charter';
import { collect, forget } from './collect.ts';
import { currentRound } from './contribute.ts';
import { type Desk, submitOnce } from './desk.ts';
import { endOverdue } from './overdue.ts';
import { commitAndReveal } from './reveal.ts';
import { consent, secretPath, shareSecret } from './verification-key.ts';

export async function aggregate(desk: Desk): Promise<void> {
  if (!desk.has('aggregator')) return;
  for (const [id, study] of Object.entries(desk.state.studies)) {
    if (!study.aggregators.includes(desk.config.org)) continue;
    if (study.stage === 'proposed') await consent(desk, id, study);
    const { opening } = study;
    if (!opening) continue;
    if (study.stage === 'open') {
      await shareSecret(desk, id, study);
      const round = currentRound(study);
      if (round !== undefined) await collect(desk, id, study, opening, round);
      await commitAndReveal(desk, study, opening);
      await endOverdue(desk, id, study, 'aggregator');
    } else {
      if (study.stage === 'finished' || study.stage === 'failed') await commitAndReveal(desk, study, opening);
      await close(desk, id, study, opening);
    }
  }
}

/** Step 10: erase keys and shares, then say so and name the rounds that were never committed. */
async function close(desk: Desk, id: string, study: Study, opening: Opening): Promise<void> {
  if (opening.closedBy.includes(desk.config.org)) return;
  for (const round of Object.values(opening.rounds)) if (round.spent && !round.reveals[desk.config.org]) return;
  const uncommitted: number[] = [];
  for (let r = 1; r <= study.rounds; r++) if (!opening.rounds[String(r)]?.commits[desk.config.org]) uncommitted.push(r);
  await desk.memory.remove(secretPath(id));
  for (const path of await desk.memory.list(`aggregator/${id}/`)) await desk.memory.remove(path);
  await desk.inbox.erase(opening.id);
  forget(opening.id);
  await submitOnce(desk, `close-${opening.id}`, 'round.close', { opening: opening.id, uncommitted }, 'aggregator');
}
