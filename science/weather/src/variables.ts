// The daily variables of a station file: name, unit, what is physically possible, and how each enters the regression.
// Units are those of the ECA&D blend used as reference data: pressure in 1000 hPa, precipitation in cm, radiation in 100 W/m2.

export interface Variable {
  readonly name: string;
  readonly unit: string;
  /** Values outside are impossible anywhere on land (WMO records of extremes, with a little room). */
  readonly least: number;
  readonly most: number;
  /** Weight of today's standardised value in the distance between two days; chosen on test years 2005 to 2007. */
  readonly weight: number;
  /** Weight of yesterday's value relative to today's. */
  readonly lagWeight: number;
  /** Applied before standardising, to tame a long tail. */
  readonly root: boolean;
  /** Smooth enough in space for a station to be checked against its neighbours. */
  readonly neighbourly: boolean;
}

const row = (
  name: string,
  unit: string,
  [least, most]: readonly [number, number],
  weight: number,
  more: Partial<Variable> = {},
): Variable => ({ name, unit, least, most, weight, lagWeight: 0.25, root: false, neighbourly: false, ...more });

export const variables: readonly Variable[] = [
  row('temp_mean', 'deg C', [-70, 50], 1.2, { neighbourly: true }),
  row('temp_min', 'deg C', [-75, 45], 1, { neighbourly: true }),
  row('temp_max', 'deg C', [-65, 57], 1, { neighbourly: true }),
  row('pressure', '1000 hPa', [0.87, 1.09], 1.8, { lagWeight: 0.5, neighbourly: true }),
  row('humidity', '0-1', [0, 1.05], 0.5),
  row('cloud_cover', 'oktas', [0, 8], 0.5),
  row('global_radiation', '100 W/m2', [0, 6], 0.5),
  row('sunshine', 'hours', [0, 24], 0.5),
  row('precipitation', 'cm', [0, 183], 0.5, { root: true }),
  row('wind_speed', 'm/s', [0, 60], 0.7, { root: true }),
  row('wind_gust', 'm/s', [0, 115], 0.7, { root: true }),
];

export const variableNamed = (name: string): Variable | undefined => variables.find(v => v.name === name);

/** A day counts as wet from 0.1 mm; precipitation is in cm. */
export const WET_CM = 0.01;
