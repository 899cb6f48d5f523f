// The arithmetic of privacy budgets: zero-concentrated differential privacy (Bun and Steinke 2016) in integer micro-rho, rounded up.
import { type Ledger, ledgerId, type State, type Study } from '../state.ts';
import { put, type Refusal, refuse } from '../statement-type.ts';

/** Loss of one release: rho = D^2 / (2 s^2) in millionths, rounded up. Both arguments are positive integers. */
export function microRhoOf(sensitivitySquared: number, variance: number): number {
  const numerator = 1_000_000n * BigInt(sensitivitySquared);
  const denominator = 2n * BigInt(variance);
  return Number((numerator + denominator - 1n) / denominator);
}

type Move = (ledger: Ledger, amount: number) => Ledger;

const reserve: Move = (l, a) => ({ ...l, reserved: l.reserved + a });
const spend: Move = (l, a) => ({ ...l, reserved: l.reserved - a, spent: l.spent + a });
const giveBack: Move = (l, a) => ({ ...l, reserved: l.reserved - a });

/** Ledgers that one round of a study touches: every ledger a dataset has for a unit and period that the study charges. */
export function chargesOf(state: State, study: Study, datasets: readonly string[]): ReadonlyMap<string, number> {
  const amounts = new Map<string, number>();
  for (const dataset of datasets)
    for (const c of study.charges) {
      const id = ledgerId(dataset, c.unit, c.period);
      if (state.ledgers[id]) amounts.set(id, (amounts.get(id) ?? 0) + microRhoOf(c.sensitivitySquared, c.variance));
    }
  return amounts;
}

/** Reserves `rounds` rounds, or names the first ledger that cannot bear them. */
export function reserveRounds(
  state: State,
  study: Study,
  datasets: readonly string[],
  rounds: number,
): State | Refusal {
  for (const dataset of datasets)
    for (const c of study.charges)
      if (!state.ledgers[ledgerId(dataset, c.unit, c.period)])
        return refuse(
          'no-ledger',
          `dataset ${dataset} allows no budget for unit ${c.unit} in period ${c.period}; its steward can set one`,
        );
  const amounts = chargesOf(state, study, datasets);
  for (const [id, amount] of amounts) {
    const l = state.ledgers[id];
    if (l.spent + l.reserved + amount * rounds > l.cap)
      return refuse(
        'budget-exceeded',
        `${id} allows ${l.cap} micro-rho, ${l.spent + l.reserved} are spent or reserved, ${amount * rounds} more are asked; ask for fewer rounds or more noise`,
      );
  }
  return move(state, amounts, rounds, reserve);
}

export function spendRound(state: State, study: Study, datasets: readonly string[]): State {
  return move(state, chargesOf(state, study, datasets), 1, spend);
}

export function returnRounds(state: State, study: Study, datasets: readonly string[], rounds: number): State {
  return move(state, chargesOf(state, study, datasets), rounds, giveBack);
}

function move(state: State, amounts: ReadonlyMap<string, number>, rounds: number, how: Move): State {
  if (amounts.size === 0 || rounds === 0) return state;
  let { ledgers } = state;
  for (const [id, amount] of amounts) ledgers = put(ledgers, id, how(ledgers[id], amount * rounds));
  return { ...state, ledgers };
}
