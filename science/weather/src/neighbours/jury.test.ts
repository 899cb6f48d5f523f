import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { plainSum } from '../secure-sum.ts';
import { madeUpNetwork } from '../simulate.ts';
import { acquitByJury } from './jury.ts';
import { surroundings } from './surround.ts';

const MEMBERS = 12;
const TRAIN_END = 730;
const DAYS = 1095;

/** Standardised values of members in a row: two waves of weather that reach each in another share, and `local` weather of their own. */
function values(local: number): Float64Array[] {
  const r = random('jury');
  const waves = [0, 1].map(() => {
    const w = new Float64Array(DAYS);
    for (let d = 0; d < DAYS; d++) w[d] = 0.7 * (w[d - 1] ?? 0) + 0.7 * r.normal();
    return w;
  });
  return Array.from({ length: MEMBERS }, (_, m) => {
    const angle = (m / MEMBERS) * Math.PI;
    return Float64Array.from(
      { length: DAYS },
      (_, d) => Math.cos(angle) * waves[0][d] + Math.sin(angle) * waves[1][d] + local * r.normal(),
    );
  });
}

/** Members 4 and 6 send what member 11 has; they and the honest member 5 between them are accused all year. Share of the year's flags that stay. */
function kept(local: number): { found: boolean; honest: number; wrong: number[] } {
  const network = madeUpNetwork(MEMBERS, DAYS);
  const series = network.series.flatMap((s, k) => (s.variable.name === 'temp_mean' ? [k] : []));
  const own = values(local);
  for (const m of [4, 6]) own[m].set(own[11].subarray(TRAIN_END), TRAIN_END);
  const flagged = own.map((_, m) =>
    Uint8Array.from({ length: DAYS }, (_, d) => (m >= 4 && m <= 6 && d >= TRAIN_END ? 2 : 0)),
  );
  const found = acquitByJury(
    { own, sent: own, flagged, trainEnd: TRAIN_END },
    surroundings(network, series, plainSum),
    new Uint8Array(DAYS),
  );
  // Who is accused at all is known after some days.
  const share = (m: number) =>
    flagged[m].subarray(TRAIN_END + 10).reduce((n, f) => n + (f ? 1 : 0), 0) / (DAYS - TRAIN_END - 10);
  return { found, honest: share(5), wrong: [share(4), share(6)] };
}

test('an honest member between two that send the same wrong values is believed again, they are not', () => {
  const { found, honest, wrong } = kept(0.3);
  assert.ok(found);
  assert.ok(honest < 0.05, `${honest} of the honest member's days`);
  for (const share of wrong) assert.ok(share > 0.8, `${wrong} of the others' days`);
});

test('where the rest could never tell, nothing is taken back', () => {
  assert.deepEqual(kept(1.5), { found: false, honest: 1, wrong: [1, 1] });
});
