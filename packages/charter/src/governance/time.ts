// log.time: the charter's only clock, signed by the log. It never goes back.
import { type Infer, integer, object } from '../schema.ts';
import { refuse, type StatementType } from '../statement-type.ts';

const body = object({ time: integer(1, Number.MAX_SAFE_INTEGER) });

export const logTime: StatementType<Infer<typeof body>> = {
  kind: 'log.time',
  summary: 'Says what time it is, in seconds since 1970.',
  body,
  signers: ['log'],
  timeless: true,
  refusals: { 'time-goes-back': 'Log time never goes back.' },
  apply: {
    1(state, { body: b }) {
      if (b.time < state.time)
        return refuse('time-goes-back', `log time is ${state.time} already; ${b.time} lies before it`);
      return { ...state, time: b.time };
    },
  },
};
