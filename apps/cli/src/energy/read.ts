// Reading grids from disk for the energy commands, with plain sentences for what can go wrong.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { EnergyError, type Grid, type GridOptions, type MatpowerCase, makeGrid, readCase } from '@madang/energy';
import { CommandError } from '../command.ts';

/** Files beyond this are refused before memory is taken (the largest public grid has 13 MB). */
const LARGEST_CASE_BYTES = 512 * 1024 * 1024;

export async function readCaseFile(path: string): Promise<MatpowerCase> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new CommandError(`cannot read ${path}: ${error instanceof Error ? error.message : error}`, 2, {
      cause: error,
    });
  }
  if (bytes.length > LARGEST_CASE_BYTES)
    throw new CommandError(`${path} has ${bytes.length} bytes; case files of up to ${LARGEST_CASE_BYTES} are read`, 2);
  return plainly(() => readCase(bytes.toString('utf8'), basename(path)));
}

export async function readGridFile(path: string, options?: GridOptions): Promise<Grid> {
  const c = await readCaseFile(path);
  return plainly(() => makeGrid(c, options));
}

/** Turns what the science refuses into a refusal of the command. */
export function plainly<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof EnergyError) throw new CommandError(error.message, 1, { cause: error });
    throw error;
  }
}
