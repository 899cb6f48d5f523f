// Pages from models that a hub meets at its edges: before it is founded, before any forecast, with names that try to be markup.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlaceForecasts, StudyModel, TodayModel } from '../models.ts';
import { EMPTY_SITE } from '../testing/site.ts';
import { drawForecast } from './forecast.ts';
import { drawStatus } from './status.ts';
import { drawStudy } from './studies.ts';
import { drawToday } from './today.ts';
import { drawVerify } from './verify.ts';

const today: TodayModel = { regions: [], targets: [], days: [], day: '', members: [], recent: [], unreadable: 0 };
const evil = '<script>alert(1)</script>';
const study: StudyModel = {
  id: 'a'.repeat(64),
  title: evil,
  stage: 'failed',
  kind: 'statistics',
  data: 'unstated',
  proposer: 'health',
  proposerName: evil,
  version: 1,
  purpose: 'DUO:0000007',
  query: 'b'.repeat(64),
  queryText: `{"q":"${evil}"`,
  code: 'c'.repeat(64),
  encoding: 'prio3-sumvec',
  numbers: 4,
  maximum: 9,
  minimum: 3,
  rounds: 1,
  differencing: 'withhold',
  collector: 'public',
  aggregators: [],
  asked: [{ org: 'health', name: evil }],
  charges: [],
  ledgers: [],
  done: [],
  failure: { code: 'too-few-approvals', why: evil, by: 'health' },
  proposedAt: 3,
  closed: false,
  forecasts: 0,
};

test('a hub without anything says so and offers no check', () => {
  const text = drawToday(EMPTY_SITE, today);
  assert.match(text, /has not been founded yet/);
  assert.match(text, /There is nothing to check yet/);
  assert.doesNotMatch(text, /<script|undefined|NaN/);
  assert.match(
    drawStatus(EMPTY_SITE, {
      members: [],
      studies: [],
      engine: 'pglite',
      ageSeconds: 0,
      inadmissible: [],
      version: '0',
    }),
    /log is still empty/,
  );
});

test('text from members stays text on every page that shows it', () => {
  for (const page of [drawToday(EMPTY_SITE, { ...today, study }), drawStudy(EMPTY_SITE, study)]) {
    assert.doesNotMatch(page, /<script/);
    assert.match(page, /&lt;script&gt;/);
  }
});

test('a failed study says why, and what it did not release', () => {
  assert.match(
    drawStudy(EMPTY_SITE, { ...study, failure: { ...study.failure!, why: 'two of three approved' } }),
    /ended without a result: two of three approved/,
  );
});

test('simulated data are called so in the picture, the caption and the head of the page', () => {
  const fans = [
    {
      asOf: '2025-01-08',
      org: 'health',
      entry: 9,
      points: [{ date: '2025-01-12', horizon: 1, median: 5, low50: 4, high50: 6, low95: 1, high95: 9 }],
    },
  ];
  const page = drawForecast(
    { ...EMPTY_SITE, simulated: true },
    { target: 'ili', place: 'P01', data: 'simulated', fans },
    0,
    { names: org => org, contributors: () => undefined },
  );
  assert.match(page, /<strong>Simulated data/);
  assert.match(page, /figcaption>[^<]*simulated data/);
});

test('an entry that stands in the way is named in the first sentence of the status page', () => {
  const page = drawStatus(
    { ...EMPTY_SITE, log: { ...EMPTY_SITE.log, size: 5, finalSize: 4 } },
    {
      members: [],
      studies: [],
      engine: 'pglite',
      ageSeconds: 5,
      inadmissible: [{ index: 4, code: 'no-budget', why: 'over the limit', voided: false }],
      version: '0',
    },
  );
  assert.match(page, /<h1>The log stands still: 1 entry must be voided/);
  assert.match(page, /no-budget/);
});

test('the limits are those of the protocol, with and without a built verifier', () => {
  for (const site of [
    EMPTY_SITE,
    { ...EMPTY_SITE, assets: { verifier: '/assets/v.js', verifierDigest: 'd'.repeat(64) } },
  ]) {
    const page = drawVerify(site);
    assert.match(page, /One aggregator adding an offset to its own share: not detectable/);
    assert.match(page, /not against the hub itself/);
  }
});

test('a place that fell silent says so, with its unit, on its page, its card and the map', () => {
  const point = { date: '2025-06-01', horizon: 1, median: 30, low50: 20, high50: 40, low95: 5, high95: 90 };
  const fans = [{ asOf: '2025-05-28', org: 'health', entry: 1, points: [point] }];
  const known = [{ date: '2025-04-13', value: 60 }];
  const silent: PlaceForecasts = {
    target: 'ili',
    place: 'FR',
    data: 'real',
    fans,
    evidence: { unit: 'per 100 000 population', observed: known, fans: [{ known, chances: [], outcomes: [] }] },
  };
  const old: PlaceForecasts = { target: 'ili', place: 'AT', data: 'real', fans: [{ ...fans[0], asOf: '2025-05-21' }] };
  const page = drawForecast(EMPTY_SITE, silent, 0, { names: org => org, contributors: () => undefined });
  assert.match(page, /No figure since the week to 13 April 2025/);
  assert.match(page, /Median 30 per 100 000 population in the week to 1 June 2025/);
  assert.doesNotMatch(page, /medians of earlier forecasts/, 'there are none');
  const places = [silent, old, { ...old, place: 'IT' }];
  const first = drawToday(EMPTY_SITE, { ...today, targets: [{ target: 'ili', places }] });
  assert.match(first, /no figure since 13 Apr/);
  assert.match(first, /A dot: no forecast of 28 May 2025/);
  assert.match(first, /Austria: no forecast of this day/);
});
