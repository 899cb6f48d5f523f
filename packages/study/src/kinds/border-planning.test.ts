// Planning across borders as a study: within the asked gap of the joint optimum, certified from totals; what leaves are wishes for the own borders and two
// numbers, whatever else the grid holds; two operators with a member that only hides totals; a round without an operator is left out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildPlan, readFolder, solvePlan } from '@madang/energy';
import { type Border, madeUpCountry, madeUpJointly } from '@madang/energy/borders';
import { type BorderPlanningQuery, type BorderPlanningState, borderPlanning } from './border-planning.ts';
import type { DataSource, PublishedRound } from './kind.ts';

const T = 6;
const COUNTRIES = ['a', 'b', 'c'];
const end = (operator: string) => ({ operator, bus: operator });
const border = (from: string, to: string, capacityMw: number): Border => ({
  name: `${from}-${to}`,
  from: end(from),
  to: end(to),
  capacityMw,
});
const three: BorderPlanningQuery = {
  kind: 'border-planning',
  version: 1,
  borders: [border('a', 'b', 150), border('b', 'c', 200)],
  snapshots: T,
  mostRounds: 40,
  rho: 0.3,
  gap: 1e-3,
  mostCost: 1e9,
};

/** A member's declared files; `change` is done to its grid. */
function source(owner: string, change: (files: Map<string, string>) => void = () => {}): DataSource {
  const files = COUNTRIES.includes(owner) ? madeUpCountry(owner, COUNTRIES, T) : new Map<string, string>();
  change(files);
  return {
    owner,
    files: [...files.keys()].map(f => `grid/${f}`),
    file: async name => files.get(name.slice('grid/'.length))!,
    query: async () => [],
  };
}

async function plan(
  query: BorderPlanningQuery,
  members: readonly string[],
  present = (_: string, _round: number) => true,
) {
  const q = borderPlanning.parse(JSON.stringify(query));
  const { maximum } = borderPlanning.shape(q);
  const rounds: PublishedRound[] = [];
  while (rounds.length < q.mostRounds && !borderPlanning.ended!(q, rounds)) {
    const round = rounds.length + 1;
    const here = members.filter(m => present(m, round));
    const vectors = await Promise.all(here.map(m => borderPlanning.contribute(q, round, source(m), rounds)));
    for (const v of vectors)
      assert.ok(Array.prototype.every.call(v, x => Number.isInteger(x) && x >= 0 && x <= maximum));
    const sums = Float64Array.from(vectors[0], (_, i) => vectors.reduce((s, v) => s + v[i], 0));
    rounds.push({ sums, contributors: here.length, set: here.join(' ') });
  }
  return { rounds, state: borderPlanning.modelAfter(q, rounds) as BorderPlanningState };
}

const jointly = (names: readonly string[], borders: readonly Border[]) =>
  solvePlan(buildPlan(readFolder(madeUpJointly(names, borders, T)))).objective;

for (const [name, query, members] of [
  ['three operators', three, ['a', 'b', 'c']],
  ['two operators and a member without a grid', { ...three, borders: [three.borders[0]] }, ['a', 'b', 'watch']],
] as const)
  test(`${name} come within 0.1 % of the joint optimum, and it is certified`, async () => {
    const optimum = jointly(
      members.filter(m => m !== 'watch'),
      query.borders,
    );
    const { state, rounds } = await plan(query, members);
    const { best } = state;
    assert.ok(best && best.gap <= 1e-3, JSON.stringify(best));
    assert.ok(best.cost >= optimum * (1 - 1e-6) && best.bound <= optimum * (1 + 1e-6));
    assert.ok((best.cost - optimum) / optimum < 1e-3);
    assert.ok(best.cost < 0.999 * state.alone!, 'trade is worth something here');
    assert.ok(rounds.length < query.mostRounds, `${rounds.length} rounds`);
    assert.deepEqual(
      Object.keys(best.flowsMw),
      query.borders.map(b => b.name),
    );
  });

test('nothing leaves but wishes over the own borders and two numbers of cost', async () => {
  const q = borderPlanning.parse(JSON.stringify(three));
  assert.equal(borderPlanning.shape(q).length, 2 * 2 * T + 2);
  const zero = (borderPlanning.shape(q).maximum - 0) / 2;
  const at = (v: ArrayLike<number>, place: number) => Array.from({ length: T }, (_, t) => v[place * T + t] - zero);
  const mine = await borderPlanning.contribute(q, 1, source('a'));
  // Places: a of a-b, b of a-b, b of b-c, c of b-c.
  assert.ok(at(mine, 0).some(x => x !== 0));
  for (const other of [1, 2, 3])
    assert.deepEqual(at(mine, other), new Array(T).fill(0), 'not another operator’s place');
  // A plant that changes no wish and no cost changes no number that leaves.
  const idle = await borderPlanning.contribute(
    q,
    1,
    source('a', f => f.set('generators.csv', `${f.get('generators.csv')}a secret,a,500,False,,0,100000\n`)),
  );
  for (let i = 0; i < mine.length; i++) assert.ok(Math.abs(mine[i] - idle[i]) <= 1024, `${i}: ${mine[i]}, ${idle[i]}`);
  const watch = await borderPlanning.contribute(q, 1, source('watch'));
  assert.ok(Array.prototype.every.call(watch, x => x === zero));
});

test('a round without an operator is left out, and the plan is found all the same', async () => {
  const { state, rounds } = await plan(three, ['a', 'b', 'c'], (m, round) => !(m === 'b' && round === 2));
  assert.ok(state.best && state.best.gap <= 1e-3);
  assert.equal(state.rounds, rounds.length);
  assert.equal(state.consensus.round, rounds.length - 1);
});

test('queries and grids that do not fit are refused', async () => {
  const bad = (more: object, why: RegExp) =>
    assert.throws(() => borderPlanning.parse(JSON.stringify({ ...three, ...more })), why);
  bad({ borders: [] }, /borders must be/);
  bad({ borders: [border('a', 'a', 10)] }, /two operators/);
  bad({ borders: [three.borders[0], three.borders[0]] }, /name of its own/);
  bad({ mostCost: 2 ** 50 }, /mostCost/);
  const q = borderPlanning.parse(JSON.stringify({ ...three, snapshots: T + 1 }));
  await assert.rejects(borderPlanning.contribute(q, 1, source('a')), /6 snapshots, the study 7/);
});
