// What a federation noises: counts of persons. FluSight's are counts; RespiCast's rates become counts of the people assumed to be covered.
import { type ChangeLog, changeLog, type HubRules } from '@madang/disease';
import { CommandError } from '../command.ts';
import { readTable } from './files.ts';

/** A log of counts of one person's signal, what a unit of the hub is in counts, and what was assumed on the way. */
interface Counts {
  readonly log: ChangeLog;
  /** Counts in one unit of the hub's value at a place; 1 where the hub has counts. */
  readonly perUnit: (location: string) => number;
  readonly assumed?: { readonly covered: Readonly<Record<string, number>>; readonly text: string };
}

/** The counts behind a hub's signal. Throws CommandError for a share out of range, a file that is none and a place without a population. */
export async function countsOf(
  log: ChangeLog,
  hub: HubRules,
  target: string,
  o: Readonly<Record<string, unknown>>,
): Promise<Counts> {
  if (hub.name === 'flusight') return { log: withoutNation(log), perUnit: () => 1 };
  const { asCounts, coveredAt } = await import('@madang/disease');
  const share = Number(o['covered']);
  if (!(share > 0 && share <= 1))
    throw new CommandError(`--covered takes a share above 0 and at most 1, not "${o['covered']}"`, 2);
  const stated = o['population'] === undefined ? undefined : await readCovered(String(o['population']));
  const covered: Record<string, number> = {};
  const at = (location: string) => {
    const n = coveredAt(location, { share, ...(stated && { stated }) });
    if (n === undefined)
      throw new CommandError(
        `no population is known for "${location}"; state it in a CSV file location,covered and name that by --population`,
        3,
      );
    covered[location] = Math.round(n);
    return n;
  };
  const counts = asCounts(log, target, at);
  const from = stated ? `, or as ${o['population']} states` : '';
  return {
    log: counts,
    perUnit: location => at(location) / 100_000,
    assumed: {
      covered,
      text: `assumed: ${100 * share} % of each population covered${from}; rates of consultations: 0.1 a week and inhabitant covered; one signal alone`,
    },
  };
}

async function readCovered(path: string): Promise<Map<string, number>> {
  const table = await readTable(path);
  for (const column of ['location', 'covered'])
    if (!table.has(column)) throw new CommandError(`${path} has no column "${column}"; it takes location,covered`, 2);
  const covered = table.text('covered');
  return new Map(
    table.text('location').map((location, i) => {
      const n = Number(covered[i]);
      if (!(n > 0 && Number.isFinite(n)))
        throw new CommandError(
          `${path}, row ${table.line(i)}, column "covered": a number above 0 was expected, not "${covered[i]}"`,
          2,
        );
      return [location, n];
    }),
  );
}

/** The sum over all places is no node's, and a noised copy of it would be a third and fourth release of every count. */
function withoutNation(log: ChangeLog): ChangeLog {
  return changeLog(
    Array.from(log.series, (s, i) => ({
      ...log.names[s],
      period: log.period[i],
      knownFrom: log.knownFrom[i],
      value: log.value[i],
    })).filter(r => r.location !== 'US'),
  );
}
