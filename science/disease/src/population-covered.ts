// Rates as counts: how many people (or consultations a week) stand behind a rate, so that one person's part of it is known and noise can be
// told in persons. An assumption, never data: the hubs' files do not say whom the reporting practices cover; both factors can be replaced.
// The trap: rates of all signals of a person count the same consultation again. Counted here: one signal, whose copy is trained on alone.
import { type ChangeLog, changeLog, type LogRow } from './change-log.ts';

/** What a rate is a rate of, as assumed. */
export interface Coverage {
  /** Share of inhabitants registered with reporting practices, above 0 to 1. */
  readonly share: number;
  /** By location: people, or consultations a week, behind the rate; takes the place of share times population. */
  readonly stated?: ReadonlyMap<string, number>;
}

/** Inhabitants in ten thousands: Eurostat, 1 January 2024 (demo_pjan), and for the United Kingdom ONS, mid-2023; rounded. */
const POPULATION: Readonly<Record<string, number>> = {
  ...{ AT: 916, BE: 1182, BG: 645, CH: 896, CY: 97, CZ: 1090, DE: 8346, DK: 596, EE: 137, ES: 4861, FI: 560 },
  ...{ FR: 6840, GR: 1040, HR: 386, HU: 958, IE: 534, IS: 38, IT: 5897, LI: 4, LT: 289, LU: 67, LV: 187, MT: 56 },
  ...{ NL: 1794, NO: 555, PL: 3662, PT: 1064, RO: 1907, SE: 1055, SI: 212, SK: 542 },
  ...{ 'GB-ENG': 5769, 'GB-NIR': 192, 'GB-SCT': 549, 'GB-WLS': 316 },
};
/** These report a rate of consultations, not of inhabitants. */
const OF_CONSULTATIONS = new Set(['CY', 'FI', 'LU', 'MT']);
/** Consultations a week and inhabitant: five a year, about what OECD countries see. */
const CONSULTATIONS = 0.1;
/** A rate is a count among so many. */
const PER = 100_000;

/** People, or consultations a week, behind a location's rate; undefined for a location that is neither stated nor in the table. */
export function coveredAt(location: string, { share, stated }: Coverage): number | undefined {
  if (!(share > 0 && share <= 1)) throw new RangeError('coveredAt: a share above 0 and at most 1');
  const known = stated?.get(location);
  if (known !== undefined) return known;
  const people = POPULATION[location];
  return people === undefined
    ? undefined
    : share * people * 10_000 * (OF_CONSULTATIONS.has(location) ? CONSULTATIONS : 1);
}

/** The log of one signal as counts among those covered; other signals are left out. `covered` is asked once for each location. */
export function asCounts(log: ChangeLog, target: string, covered: (location: string) => number): ChangeLog {
  const factor = new Map<string, number>();
  const rows: LogRow[] = [];
  for (let i = 0; i < log.series.length; i++) {
    const name = log.names[log.series[i]];
    if (name.target !== target) continue;
    const f = factor.get(name.location) ?? covered(name.location) / PER;
    factor.set(name.location, f);
    rows.push({ ...name, period: log.period[i], knownFrom: log.knownFrom[i], value: f * log.value[i] });
  }
  return changeLog(rows);
}
