// An open study whose deadline has passed without its result ends as failed, and the aggregator that is missing is named (protocol, section 7). The
// proposer says so; if it is gone as well, an aggregator does a little later.
import type { Study } from '@madang/charter';
import { type Desk, submitOnce } from './desk.ts';

/** How much longer an aggregator waits than the proposer (seconds of log time). */
const GRACE = 120;

export async function endOverdue(desk: Desk, id: string, study: Study, as: 'researcher' | 'aggregator'): Promise<void> {
  const limit = (study.opening?.revealUntil ?? 0) + (as === 'aggregator' ? GRACE : 0);
  if (study.stage !== 'open' || !study.opening || desk.state.time <= limit) return;
  const fault = missingOf(study);
  if (!fault) return;
  await submitOnce(desk, `fail-${id}`, 'study.fail', { study: id, ...fault }, as);
}

/** What the first round without a result lacks; undefined when only the result itself is missing, which anyone can still add up. */
export function missingOf(study: Study): { code: 'aggregator-gone' | 'deadline-passed'; why: string } | undefined {
  for (let r = 1; r <= study.rounds; r++) {
    const round = study.opening?.rounds[String(r)];
    if (round?.result || round?.differ) continue;
    if (!round?.transcript)
      return { code: 'deadline-passed', why: `round ${r}: the aggregators agreed on no transcript by the deadline` };
    const done = round.spent ? round.reveals : round.commits;
    const missing = study.aggregators.filter(a => !done[a]);
    if (missing.length === 0) return undefined;
    const what = round.spent ? 'revealed its share' : 'committed';
    return {
      code: 'aggregator-gone',
      why: `round ${r}: ${missing.join(', ')} has not ${what} by the deadline`.slice(0, 300),
    };
  }
  return undefined;
}
