// Weather: training and forecasting a test year of all stations, each model by itself on one thread.
import { forecast, type Model, prepare } from '@madang/weather';
import { type BenchSuite, medianSeconds } from '../figure.ts';
import { sharedNetwork } from '../weather-network.ts';

export const weather: BenchSuite = async function* () {
  const shared = sharedNetwork();
  if (!shared) return;
  const { network, year } = shared;
  let total = 0;
  const figure = (name: string, ours: number) => {
    total += ours;
    return { name, unit: 's', ours, smallerIsBetter: true, runs: 3 };
  };
  yield figure('gates and climatologies', await medianSeconds(() => prepare(network, year), 3));
  const p = prepare(network, year);
  for (const model of ['own', 'federated', 'pooled'] as const satisfies readonly Model[])
    yield figure(`training and test year ${year}, ${model}`, await medianSeconds(() => forecast(p, model), 3, 0));
  yield {
    name: 'all together on one thread',
    unit: 's',
    ours: total,
    against: { name: 'limit on two cores, doubled', value: 20 },
    smallerIsBetter: true,
    runs: 1,
  };
};
