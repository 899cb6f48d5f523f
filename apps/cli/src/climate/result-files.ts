// Results that are written while a run goes on: each is whole or not there. It is written beside its place and moved there at the end, so that a run
// that fails or is stopped leaves what stood there before. What is no file (a pipe, a terminal) is written to as it comes.
import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CommandError } from '../command.ts';

export interface ResultFiles {
  /** Appends to the result of that option; nothing where it was not given. */
  write(option: string, data: Uint8Array | string): void;
  /** Puts all of them in their places. */
  keep(): void;
  /** Leaves none of what was not kept. */
  close(): void;
}

/** Opens results by option. Throws naming one that cannot be written, or that would be written over an input or another result. */
export function openResults(
  results: Readonly<Record<string, string | undefined>>,
  inputs: readonly (string | undefined)[],
): ResultFiles {
  const taken = new Map(inputs.flatMap(path => (path === undefined ? [] : [[placeOf(path), 'an input']])));
  const open = new Map<string, { readonly fd: number; readonly at: string; readonly place: string }>();
  const close = () => {
    for (const { fd, at, place } of open.values()) {
      closeSync(fd);
      if (at !== place) rmSync(at, { force: true });
    }
    open.clear();
  };
  for (const [option, path] of Object.entries(results)) {
    if (path === undefined) continue;
    const place = placeOf(path);
    const isFile = statSync(place, { throwIfNoEntry: false })?.isFile() ?? true;
    const other = isFile ? taken.get(place) : undefined;
    taken.set(place, `the file of ${option}`);
    try {
      if (other) throw new Error(`it is ${other}; give ${option} a file of its own`);
      const at = isFile ? `${place}.unfinished` : place;
      open.set(option, { fd: openSync(at, 'w'), at, place });
    } catch (error) {
      close();
      throw new CommandError(`cannot write ${path}: ${(error as Error).message}`, 1, { cause: error });
    }
  }
  return {
    write(option, data) {
      const file = open.get(option);
      if (file) writeFileSync(file.fd, data);
    },
    keep() {
      for (const { at, place } of open.values()) if (at !== place) renameSync(at, place);
    },
    close,
  };
}

/** A path by which two names of one file are the same. */
function placeOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
