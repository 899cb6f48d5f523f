// Public blobs that the statements of a log name: a digest that nobody can look behind is no evidence. Not among them: descriptions of datasets (for members),
// results for one reader, and what the aggregators tell each other. Blobs of a round with a result, or with two transcripts, are read where those are checked.
import type { State } from '@madang/charter';
import type { AuditItem } from './audit-item.ts';
import type { BlobReader } from './result.ts';
import { digestOf } from './round/binding.ts';

/** Reads at once: a hub answers them side by side. */
const READERS = 8;

/** Digest -> what it is, in words. `forecasts`: digests of forecast files, which the state does not keep. */
function namedBlobs(state: State, forecasts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const named = new Map(forecasts);
  for (const study of Object.values(state.studies)) {
    named.set(study.query, `the query of "${study.title}"`);
    for (const [number, round] of Object.entries(study.opening?.rounds ?? {})) {
      if (round.result) continue;
      if (round.transcript) named.set(round.transcript.slips, `the slips of round ${number} of "${study.title}"`);
      if (study.collector !== 'public') continue;
      for (const [org, { share }] of Object.entries(round.reveals))
        named.set(share, `the share of ${org} in round ${number} of "${study.title}"`);
    }
  }
  for (const [id, job] of Object.entries(state.jobs ?? {})) {
    named.set(job.program, `the program of job ${id.slice(0, 12)}…`);
    if (job.result !== undefined) named.set(job.result, `the result of job ${id.slice(0, 12)}…`);
  }
  return named;
}

/** Reads every named blob and holds it against its digest. Blobs that their holder withdrew are said to be so, and no fault. */
export async function checkNamedBlobs(
  state: State,
  forecasts: ReadonlyMap<string, string>,
  read: BlobReader,
): Promise<AuditItem[]> {
  const withdrawn = new Set(state.withdrawnBlobs);
  const named = [...namedBlobs(state, forecasts)].filter(([digest]) => !withdrawn.has(digest));
  const items: AuditItem[] = [];
  if (withdrawn.size > 0)
    items.push({
      what: 'withdrawn',
      outcome: 'checked',
      detail: `${withdrawn.size} blobs were erased by their holders`,
    });
  const [absent, wrong]: [string[], string[]] = [[], []];
  const next = named.values();
  const reader = async () => {
    for (const [digest, what] of next) {
      const bytes = await read(digest);
      if (!bytes) absent.push(`${what} (${digest.slice(0, 12)}…)`);
      else if (digestOf(bytes) !== digest) wrong.push(`${what} (${digest.slice(0, 12)}…)`);
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  const what = 'files that statements name';
  if (wrong.length > 0)
    items.push({ what, outcome: 'wrong', detail: `${wrong.sort()[0]} is not what its digest names` });
  if (absent.length > 0) {
    const rest = absent.length > 1 ? `, and ${absent.length - 1} more of ${named.length}` : '';
    items.push({ what, outcome: 'not-checked', detail: `not to be had: ${absent.sort()[0]}${rest}` });
  }
  if (wrong.length + absent.length === 0 && named.length > 0)
    items.push({ what, outcome: 'checked', detail: `${named.length} are here and have the digests that were signed` });
  return items;
}
