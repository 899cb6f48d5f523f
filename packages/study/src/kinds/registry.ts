// The kinds of question that this version of the round protocol can carry.
import { borderPlanning } from './border-planning.ts';
import type { StudyKind } from './kind.ts';
import { learningStudyKinds } from './learning-study.ts';
import { pooledIncrements } from './pooled-increments.ts';
import { sharedRidge } from './shared-ridge.ts';
import { stationWeather } from './station-weather.ts';
import { statistics } from './statistics.ts';

// biome-ignore lint/suspicious/noExplicitAny: queries differ by kind; each is parsed by its own kind before that kind sees it
export const kinds: readonly StudyKind<any>[] = [
  borderPlanning,
  pooledIncrements,
  sharedRidge,
  stationWeather,
  statistics,
  ...learningStudyKinds,
];

/** The kind and version that a proposal names, or undefined. */
export function kindOf(kind: string, version: number): (typeof kinds)[number] | undefined {
  return kinds.find(k => k.kind === kind && k.version === version);
}
