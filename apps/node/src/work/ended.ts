// Whether a study is answered before its last round: everybody works it out from the published sums. Nodes then send nothing, and the proposer, or an
// aggregator that waited in vain, says so in the log.
import type { Study } from '@madang/charter';
import { kindOf } from '@madang/study';
import { type Desk, submitOnce } from './desk.ts';
import { earlierRounds } from './earlier.ts';
import { queryText } from './steward.ts';

/** Whether rounds 1 to `after` answer the question. False while their results are not to be had. The answer is remembered. */
export async function endedAfter(desk: Desk, study: Study, after: number): Promise<boolean> {
  const kind = kindOf(study.kind, study.version);
  if (!kind?.ended || after < 1) return false;
  const path = `ended/${study.opening!.id}-${after}.json`;
  const known = await desk.memory.json<{ ended: boolean }>(path);
  if (known) return known.ended;
  const text = await queryText(desk, study);
  const rounds = await earlierRounds(desk, study, after + 1);
  if (text === undefined || !rounds) return false;
  const ended = kind.ended(kind.parse(text), rounds);
  await desk.memory.putJson(path, { ended });
  return ended;
}

/** Ends the study if its last published round answers it. True when it did, or is about to. */
export async function finishIfEnded(
  desk: Desk,
  study: Study,
  after: number,
  key: 'researcher' | 'aggregator',
): Promise<boolean> {
  if (!(await endedAfter(desk, study, after))) return false;
  const opening = study.opening!.id;
  await submitOnce(desk, `finish-${opening}`, 'study.finish', { opening, after }, key);
  return true;
}
