// The ensemble behind /climate: tables that the operator names in a JSON file (MADANG_CLIMATE), or an example in rounded numbers. Read once; the first picture
// and the table of single levers are computed here once, every further move in the reader's browser.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseCsv } from '@madang/numerics';
import {
  type ClimateModel,
  type ClimateTables,
  climateFile,
  climateProvenance,
  climateRun,
  climateTable,
  EXAMPLE_CITE,
  EXAMPLE_NOTE,
  exampleClimate,
  idleValues,
  leversOf,
  planFrom,
  type Shown,
  SLIDERS,
  valuesFrom,
} from '@madang/web';
import { z } from 'zod';
import type { TableRows } from './tables.ts';

/** Tables by path, beside this file or absolute; texts for people. */
const schema = z.object({
  emissions: z.string(),
  configs: z.string(),
  species: z.string(),
  forcing: z.string().optional(),
  scenario: z.string(),
  cite: z.string(),
  note: z.string().default(''),
});

export interface ClimateDesk {
  /** The page's model for the levers in its address. */
  model(get: (key: string) => string | undefined): ClimateModel;
  /** The tables as the browser takes them, JSON; and the emissions alone. */
  readonly tables: string;
  readonly emissions: string;
  /** The same in other forms. */
  csv(get: (key: string) => string | undefined): TableRows;
  svg(get: (key: string) => string | undefined): string;
  json(get: (key: string) => string | undefined): object;
}

/** The ensemble of an operator's file, or the example without one. Throws with the file and what is wrong with it. */
export function installedClimate(path: string | undefined): ClimateDesk {
  if (path === undefined || path === '')
    return climateDesk(exampleClimate(), { cite: EXAMPLE_CITE, note: EXAMPLE_NOTE, example: true });
  const config = schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const read = (name: string) => readFileSync(join(name.startsWith('/') ? '' : dirname(path), name), 'utf8');
  const tables: ClimateTables = {
    emissions: onlyScenario(read(config.emissions), config.scenario),
    configs: read(config.configs),
    species: read(config.species),
    ...(config.forcing === undefined ? {} : { forcing: read(config.forcing) }),
    scenario: config.scenario,
  };
  return climateDesk(tables, { ...config, example: false });
}

type Texts = Pick<ClimateModel, 'cite' | 'note' | 'example'>;

function climateDesk(input: ClimateTables, { cite, note, example }: Texts): ClimateDesk {
  const tables = JSON.stringify(input);
  const download = gzipSync(tables).length;
  const run = climateRun(input);
  const sources = { cite, note };
  const planOf = (values: Readonly<Record<string, number>>) => run.answer(leversOf(values));
  const base = planOf(idleValues);
  const shown = (get: (key: string) => string | undefined): Shown => {
    const values = valuesFrom(get);
    const text = get('with');
    const kept = text === undefined ? undefined : planFrom(text);
    return {
      base,
      plan: planOf(values),
      values,
      scenario: input.scenario,
      ...(kept ? { kept: { plan: planOf(kept), values: kept } } : {}),
    };
  };
  let alone: ClimateModel['alone'] | undefined;
  return {
    tables,
    emissions: input.emissions,
    model(get) {
      alone ??= SLIDERS.map(s => {
        const { rows } = planOf({ ...idleValues, [s.key]: s.example });
        const n = rows.length;
        return { key: s.key, last: [rows[n - 3], rows[n - 2], rows[n - 1]] };
      });
      return { ...sources, example, shown: shown(get), alone, download, data: '/climate/tables.json' };
    },
    csv: get => climateTable(shown(get), sources),
    svg: get => climateFile(shown(get), sources),
    json(get) {
      const s = shown(get);
      const { columns, rows } = climateTable(s, sources);
      return {
        provenance: climateProvenance(s, sources),
        values: s.values,
        ...(s.kept ? { kept: s.kept.values } : {}),
        years: rows.map(r => Object.fromEntries(columns.slice(0, -1).map((c, k) => [c, r[k]]))),
      };
    },
  };
}

/** Lines of one scenario and the header: what the browser needs and no more. */
function onlyScenario(text: string, scenario: string): string {
  const table = parseCsv(text, 'emissions');
  const column = table.columns.find(c => c.trim().toLowerCase() === 'scenario');
  if (column === undefined) return text;
  const own = table.text(column).map(s => s.trim() === scenario);
  const lines = text.split(/\r?\n/).filter(l => l !== '');
  // A quoted line break would shift the lines; then everything is sent.
  if (lines.length !== table.length + 1) return text;
  return `${lines.filter((_, i) => i === 0 || own[i - 1]).join('\n')}\n`;
}
