import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FanEvidence, PlaceEvidence } from '../models.ts';
import { reliabilityFigure, warnedWeeks } from './warnings.ts';

const fan = (
  chances: readonly number[],
  observed: readonly (number | undefined)[],
  threshold?: number,
): FanEvidence => ({
  known: [],
  ...(threshold === undefined ? {} : { threshold }),
  chances,
  outcomes: observed.map((y, k) => ({
    date: `2025-01-${String(5 + 7 * k).padStart(2, '0')}`,
    horizon: k,
    ...(y === undefined ? {} : { observed: y }),
  })),
});
const place = (...fans: FanEvidence[]): PlaceEvidence => ({ observed: [], fans });

test('a warned week has a threshold, a figure, and lies before the day asked for', () => {
  const e = place(fan([0.2, 0.7, 0.9], [10, 90, undefined], 50), fan([0.4], [60]));
  assert.deepEqual(warnedWeeks(e), [
    { probability: 0.2, happened: false },
    { probability: 0.7, happened: true },
  ]);
  assert.deepEqual(warnedWeeks(e, '2025-01-12'), [{ probability: 0.2, happened: false }]);
});

test('the diagram, its sentence and its table say the same; too few weeks say nothing', () => {
  const weeks = Array.from({ length: 40 }, (_, i) => ({ probability: i < 30 ? 0.1 : 0.9, happened: i % 10 === 0 }));
  assert.equal(reliabilityFigure(weeks.slice(0, 19), 'of this place'), false);
  const drawn = reliabilityFigure(weeks, 'of this place');
  assert.ok(drawn);
  assert.match(drawn.text, /Of 10 weeks called more likely high than not, 1 were; of the other 30, 3\./);
  assert.match(
    drawn.text,
    /aria-label="Reliability diagram: announced 10 %, came true 10 % of 30; announced 90 %, came true 10 % of 10\."/,
  );
  assert.match(drawn.text, /<td class="n">90 %<\/td><td class="n">10 %<\/td><td class="n">10<\/td>/);
  // (30 (0.1² 27/30 + 0.9² 3/30) + 10 (0.9² 9/10 + 0.1² 1/10)) / 40
  assert.match(drawn.text, /Brier score 0\.250/);
  assert.equal([...drawn.text.matchAll(/<circle/g)].length, 2);
  assert.doesNotMatch(drawn.text, /NaN|undefined/);
});
