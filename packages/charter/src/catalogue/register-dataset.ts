// dataset.register: a random handle, a salted commitment to its description, and the privacy budget the owner allows.
import { digest, handle, type Infer, integer, list, object } from '../schema.ts';
import { ledgerId } from '../state.ts';
import { put, refuse, type StatementType } from '../statement-type.ts';

/** A budget in micro-rho: one thousand rho is far beyond any meaningful promise and still a safe integer in every sum. */
export const MAX_MICRO_RHO = 1_000_000_000;

const body = object({
  dataset: handle,
  description: digest,
  ledgers: list(object({ unit: handle, period: handle, capMicroRho: integer(0, MAX_MICRO_RHO) }), 0, 16),
});

export const registerDataset: StatementType<Infer<typeof body>> = {
  kind: 'dataset.register',
  summary: 'Registers a dataset under a random handle, with its privacy budgets.',
  body,
  signers: ['steward', 'officer'],
  refusals: { 'handle-taken': 'The handle is in use.', 'duplicate-ledger': 'A unit and period are named twice.' },
  apply: {
    1(state, { org, body: b }) {
      if (state.datasets[b.dataset])
        return refuse('handle-taken', `the dataset handle ${b.dataset} is in use; draw another`);
      let { ledgers } = state;
      for (const l of b.ledgers) {
        const id = ledgerId(b.dataset, l.unit, l.period);
        if (ledgers[id]) return refuse('duplicate-ledger', `${l.unit} and ${l.period} are named twice`);
        ledgers = put(ledgers, id, { cap: l.capMicroRho, reserved: 0, spent: 0 });
      }
      return { ...state, ledgers, datasets: put(state.datasets, b.dataset, { org, description: b.description }) };
    },
  },
};
