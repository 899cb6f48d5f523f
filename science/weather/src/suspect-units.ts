// Values of another unit than a column should have: told by how many cannot be, or by what a usual day would be. One station so is a broken one, which
// the gates stop; most of the stations are a file in other units, which is refused before the run.
import { dateOf } from './calendar.ts';
import type { Network, Series } from './network.ts';
import { type Variable, WET_CM } from './variables.ts';

/** More of a column outside of what is possible than instruments ever break. */
const MOST_OUTSIDE = 0.05;
const FEWEST_VALUES = 30;
/** So many stations may be broken, or lie, at once: two among many are never taken for a file in other units. */
const MOST_BROKEN = 2;
/** Codes of missing values, which are the gates' affair. */
const isCode = (v: number) => v <= -99 && /^-9+(\.9)?$/.test(String(v));

interface Other {
  readonly name: string;
  readonly todo: string;
  readonly to: (v: number) => number;
}

const OTHERS: Readonly<Record<string, readonly Other[]>> = {
  'deg C': [
    { name: 'kelvin', todo: 'take 273.15 away', to: v => v - 273.15 },
    { name: 'degrees Fahrenheit', todo: 'write (x - 32) / 1.8', to: v => (v - 32) / 1.8 },
    { name: 'tenths of a degree', todo: 'divide by 10', to: v => v / 10 },
  ],
  '1000 hPa': [
    { name: 'hPa', todo: 'divide by 1000', to: v => v / 1000 },
    { name: 'Pa', todo: 'divide by 100000', to: v => v / 1e5 },
    { name: 'kPa', todo: 'divide by 100', to: v => v / 100 },
  ],
  '0-1': [{ name: 'per cent', todo: 'divide by 100', to: v => v / 100 }],
  oktas: [{ name: 'per cent', todo: 'multiply by 0.08', to: v => v * 0.08 }],
  '100 W/m2': [{ name: 'W/m2', todo: 'divide by 100', to: v => v / 100 }],
  hours: [{ name: 'minutes', todo: 'divide by 60', to: v => v / 60 }],
  cm: [{ name: 'mm', todo: 'divide by 10', to: v => v / 10 }],
  'm/s': [{ name: 'km/h', todo: 'divide by 3.6', to: v => v / 3.6 }],
};

/** The mean of these is beyond nearly any place: rain on wet days (2.5 cm; mm give it nearly everywhere), wind of all days (8.5 m/s). */
const BEYOND: Readonly<Record<string, (values: readonly number[]) => boolean>> = {
  precipitation: values => mean(values.filter(v => v >= WET_CM)) > 2.5,
  wind_speed: values => mean(values) > 8.5,
};

const mean = (x: readonly number[]) => (x.length === 0 ? 0 : x.reduce((a, b) => a + b, 0) / x.length);

/** Sentences of variables with a wrong unit in more than half of their columns (`all`), and of single columns (`some`). */
export function suspectUnits(network: Network): { all: string[]; some: string[] } {
  const byVariable = Map.groupBy(network.series, s => s.variable.name);
  const all: string[] = [];
  const some: string[] = [];
  for (const [name, columns] of byVariable) {
    const wrong = columns.flatMap(s => {
      const why = suspicion(network, s);
      return why === undefined ? [] : [why];
    });
    if (2 * wrong.length > columns.length && (wrong.length > MOST_BROKEN || network.stations.length <= MOST_BROKEN))
      all.push(
        `${wrong[0]}${wrong.length > 1 ? ` (${wrong.length} of ${columns.length} columns of ${name} are so)` : ''}`,
      );
    else some.push(...wrong);
  }
  return { all, some };
}

function suspicion(network: Network, s: Series): string | undefined {
  const { variable, column, values } = s;
  const known = [...values.keys()].filter(i => !Number.isNaN(values[i]) && !isCode(values[i]));
  if (known.length < FEWEST_VALUES) return undefined;
  const outside = known.filter(i => !possible(variable, values[i]));
  const beyond = BEYOND[variable.name]?.(known.map(i => values[i])) ?? false;
  if (outside.length <= MOST_OUTSIDE * known.length && !beyond) return undefined;
  const other = (OTHERS[variable.unit] ?? []).find(
    o => known.filter(i => !possible(variable, o.to(values[i]))).length <= 0.01 * known.length,
  );
  const i = outside[0] ?? known.reduce((a, b) => (values[b] > values[a] ? b : a));
  const origin = network.origins[i];
  const what =
    outside.length > 0
      ? `${outside.length} of ${known.length} values are not what ${variable.name} can be in ${variable.unit}`
      : `the mean is more than ${variable.name} has at nearly any place in ${variable.unit}`;
  return `${origin?.file}, row ${origin?.row}, column "${column}": ${values[i]} on ${dateOf(network.first + i)}: ${what}${other ? `; it looks like ${other.name}: ${other.todo}` : ''}`;
}

const possible = ({ least, most }: Variable, v: number) => v >= least && v <= most;
