// Reads the tables and parameter files of the carbon commands; what is wrong in them is said with file, row and column.
import { existsSync, readFileSync } from 'node:fs';
import { parseCsv, type Table } from '@madang/numerics';
import { CommandError } from '../command.ts';

export function readText(file: string, option: string): string {
  if (!existsSync(file)) throw new CommandError(`there is no file ${file} (${option})`, 2);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError(`cannot read ${file} (${option}): ${error instanceof Error ? error.message : error}`, 2, {
      cause: error,
    });
  }
}

export function readTable(file: string, option: string): Table {
  return said(() => parseCsv(readText(file, option), file));
}

export function readJson(file: string, option: string): unknown {
  const text = readText(file, option);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${file} is not JSON: ${error instanceof Error ? error.message : error}`, 1, {
      cause: error,
    });
  }
}

/** Runs a reader; its complaint becomes a refusal in plain words. */
export function said<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(error instanceof Error ? error.message : String(error), 1, { cause: error });
  }
}

/** A number given as an option; throws wrong use when it is not one. */
export function numberOption(value: unknown, flag: string): number {
  const x = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (!Number.isFinite(x)) throw new CommandError(`${flag} wants a number, not "${value}"`, 2);
  return x;
}
