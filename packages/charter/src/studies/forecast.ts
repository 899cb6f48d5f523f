// forecast.publish: a member signs the forecast of its own places, made at its node from a study's public result.
import { day, digest, handle, type Infer, integer, object } from '../schema.ts';
import { isRefusal, refuse, type StatementType } from '../statement-type.ts';
import { findOpening } from './find.ts';

const body = object({
  opening: digest,
  /** The round whose result the forecast is made from. */
  round: integer(1, 1_000),
  target: handle,
  /** The day whose knowledge the forecast rests on. */
  asOf: day,
  /** Digest of the blob: hubverse rows as CSV. */
  csv: digest,
  rows: integer(1, 1_000_000),
});

export const publishForecast: StatementType<Infer<typeof body>> = {
  kind: 'forecast.publish',
  summary: 'Publishes a forecast made from a study result.',
  body,
  signers: ['node'],
  refusals: {
    'unknown-opening': 'There is no such opening.',
    'no-result': 'The round has no result yet.',
    'not-a-contributor': 'The organisation is not part of the opening.',
  },
  apply: {
    1(state, { org, body: b }) {
      const found = findOpening(state, b.opening);
      if (isRefusal(found)) return found;
      if (!found.opening.rounds[String(b.round)]?.result)
        return refuse('no-result', `round ${b.round} of this opening has no result yet`);
      if (!found.opening.organisations.includes(org))
        return refuse('not-a-contributor', `${org} is not part of this opening`);
      return { ...state, forecasts: state.forecasts + 1 };
    },
  },
};
