// Reads other people's vector files: every JSON file under a folder, each field checked before it is used. What a file declares
// decides how it is run, never its name.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Tally } from './suite.ts';

/** A file or case that cannot be understood: counted as `unreadable`. */
export class Unreadable extends Error {}

/** A case that asks for something this version does not implement: counted as `unsupported`. */
export class Unsupported extends Error {}

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every JSON file under `folder`, in order of path; notes beside them (Markdown, licences) are passed over. */
export function readJsonFolder(folder: string, tally: Tally): { name: string; content: Json }[] {
  const files: { name: string; content: Json }[] = [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter(e => e.isFile() || e.isSymbolicLink()).map(e => join(e.parentPath, e.name));
  for (const path of paths.sort()) {
    const name = relative(folder, path);
    try {
      const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
      if (!name.endsWith('.json') && !/^\s*[[{]/.test(text)) continue;
      files.push({ name, content: JSON.parse(text) });
    } catch (error) {
      tally.unreadable.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (files.length === 0 && tally.unreadable.length === 0) tally.unreadable.push('no vector file in this folder');
  return files;
}

/** Runs one case and files what it throws under the right count. */
export function runCase(tally: Tally, name: string, run: () => boolean): void {
  try {
    tally.check(name, run());
  } catch (error) {
    const line = `${name}: ${error instanceof Error ? error.message : String(error)}`;
    if (error instanceof Unreadable) tally.unreadable.push(line);
    else if (error instanceof Unsupported || (error as { code?: string }).code === 'unsupported') {
      tally.unsupported.push(line);
    } else tally.failed.push(line);
  }
}

export async function runCaseAsync(tally: Tally, name: string, run: () => Promise<boolean>): Promise<void> {
  try {
    const ok = await run();
    runCase(tally, name, () => ok);
  } catch (error) {
    runCase(tally, name, () => {
      throw error;
    });
  }
}

/** Every case of every file of `folder` that is a list of cases; `about` is added to a case's name. */
export function runCases(
  folder: string,
  run: (c: JsonObject) => boolean,
  about: (c: JsonObject) => string = () => '',
): Tally {
  const tally = new Tally();
  for (const { name, content } of readJsonFolder(folder, tally)) {
    let cases: readonly JsonObject[];
    try {
      cases = caseList(content);
    } catch (error) {
      tally.unreadable.push(`${name}: ${(error as Error).message}`);
      continue;
    }
    for (const [i, c] of cases.entries()) runCase(tally, `${name}[${i}]${about(c)}`, () => run(c));
  }
  return tally;
}

/** Bytes of a field in hexadecimal, either case. */
export function hex(from: JsonObject, field: string): Uint8Array {
  const text = string(from, field);
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) throw new Unreadable(`field ${field} is not hexadecimal`);
  return new Uint8Array(Buffer.from(text, 'hex'));
}

export function string(from: JsonObject, field: string): string {
  const value = from[field];
  if (typeof value !== 'string') throw new Unreadable(`field ${field} is not a text`);
  return value;
}

export function integer(from: JsonObject, field: string): number {
  const value = from[field];
  if (!Number.isInteger(value)) throw new Unreadable(`field ${field} is not a whole number`);
  return value as number;
}

export function boolean(from: JsonObject, field: string): boolean {
  const value = from[field];
  if (typeof value !== 'boolean') throw new Unreadable(`field ${field} is neither true nor false`);
  return value;
}

/** An array of objects that is not empty. */
export function objects(from: JsonObject, field: string): readonly JsonObject[] {
  const value = from[field];
  if (!Array.isArray(value) || value.length === 0 || !value.every(isObject)) {
    throw new Unreadable(`field ${field} is not a list of cases`);
  }
  return value;
}

/** The cases of a file that is a list, or an object with one list of objects in it. */
function caseList(content: Json): readonly JsonObject[] {
  const lists: readonly Json[] = Array.isArray(content) ? [content] : isObject(content) ? Object.values(content) : [];
  const found = lists.filter(
    (list): list is readonly JsonObject[] => Array.isArray(list) && list.length > 0 && list.every(isObject),
  );
  if (found.length !== 1) throw new Unreadable('not a list of cases');
  return found[0];
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
