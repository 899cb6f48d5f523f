// compute.offer: a member offers a backend on which others may run jobs, with what one job may use and how much each organisation has in all.
// A later offer of the same handle changes the terms for jobs asked for from then on.
import { handle, type Infer, integer, object, oneOf } from '../schema.ts';
import { put, refuse, type StatementType } from '../statement-type.ts';

/** A year; sums of many stay safe integers. */
export const MAX_MILLISECONDS = 31_536_000_000;
const MAX_UNITS = 1_000_000_000_000;

export const usage = object({ milliseconds: integer(0, MAX_MILLISECONDS), units: integer(0, MAX_UNITS) });

const body = object({
  backend: handle,
  kind: handle,
  /** What is counted beside time. */
  unit: handle,
  order: oneOf('arrival', 'own'),
  maximum: usage,
  quotaMilliseconds: integer(0, MAX_MILLISECONDS),
});

export const offerCompute: StatementType<Infer<typeof body>> = {
  kind: 'compute.offer',
  summary: 'Offers a backend for jobs of other members, or changes its terms.',
  body,
  signers: ['steward', 'officer'],
  refusals: { 'handle-taken': 'Another member offers a backend of this handle, or it is of another kind.' },
  apply: {
    1(state, { org, body: b }) {
      const all = state.backends ?? {};
      const old = Object.hasOwn(all, b.backend) ? all[b.backend] : undefined;
      if (old && (old.org !== org || old.kind !== b.kind || old.unit !== b.unit))
        return refuse(
          'handle-taken',
          `${b.backend} is ${old.org}'s backend for ${old.kind} jobs, counted by ${old.unit}`,
        );
      const { backend: name, quotaMilliseconds: quota, ...terms } = b;
      const next = { ...terms, org, quota, queue: old?.queue ?? [], accounts: old?.accounts ?? {} };
      return { ...state, backends: put(all, name, next) };
    },
  },
};
