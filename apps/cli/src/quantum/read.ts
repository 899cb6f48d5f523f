// Reading programs from disk for the quantum commands; includes are looked for beside the file that names them.
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Loaded, load, QuantumError } from '@madang/quantum';
import { CommandError } from '../command.ts';

/** Larger files are refused before they are read. */
const LARGEST_FILE_BYTES = 256 * 1024 * 1024;

/** A program and everything it includes. */
export function readProgram(path: string): Loaded {
  return plainly(() =>
    load(readText(path), {
      file: path,
      include(target, from) {
        const name = resolve(dirname(from), target);
        return { name, text: readText(name) };
      },
    }),
  );
}

export function readText(path: string): string {
  let bytes: number;
  try {
    bytes = statSync(path).size;
  } catch (error) {
    throw new CommandError(`cannot read ${path}: ${error instanceof Error ? error.message : error}`, 2, {
      cause: error,
    });
  }
  if (bytes > LARGEST_FILE_BYTES)
    throw new CommandError(
      `${path} has ${bytes} bytes; programs of up to ${LARGEST_FILE_BYTES} are read. Use loops instead of repeated lines`,
    );
  return readFileSync(path, 'utf8');
}

/** Turns what the science refuses into a refusal of the command. */
export function plainly<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw refusal(error);
  }
}

/** A CommandError for what the science refuses; anything else as it is. */
export function refusal(error: unknown): unknown {
  return error instanceof QuantumError
    ? new CommandError(error.message, error.code === 'argument' ? 2 : 1, { cause: error })
    : error;
}

/** A whole number option within bounds. */
export function wholeOption(value: unknown, flag: string, least: number, most: number): number {
  const n = Number(value);
  if (!Number.isInteger(n) || n < least || n > most)
    throw new CommandError(`${flag} must be a whole number from ${least} to ${most}, not ${String(value)}`, 2);
  return n;
}
