// The twin's own ledger: every look at the data is a line with its zCDP cost; noise is sized by what was set aside for the look.

import type { RandomBytes } from '../dp/entropy.ts';
import { exponentialMechanism, gaussianMechanism } from '../dp/mechanisms.ts';
import { microRho, microRhoFor, varianceFor } from '../dp/zcdp.ts';

export interface Spending {
  readonly what: string;
  readonly microRho: number;
  /** Standard deviation of the noise on one count; absent for choices. */
  readonly deviation?: number;
}

/** A budget for one twin. `rowsAUnit`: how many rows one unit (person, household, …) may have; all of them may change at once. */
export class Account {
  readonly total: bigint;
  readonly spent: Spending[] = [];
  readonly #rows: bigint;
  readonly #randomBytes: RandomBytes;
  #used = 0n;

  constructor(epsilon: number, delta: number, rowsAUnit: number, randomBytes: RandomBytes) {
    this.total = microRhoFor(epsilon, delta);
    this.#rows = BigInt(rowsAUnit);
    this.#randomBytes = randomBytes;
  }

  get used(): bigint {
    return this.#used;
  }

  /** Noised counts; a row is in one cell of each of `vectors` histograms held in `counts`. `share` of the whole budget. */
  histogram(
    what: string,
    counts: ArrayLike<number>,
    vectors: number,
    share: number,
  ): { counts: Float64Array; deviation: number } {
    const d2 = this.#rows * this.#rows * BigInt(vectors);
    const variance = varianceFor(d2, this.#allot(share));
    const release = gaussianMechanism(counts, d2, variance, this.#randomBytes);
    const deviation = Math.sqrt(Number(variance));
    this.#record(what, microRho(d2, variance), deviation);
    return { counts: release.values, deviation };
  }

  /** The noise that a histogram with this share will bear; the same whatever the data. */
  deviationFor(share: number): number {
    return Math.sqrt(Number(varianceFor(this.#rows * this.#rows, this.#allot(share))));
  }

  /** The index of a high utility, where one row changes a utility by at most `sensitivity`. Cost epsilon^2 / 8 (bounded range). */
  choose(what: string, utilities: ArrayLike<number>, sensitivity: number, share: number): number {
    const numerator = BigInt(Math.floor(Math.sqrt((8 * Number(this.#allot(share))) / 1e6) * 2 ** 20));
    const denominator = 1n << 20n;
    if (numerator === 0n) throw new RangeError('the budget is too small for a choice');
    const cost =
      (numerator * numerator * 1_000_000n + 8n * denominator * denominator - 1n) / (8n * denominator * denominator);
    this.#record(what, cost);
    return exponentialMechanism(
      utilities,
      this.#rows * BigInt(sensitivity),
      { numerator, denominator },
      this.#randomBytes,
    );
  }

  #allot(share: number): bigint {
    const amount = BigInt(Math.floor(Number(this.total) * share));
    if (amount < 1n)
      throw new RangeError('the budget is too small for this many columns; raise epsilon or leave columns out');
    return amount;
  }

  #record(what: string, cost: bigint, deviation?: number): void {
    this.#used += cost;
    if (this.#used > this.total) throw new Error(`twin: ${this.#used} micro-rho of ${this.total} would be spent`);
    this.spent.push({ what, microRho: Number(cost), ...(deviation === undefined ? {} : { deviation }) });
  }
}
