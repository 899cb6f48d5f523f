// All parts of a Prio3 run in one place, for tests: reproducible chance, every aggregator, the sum.
import { XofTurboShake128 } from '../../xof/turboshake.ts';
import type { Prio3 } from '../interface.ts';

export const ctx = new TextEncoder().encode('test');

export function randomSource(seed: string): (n: number) => Uint8Array {
  const xof = new XofTurboShake128(new TextEncoder().encode(seed), ctx, new Uint8Array(0));
  return n => (n === 0 ? new Uint8Array(0) : xof.next(n));
}

/** Verifies one report at all aggregators; throws what they throw. */
export function verify(
  v: Prio3<never, unknown, unknown>,
  key: Uint8Array,
  nonce: Uint8Array,
  report: { publicShare: Uint8Array; inputShares: readonly Uint8Array[] },
  context = ctx,
): Uint8Array[] {
  const made = report.inputShares.map((share, j) => v.verifyInit(key, context, j, nonce, report.publicShare, share));
  const message = v.verifierSharesToMessage(
    context,
    made.map(m => m.verifierShare),
  );
  return made.map(m => v.verifyNext(m.state, message));
}

export function aggregate<M, R>(v: Prio3<M, R, unknown>, measurements: readonly M[], seed: string): R {
  const random = randomSource(seed);
  const key = random(32);
  const shares = Array.from({ length: v.shares }, () => v.aggregateInit());
  for (const m of measurements) {
    const nonce = random(16);
    const report = v.shard(ctx, m, nonce, random(v.randSize));
    verify(v as Prio3<never, unknown, unknown>, key, nonce, report).forEach((out, j) => {
      v.aggregateUpdate(shares[j], out);
    });
  }
  return v.unshard(shares, measurements.length);
}
