// dataset.budget: the owner opens a ledger for a new period, or changes a cap (never below what is spent or reserved).
import { handle, type Infer, integer, object } from '../schema.ts';
import { ledgerId } from '../state.ts';
import { put, refuse, type StatementType } from '../statement-type.ts';
import { MAX_MICRO_RHO } from './register-dataset.ts';

const body = object({ dataset: handle, unit: handle, period: handle, capMicroRho: integer(0, MAX_MICRO_RHO) });

export const setBudget: StatementType<Infer<typeof body>> = {
  kind: 'dataset.budget',
  summary: 'Sets the privacy budget of a dataset for a unit and period.',
  body,
  signers: ['steward', 'officer'],
  refusals: {
    'unknown-dataset': 'The organisation has no such dataset.',
    'below-use': 'A cap cannot fall below what is spent and reserved.',
  },
  apply: {
    1(state, { org, body: b }) {
      if (state.datasets[b.dataset]?.org !== org)
        return refuse('unknown-dataset', `${org} has no dataset ${b.dataset}`);
      const id = ledgerId(b.dataset, b.unit, b.period);
      const old = state.ledgers[id] ?? { cap: 0, reserved: 0, spent: 0 };
      if (b.capMicroRho < old.spent + old.reserved)
        return refuse(
          'below-use',
          `${old.spent + old.reserved} micro-rho of ${id} are spent or reserved; the cap cannot fall below that`,
        );
      return { ...state, ledgers: put(state.ledgers, id, { ...old, cap: b.capMicroRho }) };
    },
  },
};
