import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleClimate } from './example.ts';
import { climateRun } from './run.ts';

test("the example's warming agrees with what was observed and with what IPCC AR6 assesses for the scenario", () => {
  const run = climateRun(exampleClimate());
  assert.equal(run.members, 33);
  const { rows, firstYear } = run.answer({});
  const median = (from: number, to: number) => {
    const years = Array.from({ length: to - from + 1 }, (_, i) => rows[(from + i - firstYear) * 3 + 1]);
    return years.reduce((s, v) => s + v, 0) / years.length;
  };
  // AR6 WG1 SPM: 0.99 (0.84 to 1.10) K in 2001-2020; table SPM.1, SSP2-4.5: 2.0 (1.6 to 2.5) in 2041-2060, 2.7 (2.1 to 3.5) in 2081-2100.
  for (const [from, to, low, high] of [
    [2001, 2020, 0.84, 1.1],
    [2041, 2060, 1.6, 2.5],
    [2081, 2099, 2.1, 3.5],
  ])
    assert.ok(median(from, to) > low && median(from, to) < high, `${from}: ${median(from, to)}`);
});
