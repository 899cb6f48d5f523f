// The bed and the sorbent of `madang carbon vsa` and `tradeoff`, read from a parameter file and a sorbent table beside it.
import { dirname, join } from 'node:path';
import type { Command, Options } from '../command.ts';
import { readJson, readTable, said } from './read.ts';

export const COLUMN_OPTIONS: NonNullable<Command['options']> = [
  { flags: '--params <file>', description: 'gas, bed and kinetics (psa_column_parameters.json)', required: true },
  { flags: '--sorbent <row>', description: 'row of the sorbent table', required: true },
  {
    flags: '--sorbents <file>',
    description: 'sorbent table (default: dual_site_langmuir_parameters.csv beside --params)',
  },
];

/** Reads both; `files` are the ones read. Throws naming file, row and column of what cannot be. */
export async function readColumn(options: Options) {
  const { readBed, readSorbent } = await import('@madang/carbon');
  const params = String(options['params']);
  const beside = options['sorbents'] === undefined;
  const table = beside ? join(dirname(params), 'dual_site_langmuir_parameters.csv') : String(options['sorbents']);
  const bed = said(() => readBed(readJson(params, '--params'), params));
  const sorbent = said(() => readSorbent(readTable(table, '--sorbents'), table, String(options['sorbent'])));
  return { ...bed, sorbent, files: [params, table] };
}
