// The rounds that a round builds on: each result is checked against the revealed shares and the slips before anything is computed from it.
import type { Study } from '@madang/charter';
import { checkResult, kindOf, type PublishedRound, packDoubles, publishedRound, unpackDoubles } from '@madang/study';
import type { Desk } from './desk.ts';

/** What was last said about a round that cannot be had, so that it is said once. */
const said = new Map<string, string>();

/**
 * Rounds 1 to `round` - 1 as published; empty for a kind that does not build on them. Undefined, with the reason in the log, while one is not
 * to be had or does not stand its check: nothing is computed on it, and it is asked for again.
 */
export async function earlierRounds(
  desk: Desk,
  study: Study,
  round: number,
): Promise<readonly PublishedRound[] | undefined> {
  if (!kindOf(study.kind, study.version)?.buildsOnEarlier || !study.opening) return [];
  const rounds: PublishedRound[] = [];
  for (let r = 1; r < round; r++) {
    const path = `results/${study.opening.id}-${r}`;
    let published = await readRound(desk, path);
    if (!published) {
      const check = await checkResult(desk.state, study, String(r), digest => desk.hub.blob(digest));
      if (check.outcome !== 'checked') {
        if (said.get(path) !== check.why)
          desk.log(`"${study.title}", round ${round}, waits for the result of round ${r}: ${check.why}`);
        said.set(path, check.why);
        return undefined;
      }
      published = publishedRound(check.sums, study.opening.rounds[String(r)].transcript!.organisations);
      await keepRound(desk, path, published);
    }
    rounds.push(published);
  }
  return rounds;
}

/** A round that was checked before: who is in it as JSON, its sums as doubles beside it. */
async function readRound({ memory }: Desk, path: string): Promise<PublishedRound | undefined> {
  const about = await memory.json<Omit<PublishedRound, 'sums'>>(`${path}.json`);
  const sums = about && (await memory.bytes(`${path}.f64`));
  return sums ? { ...about, sums: unpackDoubles(sums) } : undefined;
}

async function keepRound({ memory }: Desk, path: string, { sums, ...about }: PublishedRound): Promise<void> {
  await memory.put(`${path}.f64`, packDoubles(sums));
  await memory.putJson(`${path}.json`, about);
}
