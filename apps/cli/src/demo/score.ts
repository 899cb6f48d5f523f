// What became of one of the demo's studies: the members' forecasts in one file, and their score where there is a truth.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HubClient } from '@madang/api';
import type { State } from '@madang/charter';
import { MODELS } from '@madang/node/setup';
import { splitBundle } from '@madang/trust';
import type { DemoData } from './data.ts';
import { type DemoScore, gatherForecasts, scoreDemo } from './forecasts.ts';
import { studyOf, WORDS } from './progress.ts';
import type { DemoPlan } from './setup.ts';
import { DELTA, KINDS, lossOf, roundsOf, type StudyName, UNIT } from './studies.ts';

export interface Scored {
  /** Where the forecasts are. */
  readonly path: string;
  readonly score: (DemoScore & { readonly noise: object }) | null;
}

/** Gathers what the members published from one study into a hubverse file and scores it where there is a truth. */
export async function scoreStudy(
  hub: HubClient,
  size: number,
  plan: DemoPlan,
  state: State,
  name: StudyName,
  home: string,
): Promise<Scored> {
  const opening = studyOf(state, name)?.opening?.id;
  const entries = async function* () {
    for (let at = 0; at < size; at += 1024) yield* splitBundle(await hub.entries(at, Math.min(size, at + 1024)), 1024);
  };
  const path = join(home, `${MODELS[KINDS[name]]}.csv`);
  const csv = await gatherForecasts(hub, entries(), opening);
  writeFileSync(path, csv);
  const score = csv === '' ? undefined : scoreDemo(plan.data, path);
  const { variance } = roundsOf(name, plan.data);
  const epsilon = Number(lossOf([name], plan.data).epsilon.toFixed(2));
  return { path, score: score ? { ...score, noise: { unit: UNIT, variance, epsilon, delta: DELTA } } : null };
}

/** One line on a study for the reader of a terminal. */
export function sentence(name: StudyName, { score }: Scored, data: DemoData): string {
  const what = WORDS[name];
  const privacy = `epsilon ${lossOf([name], data).epsilon.toFixed(1)}`;
  return score
    ? `${what}: relative WIS ${score.relwis.toFixed(3)} against ${score.baseline} on ${score.n} targets, ${privacy}.`
    : `${what}: no truth for these weeks beside the data, so no score; ${privacy}.`;
}
