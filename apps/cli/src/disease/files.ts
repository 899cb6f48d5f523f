// Reading the tables that the disease commands are given; a missing or unreadable file becomes a plain sentence.
import { readFile } from 'node:fs/promises';
import { parseCsv, type Table } from '@madang/numerics';
import { CommandError } from '../command.ts';

/** Reads a CSV file. Throws CommandError naming the file and what to do. */
export async function readTable(path: string): Promise<Table> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new CommandError(
      code === 'ENOENT'
        ? `${path}: there is no such file`
        : `${path}: cannot be read (${code ?? (error as Error).message})`,
      2,
      { cause: error },
    );
  }
  try {
    return parseCsv(text, path);
  } catch (error) {
    throw new CommandError((error as Error).message, 1, { cause: error });
  }
}
