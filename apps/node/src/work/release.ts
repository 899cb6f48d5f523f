// Takes back what a study reserved of this member's datasets and never spent, where its steward asked for it (`madang node release`): the request is a file, as
// every word of the steward, and waits until nothing can be spent any more.
import { type Desk, submitOnce } from './desk.ts';

export const releasePath = (study: string) => `steward/releases/${study}.json`;

export async function release(desk: Desk): Promise<void> {
  for (const path of await desk.memory.list('steward/releases/')) {
    const study = desk.state.studies[path.slice('steward/releases/'.length, -'.json'.length)];
    const opening = study?.opening;
    if (!study || !opening || (study.stage === 'open' && desk.state.time <= opening.revealUntil)) continue;
    const rounds = Array.from({ length: study.rounds }, (_, i) => i + 1).filter(r => !opening.rounds[String(r)]?.spent);
    const mine = opening.datasets.filter(d => desk.state.datasets[d]?.org === desk.config.org);
    for (const dataset of rounds.length > 0 ? mine : [])
      await submitOnce(
        desk,
        `release-${opening.id}-${dataset}`,
        'budget.release',
        { opening: opening.id, dataset, rounds },
        'steward',
      );
    await desk.memory.remove(path);
  }
}
