// Files of the small model and the climate commands run on them, for tests. Every test file is a process of its own, with a folder of its own.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TINY_MEMBERS, TINY_SPECIES, tinyEmissions, tinyForcing } from '@madang/climate';
import { parseCsv, type Table } from '@madang/numerics';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { commands } from '../climate/commands.ts';
import type { Outcome } from '../command.ts';

const folder = tempFolder('madang-climate-');
export const path = (name: string) => join(folder, name);
export const put = (name: string, text: string) => {
  writeFileSync(path(name), text);
  return path(name);
};
export const files = {
  emissions: put('E.csv', tinyEmissions(1850, 260)),
  forcing: put('V.csv', tinyForcing(1850, 260)),
  configs: put('P.csv', TINY_MEMBERS),
  species: put('S.csv', TINY_SPECIES),
  scenario: 'plan',
};
export const silent = { json: true, log() {}, progress: () => ({ tick() {}, done() {} }) };

/** What a climate command gives for these options, its defaults filled in. */
export async function run(
  name: string,
  options: Record<string, unknown>,
): Promise<Outcome & { json: Record<string, unknown> }> {
  const command = commands.find(c => c.name === name);
  assert.ok(command, name);
  const camel = (flags: string) =>
    /--([a-z0-9-]+)/.exec(flags)![1].replaceAll(/-(.)/g, (_, c: string) => c.toUpperCase());
  const defaults = Object.fromEntries(
    (command.options ?? []).flatMap(o => (o.default === undefined ? [] : [[camel(o.flags), o.default]])),
  );
  return (await command.run([], { ...defaults, ...options } as never, silent)) as Outcome & {
    json: Record<string, unknown>;
  };
}
export const read = (name: string): Table => parseCsv(readFileSync(path(name), 'utf8'), name);
export const about = (t: Table) => t.text('provenance');
