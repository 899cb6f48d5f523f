// A folder for tests that is removed when their process ends, however they went. MADANG_KEEP=1 (`npm test -- --keep`) leaves it there to look into.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** An empty folder under the system's temporary one; its name begins with `prefix`. */
export function tempFolder(prefix: string): string {
  if (made.length === 0 && !process.env['MADANG_KEEP']) process.once('exit', removeAll);
  const folder = mkdtempSync(join(tmpdir(), prefix));
  made.push(folder);
  return folder;
}

function removeAll(): void {
  // A process that was just killed may still have a file open.
  for (const folder of made) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
