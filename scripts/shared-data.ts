// Where tests find the reference data that is not part of the repository: MADANG_SHARED, or ../shared beside the checkout.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(process.env['MADANG_SHARED'] ?? join(import.meta.dirname, '../../shared'));

/** Absolute path of a file or folder of the reference data, e.g. `sharedData('vectors/hpke')`. */
export function sharedData(path: string): string {
  return join(root, 'data', path);
}

/** For `test(name, { skip: without('climate') }, …)`: false when the data is there, else the reason, which the test run prints. */
export function without(path: string): string | false {
  return existsSync(sharedData(path)) ? false : `reference data ${path} is not on this machine (set MADANG_SHARED)`;
}
