// What two stations that are wrong in the test year cost the others: pairs drawn at random, by kind of fault. Some ten minutes.
import { type Random, random } from '@madang/numerics';
import { forecast, type Network, prepare, type ScoreRow, scoreAll } from '@madang/weather';
import type { BenchSuite } from '../figure.ts';
import { rmse, sharedNetwork, spoil, type Wrong } from '../weather-network.ts';

const PAIRS = 16;
const LEADS = [1, 2, 3];
const NOISE_C = 4;

export const weatherPairs: BenchSuite = async function* () {
  const shared = sharedNetwork();
  if (!shared) return;
  const { network, year } = shared;
  const names = network.stations.map(s => s.name);
  const draw = random(`pairs ${year}`);
  const trios = Array.from({ length: PAIRS }, () => three(names, draw));
  const [honest, testFrom] = scored(network, year);
  for (const kind of ['silent', 'noise', 'late by a day', "a third place's values at both"] as const) {
    const losses = trios.map(trio => {
      const pair = trio.slice(0, 2);
      const [rows] = scored(spoil(network, pair, testFrom, wrongs(network, trio[2], draw)[kind]), year);
      return LEADS.map(lead => 100 * (rmse(rows, lead, pair) / rmse(honest, lead, pair) - 1));
    });
    const figure = (name: string, unit: string, ours: number) => ({
      name: `${year}, ${PAIRS} pairs, ${kind}: ${name}`,
      unit,
      ours,
      smallerIsBetter: true,
      runs: PAIRS,
    });
    for (const [l, lead] of LEADS.entries())
      yield figure(`mean loss of the others, day ${lead}`, '%', losses.reduce((s, v) => s + v[l], 0) / PAIRS);
    yield figure('worst pair, day 1', '%', Math.max(...losses.map(v => v[0])));
    yield figure('pairs that cost 1 % or more, day 1', 'pairs', losses.filter(v => v[0] >= 1).length);
  }
};

function three(names: readonly string[], draw: Random): string[] {
  const drawn = names.map(name => ({ name, order: draw.uniform() }));
  return drawn
    .sort((a, b) => a.order - b.order)
    .slice(0, 3)
    .map(d => d.name);
}

/** The federated model's scores of mean temperature, and the first day of the test year. */
function scored(network: Network, year: number): [ScoreRow[], number] {
  const p = prepare(network, year);
  const mean = { ...p, targets: p.targets.filter(t => t.variable === 'temp_mean') };
  return [scoreAll(mean, forecast(mean, 'federated')), p.testFrom];
}

function wrongs(network: Network, third: string, draw: Random): Record<string, Wrong> {
  const station = network.stations.findIndex(s => s.name === third);
  return {
    silent: () => Number.NaN,
    noise: (v, _day, _values, { variable }) => (variable.unit === 'deg C' ? v + NOISE_C * draw.normal() : v),
    'late by a day': (_, day, values) => values[Math.max(0, day - 1)],
    "a third place's values at both": (v, day, _values, { variable }) =>
      network.series.find(s => s.station === station && s.variable.name === variable.name)?.values[day] ?? v,
  };
}
