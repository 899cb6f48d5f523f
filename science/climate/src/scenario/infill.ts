// Infilling: species that a scenario leaves out are taken from a lead species that it has, by way of scenarios that have both
// (Lamboll et al. 2020, Geosci. Model Dev. 13, 5259: "time-dependent ratio", "closest scenario" and interpolation between scenarios).
// Nothing is filled unless asked for by name, and each filled row says how.
import { ClimateError } from '../error.ts';
import { rowOf, type Scenario, type ScenarioRow } from './table.ts';

export type InfillMethod = 'ratio' | 'closest' | 'interpolate';

export interface InfillOptions {
  readonly species: string;
  readonly lead: string;
  readonly method: InfillMethod;
}

/** Adds the missing species. `database` holds scenarios with lead and species over the scenario's years and units. */
export function infill(scenario: Scenario, database: readonly Scenario[], options: InfillOptions): Scenario {
  const { species, lead, method } = options;
  if (scenario.rows.some(r => r.species === species))
    throw new ClimateError('duplicate-series', `scenario "${scenario.name}" has ${species} already`);
  if (database.length === 0) throw new ClimateError('missing-series', `no scenario to fill ${species} from`);
  const mine = rowOf(scenario, lead);
  const pairs = database.map(s => {
    const a = rowOf(s, lead);
    const b = rowOf(s, species);
    if (a.unit !== mine.unit)
      throw new ClimateError('bad-unit', `${lead}: "${a.unit}" in "${s.name}", "${mine.unit}" in "${scenario.name}"`);
    const index = Array.from(scenario.years, y => {
      const k = s.years.indexOf(y);
      if (k < 0)
        throw new ClimateError('missing-year', `scenario "${s.name}" has no year ${y}, which "${scenario.name}" has`);
      return k;
    });
    return { name: s.name, unit: b.unit, lead: index.map(k => a.values[k]), follow: index.map(k => b.values[k]) };
  });
  const { values, how } = fill(mine.values, pairs, method, lead, species);
  const row: ScenarioRow = { species, unit: pairs[0].unit, values, source: `infilled from ${lead}`, history: [how] };
  return { ...scenario, rows: [...scenario.rows, row] };
}

interface Pair {
  readonly name: string;
  readonly lead: readonly number[];
  readonly follow: readonly number[];
}

function fill(
  mine: Float64Array,
  pairs: readonly Pair[],
  method: InfillMethod,
  lead: string,
  species: string,
): { values: Float64Array; how: string } {
  switch (method) {
    case 'closest': {
      const distance = (p: Pair) => p.lead.reduce((s, v, k) => s + (v - mine[k]) ** 2, 0);
      const best = pairs.reduce((a, b) => (distance(b) < distance(a) ? b : a));
      return { values: Float64Array.from(best.follow), how: `taken from "${best.name}", whose ${lead} is closest` };
    }
    case 'ratio': {
      const values = mine.map((v, k) => {
        const sumLead = pairs.reduce((s, p) => s + p.lead[k], 0);
        const sumFollow = pairs.reduce((s, p) => s + p.follow[k], 0);
        if (sumLead === 0)
          throw new ClimateError(
            'bad-number',
            `${species}: ${lead} sums to 0 in year number ${k + 1} of the database, so there is no ratio`,
          );
        return (v * sumFollow) / sumLead;
      });
      return {
        values,
        how: `${lead} times the ratio of ${species} to ${lead}, year by year, over ${pairs.length} scenarios`,
      };
    }
    case 'interpolate': {
      const values = mine.map((v, k) => {
        const points = pairs.map(p => [p.lead[k], p.follow[k]] as const).sort((a, b) => a[0] - b[0]);
        const above = points.findIndex(p => p[0] >= v);
        if (above === 0) return points[0][1];
        if (above < 0) return points[points.length - 1][1];
        const [x0, y0] = points[above - 1];
        const [x1, y1] = points[above];
        return x1 === x0 ? (y0 + y1) / 2 : y0 + ((v - x0) / (x1 - x0)) * (y1 - y0);
      });
      return {
        values,
        how: `interpolated between ${pairs.length} scenarios by their ${lead}, year by year, held at their ends`,
      };
    }
  }
}
