// What an audit checks of the rounds: every public result against its shares, and what is said to have gone wrong against its evidence.
import type { State } from '@madang/charter';
import type { AuditItem } from './audit-item.ts';
import { type BlobReader, checkResult, checkSealedRound } from './result.ts';
import { checkTranscripts } from './transcripts.ts';
import { checkTwins } from './twins.ts';

export async function checkResults(state: State, blobs: BlobReader): Promise<{ items: AuditItem[]; checked: number }> {
  const items: AuditItem[] = [];
  let checked = 0;
  for (const study of Object.values(state.studies)) {
    const isPublic = study.collector === 'public';
    for (const [number, round] of Object.entries(study.opening?.rounds ?? {})) {
      if (!round.result) continue;
      const what = `result of round ${number} of "${study.title}"`;
      const check = await (isPublic
        ? checkResult(state, study, number, blobs, false)
        : checkSealedRound(state, study, number, blobs));
      if (check.outcome === 'checked') {
        if (isPublic) checked += 1;
        const sum = isPublic
          ? 'exactly the sum of the revealed shares'
          : `for ${study.collector} alone, its sum not public`;
        const organisations = round.transcript!.organisations.length;
        items.push({ what, outcome: 'checked', detail: `${sum}; ${organisations} organisations signed slips` });
      } else items.push({ what, outcome: check.outcome === 'wrong' ? 'wrong' : 'not-checked', detail: check.why });
    }
  }
  return { items, checked };
}

/** Rounds without a result because aggregators signed different transcripts: both must be what they claim to be. */
export async function checkDifferences(state: State, blobs: BlobReader): Promise<AuditItem[]> {
  const items: AuditItem[] = [];
  for (const study of Object.values(state.studies))
    for (const [number, round] of Object.entries(study.opening?.rounds ?? {})) {
      if (!round.differ) continue;
      const { outcome, why } = await checkTranscripts(state, study, number, blobs);
      items.push({
        what: `transcripts of round ${number} of "${study.title}"`,
        outcome: outcome === 'missing' ? 'not-checked' : outcome,
        detail: outcome === 'checked' ? `no result, since ${why}` : why,
      });
    }
  return items;
}

/** Organisations that were left out for two different slips: both must be theirs. */
export async function checkEvidence(state: State, blobs: BlobReader): Promise<AuditItem[]> {
  const items: AuditItem[] = [];
  for (const study of Object.values(state.studies))
    for (const [number, round] of Object.entries(study.opening?.rounds ?? {}))
      for (const org of Object.keys(round.transcript?.twins ?? {})) {
        const { outcome, why } = await checkTwins(state, study, number, org, blobs);
        const what = `evidence against ${org} in round ${number} of "${study.title}"`;
        items.push({ what, outcome: outcome === 'missing' ? 'not-checked' : outcome, detail: why });
      }
  return items;
}
