// round.close: an aggregator says that its keys and shares are erased and which rounds it never committed. When all agree, those rounds' budget returns.

import { returnRounds } from '../budgets/micro-rho.ts';
import { digest, type Infer, integer, list, object } from '../schema.ts';
import { isRefusal, refuse, type StatementType } from '../statement-type.ts';
import { findOpening, withStudy } from './find.ts';

const body = object({ opening: digest, uncommitted: list(integer(1, 1_000), 0, 1_000) });

export const close: StatementType<Infer<typeof body>> = {
  kind: 'round.close',
  summary: 'An aggregator closes an opening.',
  body,
  signers: ['aggregator'],
  refusals: {
    'unknown-opening': 'There is no such opening.',
    'not-aggregator': 'The study names other aggregators.',
    'already-closed': 'The aggregator has closed already.',
    'not-over': 'The study is still open.',
    'wrong-rounds': 'The list must hold exactly the rounds that this aggregator did not commit.',
  },
  apply: {
    1(state, { org, body: b }) {
      const found = findOpening(state, b.opening);
      if (isRefusal(found)) return found;
      const { study, studyId, opening } = found;
      if (!study.aggregators.includes(org)) return refuse('not-aggregator', `${org} does not aggregate in this study`);
      if (study.stage === 'open') return refuse('not-over', 'the study is still open; it finishes or fails first');
      if (opening.closedBy.includes(org)) return refuse('already-closed', `${org} has closed this opening already`);
      const uncommitted: number[] = [];
      for (let r = 1; r <= study.rounds; r++) if (!opening.rounds[String(r)]?.commits[org]) uncommitted.push(r);
      if (uncommitted.length !== b.uncommitted.length || uncommitted.some((r, i) => b.uncommitted[i] !== r))
        return refuse(
          'wrong-rounds',
          `${org} has not committed rounds ${uncommitted.join(', ') || 'none'}; the statement says otherwise`,
        );
      const closedBy = [...opening.closedBy, org];
      const all = study.aggregators.every(a => closedBy.includes(a));
      const next = withStudy(state, studyId, { opening: { ...opening, closedBy, returned: all } });
      if (!all) return next;
      let unspent = 0;
      for (let r = 1; r <= study.rounds; r++) if (!opening.rounds[String(r)]?.spent) unspent += 1;
      const waiting = opening.datasets.filter(d => !opening.released?.includes(d));
      return returnRounds(next, study, waiting, unspent);
    },
  },
};
