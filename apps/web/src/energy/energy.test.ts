import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { drawGrid } from '../charts/grid.ts';
import { gridAnswer } from './answer.ts';
import { EXAMPLE_CASE, EXAMPLE_NAME } from './example.ts';
import { layoutGraph } from './layout.ts';
import { gridReport } from './report.ts';

const solve = (text: string) => gridAnswer(text, EXAMPLE_NAME, () => 0);
const example = solve(EXAMPLE_CASE);

test('the example is solved, balanced, and its prices part where lines are at their limit', () => {
  assert.equal(example.status, 'optimal');
  const sum = (f: (b: (typeof example.buses)[number]) => number) => example.buses.reduce((s, b) => s + f(b), 0);
  const losses = sum(b => b.generationMw) - sum(b => b.loadMw);
  assert.ok(losses > 0 && losses < 0.05 * sum(b => b.loadMw), `losses ${losses} MW`);
  assert.ok(example.lines.every(l => l.loading <= 1.0001));
  assert.ok(example.lines.some(l => l.loading > 0.999));
  const prices = example.buses.map(b => b.price);
  assert.ok(Math.max(...prices) > 2 * Math.min(...prices));
});

test('lines of twice the size cost less and bring prices together', () => {
  const wide = solve(
    EXAMPLE_CASE.replace(/ (\d+) 0 0 0 0 1 -60 60;/g, (_, mva) => ` ${2 * Number(mva)} 0 0 0 0 1 -60 60;`),
  );
  assert.ok(wide.costPerHour < example.costPerHour);
  const spread = (a: typeof example) => Math.max(...a.buses.map(b => b.price)) - Math.min(...a.buses.map(b => b.price));
  assert.ok(spread(wide) < spread(example));
});

test('a load that cannot be served is said, not drawn', () => {
  const page = gridReport(solve(EXAMPLE_CASE.replace('5 1 120 35', '5 1 9000 35'))).text;
  assert.match(page, /no operation keeps every limit|no answer was found/);
  assert.doesNotMatch(page, /<svg|NaN/);
});

test('a broken file is refused with its place', () => {
  assert.throws(() => solve(EXAMPLE_CASE.replace('1 2 0.010', '1 77 0.010')), /77/);
});

test('every graph is laid out within the square, the same each time, neighbours nearer than strangers', () => {
  const graph = fc
    .integer({ min: 2, max: 40 })
    .chain(n =>
      fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { minLength: 1, maxLength: 60 }).map(edges => ({ n, edges })),
    );
  fc.assert(
    fc.property(graph, ({ n, edges }) => {
      const xy = layoutGraph(n, edges);
      assert.ok(xy.every(v => v >= -1e-9 && v <= 1 + 1e-9));
      assert.deepEqual(layoutGraph(n, edges), xy);
    }),
    { numRuns: 40 },
  );
  const ring = Array.from({ length: 20 }, (_, i) => [i, (i + 1) % 20] as const);
  const xy = layoutGraph(20, ring);
  const far = (a: number, b: number) => Math.hypot(xy[2 * a] - xy[2 * b], (xy[2 * a + 1] - xy[2 * b + 1]) / 2);
  for (let i = 0; i < 20; i++) assert.ok(far(i, (i + 1) % 20) < 0.6 * far(i, (i + 10) % 20), `bus ${i}`);
});

test('the picture has a mark for every bus and line, and no number that is none', () => {
  const picture = drawGrid(example, 'x')!.text;
  assert.equal(picture.match(/<(rect|circle) /g)?.length, 9);
  assert.equal(picture.match(/class="(free|close|full)"/g)!.length, 11 + 2);
  assert.doesNotMatch(picture, /NaN|Infinity|undefined/);
  assert.equal(drawGrid({ ...example, buses: example.buses.map(({ x: _x, y: _y, ...b }) => b) }, 'x'), undefined);
});
