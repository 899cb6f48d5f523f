// budget.release: the steward of a dataset takes back what a study has reserved and never spent, where the aggregators do not close it (one is gone for good).
// Only once nothing can be spent any more: a study whose reveals are overdue ends here as failed.
import { returnRounds } from '../budgets/micro-rho.ts';
import { digest, handle, type Infer, integer, list, object } from '../schema.ts';
import { isRefusal, refuse, type StatementType } from '../statement-type.ts';
import { findOpening, withStudy } from './find.ts';

const body = object({ opening: digest, dataset: handle, rounds: list(integer(1, 1_000), 1, 1_000) });

export const release: StatementType<Infer<typeof body>> = {
  kind: 'budget.release',
  summary: 'Takes back the reserved budget of rounds that were never spent.',
  body,
  signers: ['steward'],
  refusals: {
    'unknown-opening': 'There is no such opening.',
    'not-your-dataset': 'The organisation has no such dataset in this opening.',
    'not-over': 'The study is open and its deadline for reveals has not passed.',
    'already-returned': 'The budget has returned already.',
    'wrong-rounds': 'The list must hold exactly the rounds that were not spent.',
  },
  apply: {
    1(state, { org, body: b }) {
      const found = findOpening(state, b.opening);
      if (isRefusal(found)) return found;
      const { study, studyId, opening } = found;
      if (state.datasets[b.dataset]?.org !== org || !opening.datasets.includes(b.dataset))
        return refuse('not-your-dataset', `${org} has no dataset ${b.dataset} in this opening`);
      const open = study.stage === 'open';
      if (open && state.time <= opening.revealUntil)
        return refuse('not-over', `the study is open until log time ${opening.revealUntil}`);
      const released = opening.released ?? [];
      if (opening.returned || released.includes(b.dataset))
        return refuse('already-returned', `what this opening had reserved of ${b.dataset} has returned already`);
      const unspent: number[] = [];
      for (let r = 1; r <= study.rounds; r++) if (!opening.rounds[String(r)]?.spent) unspent.push(r);
      if (unspent.length !== b.rounds.length || unspent.some((r, i) => b.rounds[i] !== r))
        return refuse(
          'wrong-rounds',
          `rounds ${unspent.join(', ') || 'none'} were not spent; the statement says otherwise`,
        );
      const next = withStudy(state, studyId, {
        opening: { ...opening, released: [...released, b.dataset] },
        ...(open
          ? {
              stage: 'failed' as const,
              failure: { code: 'deadline-passed', why: `${org} took its budget back after the deadline`, by: org },
            }
          : {}),
      });
      return returnRounds(next, study, [b.dataset], unspent.length);
    },
  },
};
