import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cholesky, choleskySolve, random } from '@madang/numerics';
import { arena } from './dense/products.ts';
import { ofMembers } from './distances.ts';
import { byFold, exactDoubles, regressExactly } from './exact.ts';
import { yearlySegments } from './folds.ts';
import { chooseLandmarks, type Part } from './parts.ts';
import { gatherLandmarks, gatherWhole, similarityDoubles, toKernel, wholeDoubles } from './similarity.ts';

const NOISE = 0.07;
const WIDTH = 3;

function madeUp(days: number, rows: number) {
  const r = random('exact');
  const part: Part = { rows: Float64Array.from({ length: days * WIDTH }, () => r.normal()), width: WIDTH, size: WIDTH };
  const y = Array.from({ length: rows }, (_, k) =>
    Float64Array.from({ length: days }, (_, d) => Math.sin(part.rows[d * WIDTH + (k % WIDTH)]) + 0.3 * r.normal()),
  );
  return { part, y };
}

const nobody: Part = { rows: new Float64Array(), width: 0, size: 0 };

/** Matern 3/2 at half the mean distance, by its definition. */
function kernel({ rows, size }: Part, a: number, b: number): number {
  let squared = 0;
  for (let k = 0; k < WIDTH; k++) squared += (rows[a * WIDTH + k] - rows[b * WIDTH + k]) ** 2;
  const q = 0.5 * Math.sqrt(squared / size);
  return (1 + q) * Math.exp(-q);
}

/** What the fit on `seen` predicts for `day`, one factorisation a call. */
function plainly(part: Part, y: Float64Array, seen: readonly number[], asked: readonly number[]): number[] {
  const n = seen.length;
  const k = new Float64Array(n * n);
  seen.forEach((a, i) => {
    seen.forEach((b, j) => {
      k[i * n + j] = kernel(part, a, b) + (i === j ? NOISE : 0);
    });
  });
  const right = Float64Array.from(seen, d => y[d]);
  const w = choleskySolve(cholesky(k, n), n, right);
  return asked.map(d => seen.reduce((s, b, i) => s + w[i] * kernel(part, d, b), 0));
}

for (const kind of ['wasm', 'plain'] as const)
  test(`one elimination predicts as a fit for each fold does (${kind})`, () => {
    for (const trained of [37, 150, 203]) {
      const days = trained + 17;
      const { part, y } = madeUp(days, 5);
      const segments = yearlySegments(trained).map((s, b) => ({ ...s, fold: b === 3 && trained === 203 ? 2 : s.fold }));
      const folds = byFold(segments);
      const source = ofMembers([part], nobody, undefined);
      const landmarks = chooseLandmarks(trained + 5, trained + 5);
      const memory = arena(
        wholeDoubles(days, trained) + exactDoubles(trained, days - trained, 5) + source.doubles(trained + 5, days),
        kind,
      );
      const { take, whole } = gatherWhole(memory, folds.order, days);
      source.each(memory, landmarks, days, (from, rows, cols, squared) => {
        toKernel(squared, source.size);
        take(from, rows, cols, squared);
      });
      const found = regressExactly(memory, whole, folds, y, NOISE);
      const all = Array.from({ length: trained }, (_, d) => d);
      const later = Array.from({ length: days - trained }, (_, d) => trained + d);
      y.forEach((v, r) => {
        plainly(part, v, all, later).forEach((want, i) => {
          assert.ok(Math.abs(found.fitted[r][trained + i] - want) < 2e-5);
        });
        for (const fold of new Set(segments.map(s => s.fold))) {
          const of = new Set(
            segments.filter(s => s.fold === fold).flatMap(s => all.filter(d => d >= s.from && d < s.to)),
          );
          const seen = all.filter(d => !of.has(d));
          plainly(part, v, seen, [...of]).forEach((want, i) => {
            assert.ok(Math.abs(found.withheld[r][[...of][i]] - want) < 2e-5);
          });
        }
      });
    }
  });

test('the kernel to some landmarks is the same whether every day is compared or they alone', () => {
  const [days, trained] = [260, 230];
  const { part } = madeUp(days, 1);
  const gathered = [trained, 90].map(most => {
    const landmarks = chooseLandmarks(trained, most);
    const source = ofMembers([part], nobody, undefined);
    const memory = arena(similarityDoubles(days, 45) + source.doubles(most, days));
    const keep = chooseLandmarks(most, 45);
    // Every fifth day in both cases, but for rounding of indices.
    const wanted =
      most === trained ? Int32Array.from(chooseLandmarks(90, 45), k => chooseLandmarks(trained, 90)[k]) : keep;
    const { take, finish } = gatherLandmarks(memory, landmarks, wanted, days);
    source.each(memory, landmarks, days, (from, rows, cols, squared) => {
      toKernel(squared, source.size);
      take(from, rows, cols, squared);
    });
    const { byLandmark, among } = finish();
    return [byLandmark, among].map(b => b.slice());
  });
  gathered[0].forEach((block, b) => {
    block.forEach((v, i) => {
      assert.ok(Math.abs(v - gathered[1][b][i]) < 1e-9);
    });
  });
  assert.ok(gathered[0][0].every(v => v > 0 && v <= 1));
});
