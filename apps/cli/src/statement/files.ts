// Statement files as the commands read them: what cannot be read is wrong use (2), what is no statement is refused (1), each by name.
import { readFileSync } from 'node:fs';
import { type Opened, openStatement, TrustError } from '@madang/trust';
import { CommandError } from '../command.ts';

/** A statement's form; its signatures are not checked. */
export function openFile(file: string): Opened {
  try {
    return openStatement(readStatement(file));
  } catch (cause) {
    if (!(cause instanceof TrustError)) throw cause;
    throw new CommandError(`${file} is no statement: ${cause.code}: ${cause.message}`, 1, { cause });
  }
}

export function readStatement(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (cause) {
    throw new CommandError(`${file} cannot be read: ${(cause as Error).message}`, 2, { cause });
  }
}
