// The two things that postprocess compares: forecasts brought to the stations, and the stations' observations that the gate lets pass.
import { dateOf, gate, type Network, type Station, type StationForecast, type Variable } from '@madang/weather';
import { CommandError, type Io } from '../command.ts';
import type { Request } from './postprocess-request.ts';
import { readForecast, type Wanted } from './read-forecast.ts';

export interface Given {
  readonly forecasts: readonly StationForecast[];
  /** How the files were understood, for people; files alike are said once. */
  readonly read: readonly string[];
  /** Names of the stations that lie outside a grid. */
  readonly outside: readonly string[];
}

/** Observations of one variable, in its unit. */
export interface Observed {
  readonly stations: readonly Station[];
  /** By station: a value a day, NaN where there is none; undefined where the variable is not measured. */
  readonly values: readonly (Float64Array | undefined)[];
  /** The day of index 0, in days since 1970. */
  readonly first: number;
  /** Days with smaller indices teach; at least 1. */
  readonly trainEnd: number;
}

/** Throws CommandError (exit 1) naming the file that cannot be read, or (exit 2) that is not there. */
export function readForecasts(files: readonly string[], wanted: Wanted, stations: readonly Station[], io: Io): Given {
  const forecasts: StationForecast[] = [];
  const [read, outside] = [new Set<string>(), new Set<string>()];
  for (const file of files) {
    try {
      const got = readForecast(file, wanted, stations);
      for (const f of got.forecasts) forecasts.push(f);
      for (const name of got.outside) outside.add(name);
      read.add(got.read);
    } catch (error) {
      if (error instanceof CommandError) throw error;
      throw new CommandError(error instanceof Error ? error.message : String(error), 1, { cause: error });
    }
  }
  for (const how of read) io.log(`read: ${how}`);
  if (outside.size > 0) io.log(`outside the grid, not forecast: ${[...outside].join(', ')}`);
  return { forecasts, read: [...read], outside: [...outside] };
}

/** Throws CommandError (exit 1) where no station measures the variable. */
export function mustBeMeasured(network: Network, { name }: Variable): void {
  if (!network.series.some(s => s.variable.name === name))
    throw new CommandError(`the observations have no column STATION_${name}; there is nothing to correct by`, 1);
}

/**
 * Observations that the gate lets pass, so that impossible ones teach nothing; a line in the log for each column stopped of a station that is forecast.
 * Throws CommandError (exit 1) where no day is left to learn from.
 */
export function observedOf(
  network: Network,
  { variable, until, trainUntil }: Request,
  forecasts: readonly StationForecast[],
  io: Io,
): Observed {
  const { stations, first, days } = network;
  const trainEnd = Math.max(0, Math.min(days, until - first));
  if (trainEnd === 0)
    throw new CommandError(`the observations begin on ${dateOf(first)}: none is before --train-until ${trainUntil}`, 1);
  const gated = gate(network, trainEnd);
  const ofVariable = gated.network.series.filter(s => s.variable.name === variable.name);
  const forecasted = new Set(forecasts.map(f => f.station));
  const columns = new Set(ofVariable.filter(s => forecasted.has(s.station)).map(s => s.column));
  const stopped = Map.groupBy(
    gated.issues.filter(i => columns.has(i.column)),
    i => i.column,
  );
  for (const [column, [i, ...more]] of stopped)
    io.log(
      `gate: ${i.file}, row ${i.row}, column "${column}": ${i.value} on ${i.date}: ${i.reason}${more.length > 0 ? ` (and ${more.length} more of this column)` : ''}`,
    );
  const values = stations.map((_, station) => ofVariable.find(s => s.station === station)?.values);
  return { stations, values, first, trainEnd };
}
