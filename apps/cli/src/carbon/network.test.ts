// What HiGHS finds beside every way to build small networks, each with its cheapest flows found by augmenting paths: no program, no solver.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NetworkCase, planNetwork } from '@madang/carbon';
import { type Random, random } from '@madang/numerics';
import { highsSolver } from './highs.ts';

/** An arc that can carry `room` more at `cost` a unit; `back` is the arc the other way. */
interface Arc {
  readonly to: number;
  room: number;
  readonly cost: number;
  back: Arc;
}

/** Least cost of sending `amount` from node 0 to node 1, Infinity when it cannot be sent. */
function cheapest(nodes: number, arcs: readonly (readonly [number, number, number, number])[], amount: number): number {
  const out: Arc[][] = Array.from({ length: nodes }, () => []);
  for (const [from, to, room, cost] of arcs) {
    const there = { to, room, cost } as Arc;
    there.back = { to: from, room: 0, cost: -cost, back: there };
    out[from].push(there);
    out[to].push(there.back);
  }
  let left = amount;
  let total = 0;
  while (left > 1e-9) {
    const by: (Arc | undefined)[] = Array.from({ length: nodes }, () => undefined);
    const away = [0, ...Array.from({ length: nodes - 1 }, () => Number.POSITIVE_INFINITY)];
    for (let round = 0; round < nodes; round++)
      for (let n = 0; n < nodes; n++)
        for (const arc of out[n])
          if (arc.room > 1e-9 && away[n] + arc.cost < away[arc.to] - 1e-12) {
            away[arc.to] = away[n] + arc.cost;
            by[arc.to] = arc;
          }
    if (away[1] === Number.POSITIVE_INFINITY) return away[1];
    let sent = left;
    for (let arc = by[1]; arc; arc = by[arc.back.to]) sent = Math.min(sent, arc.room);
    for (let arc = by[1]; arc; arc = by[arc.back.to]) {
      arc.room -= sent;
      arc.back.room += sent;
    }
    total += sent * away[1];
    left -= sent;
  }
  return total;
}

/** All vectors of whole numbers from 0 to `most`. */
function* choices(most: readonly number[]): Generator<number[]> {
  if (most.length === 0) yield [];
  else for (const rest of choices(most.slice(1))) for (let k = 0; k <= most[0]; k++) yield [k, ...rest];
}

/** The least cost over all that can be built. Stores must have room for all phases. */
function byTrying(c: NetworkCase): number {
  const phases = c.phasesYears.length;
  const start = c.phasesYears.map((_, p) => c.phasesYears.slice(0, p).reduce((s, y) => s + y, 0));
  const once = start.map(y => (1 + c.discountRate) ** -y);
  const yearly = c.phasesYears.map((length, p) =>
    Array.from({ length }, (_, y) => (1 + c.discountRate) ** -(start[p] + y)).reduce((s, w) => s + w, 0),
  );
  const places = [...c.sources, ...c.sinks].map(x => x.name).concat(c.junctions);
  const node = (name: string) => 2 + places.indexOf(name);
  const many = Math.max(...c.targetMtYear);
  // For each pipe, size and phase how many; for each store in which phase it opens, last: never.
  const builds = c.pipes.flatMap(e =>
    c.sizes.flatMap(z => c.phasesYears.map((_, p) => ({ e, z, p, most: Math.ceil(many / z.mtYear) }))),
  );
  const known = new Map<string, number>();
  let best = Number.POSITIVE_INFINITY;
  for (const built of choices(builds.map(b => b.most))) {
    const laid = builds.reduce((s, b, i) => s + built[i] * once[b.p] * b.z.millionKm * b.e.km, 0);
    if (laid >= best) continue;
    for (const opened of choices(c.sinks.map(() => phases))) {
      let cost = laid;
      c.sinks.forEach((s, i) => {
        if (opened[i] < phases) cost += once[opened[i]] * s.openMillion;
      });
      for (let p = 0; p < phases && cost < best; p++) {
        const rooms = c.pipes.map(e =>
          builds.reduce((r, b, i) => r + (b.e === e && b.p <= p ? built[i] * b.z.mtYear : 0), e.existingMtYear),
        );
        const takes = c.sinks.map((s, i) => (opened[i] <= p ? Math.min(s.mostMtYear, roomYearly(c, s.capacityMt)) : 0));
        const key = [p, ...rooms, ...takes].join();
        let flow = known.get(key);
        if (flow === undefined) {
          flow = cheapest(
            places.length + 2,
            [
              ...c.sources.map(s => [0, node(s.name), s.mostMtYear, s.costTonne] as const),
              ...c.sinks.map((s, i) => [node(s.name), 1, takes[i], s.costTonne] as const),
              ...c.pipes.flatMap((e, i) => {
                const running = (c.flowTonne100Km * e.km) / 100;
                const [a, b] = [node(e.from), node(e.to)];
                return [
                  [a, b, rooms[i], running],
                  [b, a, rooms[i], running],
                ] as const;
              }),
            ],
            c.targetMtYear[p],
          );
          known.set(key, flow);
        }
        cost += yearly[p] * flow;
      }
      best = Math.min(best, cost);
    }
  }
  return best;
}

/** What a store can take a year for all of a single phase; of more phases it must have room for all. */
const roomYearly = (c: NetworkCase, capacityMt: number) =>
  c.phasesYears.length === 1 ? capacityMt / c.phasesYears[0] : Number.POSITIVE_INFINITY;

/** A small case: one or two sources and stores, a junction, two or three pipes, some of them there already, one or two phases. */
function smallCase(r: Random): NetworkCase {
  const between = (a: number, b: number) => Math.round(10 * (a + (b - a) * r.uniform())) / 10;
  const upTo = (n: number) => 1 + Math.floor(n * r.uniform());
  const [phases, sources, sinks] = [upTo(2), upTo(2), upTo(2)];
  const names = [
    ...Array.from({ length: sources }, (_, i) => `s${i}`),
    ...Array.from({ length: sinks }, (_, i) => `t${i}`),
  ];
  return {
    phasesYears: Array.from({ length: phases }, () => 3 + upTo(12)),
    discountRate: r.uniform() < 0.3 ? 0 : 0.07,
    targetMtYear: Array.from({ length: phases }, () => between(0.3, 2)),
    sources: names.slice(0, sources).map(name => ({ name, mostMtYear: between(0.8, 2.5), costTonne: between(20, 90) })),
    sinks: names.slice(sources).map(name => ({
      ...{ name, mostMtYear: between(0.8, 2.5), costTonne: between(3, 20), openMillion: between(0, 120) },
      capacityMt: phases === 1 ? between(5, 40) : 1000,
    })),
    junctions: ['j'],
    pipes: names
      .map(name => ({
        ...{ from: r.uniform() < 0.5 ? name : 'j', km: between(5, 150) },
        to: '',
        existingMtYear: r.uniform() < 0.4 ? between(0.2, 1.5) : 0,
      }))
      .map((p, i) => ({ ...p, to: p.from === 'j' ? names[i] : 'j' })),
    sizes: [{ name: 'one', mtYear: between(0.8, 2.2), millionKm: between(0.2, 1.2) }],
    flowTonne100Km: between(0, 3),
  };
}

test('least cost is that of the best of all networks that can be built', async () => {
  const solve = await highsSolver(20);
  let solved = 0;
  let impossible = 0;
  for (let i = 0; solved < 12; i++) {
    const c = smallCase(random(`network ${i}`));
    const best = byTrying(c);
    if (best === Number.POSITIVE_INFINITY) {
      impossible += 1;
      const refused = await planNetwork(c, solve).then(
        p => !p.ok,
        e => e instanceof RangeError,
      );
      assert.ok(refused, `case ${i} has no network`);
      continue;
    }
    solved += 1;
    const plan = await planNetwork(c, solve);
    assert.ok(plan.ok, `case ${i}`);
    assert.ok(Math.abs(plan.costMillion - best) <= 1e-5 * best, `case ${i}: ${plan.costMillion}, not ${best}`);
    const sum = Object.values(plan.parts).reduce((s, x) => s + x, 0);
    assert.ok(Math.abs(sum - plan.costMillion) <= 1e-6 * best, `case ${i}: parts`);
  }
  assert.ok(impossible > 0);
});

test('pipes are laid side by side where the largest is too small', async () => {
  const plan = await planNetwork(
    {
      ...{ phasesYears: [10], discountRate: 0, targetMtYear: [5], junctions: [], flowTonne100Km: 0 },
      sources: [{ name: 'a', mostMtYear: 5, costTonne: 1 }],
      sinks: [{ name: 'b', mostMtYear: 5, capacityMt: 50, costTonne: 1, openMillion: 0 }],
      pipes: [{ from: 'a', to: 'b', km: 10, existingMtYear: 0.5 }],
      sizes: [{ name: 'two', mtYear: 2, millionKm: 1 }],
    },
    await highsSolver(20),
  );
  assert.ok(plan.ok);
  assert.deepEqual(
    plan.laid.map(l => l.size),
    ['two', 'two', 'two'],
  );
  assert.ok(Math.abs(plan.parts.pipes - 30) < 1e-9);
});
