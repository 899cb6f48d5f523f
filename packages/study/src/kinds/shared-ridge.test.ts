// The shared ridge as a study: sums of nodes give the model of all rows in one place; no value of a place in a week moves any sum by more than the
// declared distance, whatever it is replaced by; what would let one value move everything is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  dayOf,
  eachRow,
  LEVELS,
  PRIVATE_RIDGE,
  type SharedRidgeFit,
  type SharedRidgeSpec,
  type SUMS,
  sharedRidgeForecasts,
  sharedRidgeRows,
  simulateSurveillance,
  snapshot,
  sumLength,
  weekOf,
} from '@madang/disease';
import { cholesky, choleskySolve, formatCsv, random } from '@madang/numerics';
import type { PublishedRound } from './kind.ts';
import { readVintages } from './pooled-increments.ts';
import { privateSharedRidge, type SharedRidgeQuery, type SharedRidgeState, sharedRidge } from './shared-ridge.ts';

const COLUMNS = ['target', 'location', 'date', 'as_of', 'value'];
const rowsOf = simulateSurveillance({ seed: 'shared', places: 9 }).vintages;
const csvOf = (keep: (place: string) => boolean) =>
  formatCsv(
    COLUMNS,
    rowsOf.filter(r => keep(r[1])),
  );
const nodes = [0, 1, 2].map(n => csvOf(place => Number(place.slice(1)) % 3 === n));
const all = csvOf(() => true);
const source = (text: string) => ({ file: async () => text, query: async () => [] });
const days = { target: 'ILI', frozenOn: '2020-10-07', asOf: ['2024-10-02'], maximumRows: 4000 };
const WIDE: SharedRidgeSpec = {
  ...PRIVATE_RIDGE,
  terms: ['change1', 'change4', 'slope6', 'anomaly', 'anomaly*step', 'climateChange', 'sin1Then', 'cos1Then', 'step'],
  rowNorm: 4,
  targetBound: 2,
  shapes: 'each-step',
  cells: 60,
};
const exact = (spec: SharedRidgeSpec): SharedRidgeQuery => ({
  ...privateSharedRidge({ ...days, variance: 0 }),
  spec,
  bits: 29,
  sharing: 'ring-64',
});

async function studyOf(q: SharedRidgeQuery, tables: readonly string[]): Promise<SharedRidgeFit> {
  const rounds: PublishedRound[] = [];
  for (let round = 1; round <= sharedRidge.rounds(q); round++) {
    const vectors = await Promise.all(tables.map(t => sharedRidge.contribute(q, round, source(t), rounds)));
    for (const v of vectors)
      for (let i = 0; i < v.length; i++)
        assert.ok(Number.isInteger(v[i]) && v[i] >= 0 && v[i] <= sharedRidge.shape(q).maximum);
    const sums = Array.from(vectors[0], (_, i) => vectors.reduce((s, v) => s + v[i], 0));
    rounds.push({ sums, contributors: vectors.length });
  }
  return (sharedRidge.modelAfter(q, rounds) as SharedRidgeState).models[0];
}

/** The same model from all rows in float64, by code of its own. */
function inFloat(q: SharedRidgeQuery): SharedRidgeFit {
  const from = weekOf(dayOf(q.frozenOn)) + 1;
  const d = sharedRidgeRows(snapshot(readVintages(all), dayOf(q.asOf[0])), q.spec, from);
  const p = 1 + q.spec.terms.length;
  const total = (solved: Parameters<typeof eachRow>[2], name: (typeof SUMS)[number]) => {
    const out = new Float64Array(sumLength(q.spec, name));
    eachRow(d, q.spec, solved, (k, v) => {
      out[k] += v;
    });
    return out;
  };
  const first = total({}, 'location');
  const weeks = weekOf(dayOf(q.asOf[0])) - from + 1;
  const solve = (side: Float64Array, least: number) => {
    const a = new Float64Array(p * p);
    for (let i = 0, k = 0; i < p; i++) for (let j = i; j < p; j++) a[j * p + i] = first[k++];
    for (let i = least; i < p; i++) a[i * p + i] += (q.spec.penaltyPeriods / weeks) * first[0];
    return choleskySolve(cholesky(a, p), p, side);
  };
  const location = solve(first.slice(first.length - p), 0);
  const scale = solve(total({ location }, 'scale'), 1);
  return { location, scale, shape: total({ location, scale }, 'shape') };
}

const apart = (a: Float64Array, b: Float64Array) => a.reduce((m, v, i) => Math.max(m, Math.abs(v - b[i])), 0);

for (const [name, spec] of Object.entries({ private: PRIVATE_RIDGE, wide: WIDE }))
  test(`sums of three nodes without noise equal the pooled twin in float64 to 1e-9 (${name} design)`, async () => {
    const q = sharedRidge.parse(JSON.stringify(exact(spec)));
    const fit = await studyOf(q, nodes);
    const twin = inFloat(q);
    assert.ok(apart(fit.location, twin.location) < 1e-9, String(apart(fit.location, twin.location)));
    assert.ok(apart(fit.scale, twin.scale) < 1e-9, String(apart(fit.scale, twin.scale)));
    // A residual at the edge of a cell may fall to either side of it.
    const rows = twin.shape.reduce((a, b) => a + b, 0);
    assert.ok(rows > 5000 && apart(fit.shape, twin.shape) < 1.001, String(apart(fit.shape, twin.shape)));
    assert.deepEqual(await studyOf({ ...q, maximumRows: 4000 * 3 }, [all]), fit, 'who holds which row does not matter');
  });

test('no value of one place in one week moves a sum by more than the declared distance, whatever takes its place', async () => {
  const places = ['P03', 'P06'];
  const mine = rowsOf.filter(r => places.includes(r[1]));
  for (const spec of [PRIVATE_RIDGE, { ...WIDE, cells: 12 }]) {
    const q = sharedRidge.parse(JSON.stringify({ ...privateSharedRidge({ ...days, variance: 0 }), spec, bits: 10 }));
    const d2 = sharedRidge.sensitivitySquared(q, 'place-week')!;
    // The rounds before are any public numbers: here those of the true table.
    const rounds: PublishedRound[] = [];
    const before: ArrayLike<number>[] = [];
    for (let round = 1; round <= 3; round++) {
      const v = await sharedRidge.contribute(q, round, source(formatCsv(COLUMNS, mine)), rounds);
      before.push(v);
      rounds.push({ sums: v, contributors: 1 });
    }
    const r = random('weeks');
    const weeks = [...new Set(mine.map(row => row[2]))].filter(w => w > '2020-10-11' && w < '2024-10-02').sort();
    const tried = [
      weeks[0],
      weeks.at(-1)!,
      ...Array.from({ length: 10 }, () => weeks[Math.floor(r.uniform() * weeks.length)]),
    ];
    let most = 0;
    for (const week of tried)
      for (const value of ['', '0', '1e9', String(Math.round(1000 * r.uniform()))]) {
        const other = mine.map(row => (row[1] === 'P03' && row[2] === week ? [...row.slice(0, 4), value] : row));
        for (let round = 1; round <= 3; round++) {
          const v = await sharedRidge.contribute(
            q,
            round,
            source(formatCsv(COLUMNS, other)),
            rounds.slice(0, round - 1),
          );
          let square = 0;
          for (let i = 0; i < v.length; i++) square += (v[i] - before[round - 1][i]) ** 2;
          most = Math.max(most, square);
          assert.ok(square <= d2, `${week} -> "${value}", round ${round}: ${square} against ${d2}`);
        }
      }
    assert.ok(most > d2 / 1000, 'the bound is of the size of what happens');
  }
});

test('features that look back without end or at other places are refused', () => {
  for (const term of ['seasonHigh', 'belowHigh', 'wave1', 'waveDistance'])
    assert.throws(
      () => sharedRidge.parse(JSON.stringify(exact({ ...PRIVATE_RIDGE, terms: [term] }))),
      /bounded influence/,
    );
  assert.equal(sharedRidge.sensitivitySquared(exact(PRIVATE_RIDGE), 'person'), undefined);
  const early = { ...exact(PRIVATE_RIDGE), frozenOn: '2024-10-02' };
  assert.throws(() => sharedRidge.parse(JSON.stringify(early)), /after frozenOn/);
});

test('a place forecasts from the model at its own node: quantiles in order, about the last value, nothing for weeks that are known', async () => {
  const q = sharedRidge.parse(JSON.stringify(exact(PRIVATE_RIDGE)));
  const fit = await studyOf(q, nodes);
  const series = snapshot(readVintages(nodes[0]), dayOf('2025-01-08'));
  const last = series[0].first + series[0].values.length - 1;
  const out = sharedRidgeForecasts(q.spec, fit, series, [last - 1, last + 1, last + 2, last + 3]);
  assert.equal(out.length, 3 * series.length);
  for (const f of out) {
    assert.equal(f.quantiles.length, LEVELS.length);
    assert.ok(f.quantiles.every((v, i) => v >= 0 && (i === 0 || v >= f.quantiles[i - 1])));
    const s = series.find(x => x.location === f.location)!;
    const y = s.values.at(-1)!;
    assert.ok(f.quantiles[11] > y / 4 && f.quantiles[11] < 4 * y + 10);
  }
});
