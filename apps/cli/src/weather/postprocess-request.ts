// What the options of madang weather postprocess ask for, checked once; the rest of the command trusts it.
import { dayNumber, KINDS, type Variable, variableNamed } from '@madang/weather';
import { CommandError, type Options } from '../command.ts';
import type { Wanted } from './read-forecast.ts';

export interface Request {
  readonly method: 'emos' | 'network';
  /** What is corrected; observations, forecasts and results are in its unit. */
  readonly variable: Variable;
  /** The family of its distributions. */
  readonly kind: (typeof KINDS)[string];
  /** The first day, in days since 1970, that is corrected and scored; the days before it teach. */
  readonly until: number;
  /** The same day as it was typed, for messages. */
  readonly trainUntil: string;
  /** The hour UTC at which the observations' day begins, -12 to 12. */
  readonly dayStart: number;
  readonly seed: string;
}

/** Throws CommandError (exit 2) on the first option that is wrong. */
export function checkedRequest(options: Options): Request {
  const method = String(options['method'] ?? 'emos');
  if (method !== 'emos' && method !== 'network')
    throw new CommandError(`--method is emos or network, not "${method}"`, 2);
  const trainUntil = String(options['trainUntil']);
  const until = dayNumber(trainUntil);
  if (until === undefined)
    throw new CommandError(`--train-until wants a date such as 2008-01-01, not "${trainUntil}"`, 2);
  const dayStart = Number(options['dayStart'] ?? 0);
  if (!(Math.abs(dayStart) <= 12))
    throw new CommandError(`--day-start wants an hour from -12 to 12, not "${options['dayStart']}"`, 2);
  const name = String(options['variable'] ?? 'temp_mean');
  const variable = variableNamed(name);
  const kind = KINDS[name];
  if (!variable || !kind)
    throw new CommandError(`--variable is one of ${Object.keys(KINDS).join(', ')}, not "${name}"`, 2);
  if (kind === 'rain' && method === 'network')
    throw new CommandError('--method network is for temperature, wind and pressure; rain has --method emos', 2);
  return { method, variable, kind, until, trainUntil, dayStart, seed: String(options['seed'] ?? 'postprocess') };
}

/** What is read of the files of forecasts, and how. Throws CommandError (exit 2) where --select is wrong. */
export function wantedOfFiles(options: Options, { variable, dayStart }: Request): Wanted {
  return {
    variable,
    arrays: String(options['array'] ?? variable.name).split(','),
    select: selection(options['select']),
    dayStart,
    ...(options['units'] ? { units: String(options['units']) } : {}),
  };
}

/** `level=1000,height=2` as a map. */
function selection(text: unknown): ReadonlyMap<string, number> {
  if (!text) return new Map();
  return new Map(
    String(text)
      .split(',')
      .map((pair): [string, number] => {
        const [dimension, value] = pair.split('=');
        if (value === undefined || value.trim() === '' || !Number.isFinite(Number(value)))
          throw new CommandError(`--select wants a dimension and a number, such as level=1000, not "${pair}"`, 2);
        return [dimension.trim(), Number(value)];
      }),
  );
}
