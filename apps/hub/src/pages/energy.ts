// The grid behind /energy: a MATPOWER case that the operator names (MADANG_GRID), or the invented example. Solved once, when the page is first asked for.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { EXAMPLE_CASE, EXAMPLE_NAME, type GridAnswer, gridAnswer } from '@madang/web';

/** Larger grids take minutes; they are for the reader's browser or the command line. */
const LARGEST_BYTES = 1_000_000;

/** Throws with what is wrong in the file. */
export function installedGrid(path: string | undefined): GridAnswer {
  const clock = () => performance.now();
  if (path === undefined || path === '') return gridAnswer(EXAMPLE_CASE, EXAMPLE_NAME, clock);
  const text = readFileSync(path, 'utf8');
  if (text.length > LARGEST_BYTES)
    throw new Error(`the file has ${text.length} bytes; a hub solves grids of up to ${LARGEST_BYTES} for its page`);
  return gridAnswer(text, basename(path, '.m'), clock);
}
