// Files of forecasts: under which name, and never half written.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The name under which our forecasts are written. */
export const MODEL = 'madang-stack';

/** Writes beside the file first, so that no half-written file is ever seen. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
