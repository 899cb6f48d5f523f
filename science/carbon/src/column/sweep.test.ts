// A thousand random sorbents and operating points: at least 99 in 100 settle, and none fails without saying so. Deep (`SLOW=1`, some 7 minutes on one
// core); SWEEP=0-250 runs a part. Every run looks at a few.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomDesign } from '../testing/random-design.ts';
import { DEFAULTS, type Settings, steadyState } from './steady.ts';

/** A quarter of an hour: by hand. */
const DEEP = process.env['SLOW'] ? false : 'optional: set SLOW=1 for the deep run';

const [from, to] = (process.env['SWEEP'] ?? '0-1000').split('-').map(Number);

/** What did not settle, by number; asserts that whatever did is whole. */
function sweep(first: number, end: number, settings: Settings): string[] {
  const failed: string[] = [];
  for (let i = first; i < end; i++) {
    const { bed, sorbent, operation } = randomDesign(i);
    const r = steadyState(bed, sorbent, operation, settings);
    if (!r.converged) {
      assert.ok(r.why.length > 10 && !('purity' in r), `design ${i}`);
      failed.push(`${i}: ${r.why}`);
      continue;
    }
    assert.ok(r.massError <= settings.balance && r.energyError <= settings.balance, `design ${i}: balances`);
    assert.ok(r.purity > 0 && r.purity <= 1 + 1e-6, `design ${i}: purity ${r.purity}`);
    assert.ok(r.recovery > 0 && r.recovery <= 1, `design ${i}: recovery ${r.recovery}`);
    assert.ok(r.energyKwhPerTonne > 0 && r.productivityMolKgH > 0, `design ${i}: energy and productivity`);
    const { drawnIn, feed } = r.flows;
    assert.ok(
      drawnIn.co2 <= settings.balance * feed.co2 && drawnIn.n2 <= settings.balance * feed.n2,
      `design ${i}: feed`,
    );
  }
  return failed;
}

test('at least 99 in 100 random sorbents settle, and none fails silently', { skip: DEEP }, t => {
  const failed = sweep(from, to, DEFAULTS);
  t.diagnostic(`${to - from - failed.length} of ${to - from} converged${failed.map(f => `; ${f}`).join('')}`);
  assert.ok(failed.length <= 0.01 * (to - from), failed.join('\n'));
});

test('the first few on a coarse column', () => {
  assert.deepEqual(sweep(6, 14, { ...DEFAULTS, cells: 10 }), []);
});

test('a bed that takes up more than is fed is refused for that reason, and soon', () => {
  const { bed, sorbent, operation } = randomDesign(506);
  const settings = { ...DEFAULTS, cells: 12 };
  // Without purge nothing in the balance would show it.
  for (const o of [operation, { ...operation, lightRefluxS: 0, feedMS: 0.8 * operation.feedMS }]) {
    const r = steadyState(bed, sorbent, o, settings);
    assert.ok(!r.converged);
    assert.match(r.why, /draws gas in at the light end/);
    assert.ok(r.cycles < 60);
  }
});
