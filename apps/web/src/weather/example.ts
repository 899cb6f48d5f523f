// A simulated network for the page of a hub that has no weather of its own: invented stations whose weather is a random walk that neighbours share.
// The forecast and the scores are those that the model itself earns on it.
import { formatCsv, parseCsv, random } from '@madang/numerics';
import {
  baselines,
  civilDay,
  dateOf,
  forecast,
  type Model,
  parseDaily,
  parseStations,
  prepare,
  prepareToday,
  scoreAll,
  verification,
} from '@madang/weather';
import type { SkillRow, WeatherModel } from './model.ts';
import { rowsOf } from './own.ts';

const NAMES = ['Alder', 'Birch', 'Cedar', 'Damson'] as const;
const [FIRST_YEAR, TEST_YEAR] = [2001, 2003];
const DAYS = 3 * 365;

export function simulatedWeather(): WeatherModel {
  const network = simulate();
  const p = prepare(network, TEST_YEAR);
  const base = baselines(p);
  const federated = forecast(p, 'federated');
  const skill = (m: Model): SkillRow[] => {
    const rows = scoreAll(p, m === 'federated' ? federated : forecast(p, m));
    return Array.from({ length: 10 }, (_, l) => {
      const at = <T extends { leadDays: number }>(all: readonly T[]) => all.filter(r => r.leadDays === l + 1);
      const mean = (x: readonly number[]) => x.reduce((s, v) => s + v, 0) / x.length;
      const rmse = mean(at(rows).map(r => r.rmse));
      return {
        leadDays: l + 1,
        rmse,
        crps: mean(at(rows).map(r => r.crps)),
        coverage90: mean(at(rows).map(r => r.coverage90)),
        toDampedPersistence: rmse / mean(at(base).map(r => r.dampedRmse)),
        toClimatology: rmse / mean(at(base).map(r => r.climatologyRmse)),
      };
    });
  };
  const today = network.first + network.days - 1;
  const now = prepareToday(network);
  const found = forecast(now, 'federated');
  const forecasts = rowsOf(now, found, today);
  return {
    simulated: true,
    cite: 'Simulated weather of four invented stations.',
    note: 'An operator shows real forecasts by MADANG_WEATHER.',
    forecast: { issued: dateOf(today), model: 'federated', forecasts, warnings: [] },
    backtest: {
      testYear: TEST_YEAR,
      stations: NAMES.length,
      perStation: scoreAll(p, federated),
      verification: verification(p, federated, [1, 3, 5], random('verify')),
      models: {
        own: { temp_mean: skill('own') },
        federated: { temp_mean: skill('federated') },
        pooled: { temp_mean: skill('pooled') },
      },
    },
  };
}

/** Weather comes from the west: what one station has today, the next has in part tomorrow. */
function simulate() {
  const r = random('invented weather');
  const from = civilDay(FIRST_YEAR, 1, 1);
  let state = NAMES.map(() => 0);
  const rows = Array.from({ length: DAYS }, (_, i) => {
    const fresh = r.normal();
    state = state.map((x, s) => 0.6 * x + 0.3 * (s === 0 ? fresh : state[s - 1]) + (s === 0 ? 1 : 0.5) * r.normal());
    const season = 10 - 9 * Math.cos((2 * Math.PI * (i - 20)) / 365.25);
    return [dateOf(from + i).replaceAll('-', ''), ...state.map(x => (season + 2.5 * x).toFixed(1))];
  });
  const stations = formatCsv(
    ['station', 'latitude', 'longitude', 'elevation_m'],
    NAMES.map((n, i) => [n, 50, 2 * i, 100]),
  );
  const daily = formatCsv(['DATE', ...NAMES.map(n => `${n}_temp_mean`)], rows);
  return parseDaily(parseStations(parseCsv(stations), 'stations'), [{ file: 'daily', table: parseCsv(daily) }]);
}
