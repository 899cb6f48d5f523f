// The ensemble behind /climate: tables that the operator names in a JSON file (MADANG_CLIMATE), or an example in rounded numbers. Read once; the first picture
// and the table of single levers are computed here once, every further move in the reader's browser.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseCsv } from '@madang/numerics';
import {
  type ClimateModel,
  type ClimateTables,
  climateRun,
  EXAMPLE_CITE,
  EXAMPLE_NOTE,
  exampleClimate,
  idleValues,
  leversOf,
  SLIDERS,
  valuesFrom,
} from '@madang/web';
import { z } from 'zod';

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
  /** The tables as the browser takes them, JSON. */
  readonly tables: string;
  /** Bands with and without the levers as CSV rows. */
  csv(get: (key: string) => string | undefined): {
    columns: readonly string[];
    rows: readonly (readonly (string | number)[])[];
  };
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
  const bandOf = (values: Readonly<Record<string, number>>) => {
    const { band } = run.answer(leversOf(values));
    return { firstYear: band.firstYear, rows: band.warming };
  };
  const base = bandOf(idleValues);
  let alone: ClimateModel['alone'] | undefined;
  return {
    tables,
    model(get) {
      alone ??= SLIDERS.map(s => {
        const { rows } = bandOf({ ...idleValues, [s.key]: s.example });
        const n = rows.length;
        return { key: s.key, last: [rows[n - 3], rows[n - 2], rows[n - 1]] };
      });
      const values = valuesFrom(get);
      return {
        members: run.members,
        scenario: input.scenario,
        cite,
        note,
        example,
        base,
        shown: bandOf(values),
        values,
        alone,
        download,
        data: '/climate/tables.json',
      };
    },
    csv(get) {
      const values = valuesFrom(get);
      const shown = bandOf(values);
      const settings = SLIDERS.map(s => `${s.key}=${values[s.key]}`).join(' ');
      const about = `K above 1850-1900, percentiles over ${run.members} members; scenario ${input.scenario}; ${settings}; ${example ? `${note} ` : ''}cite: ${cite}`;
      const rows = Array.from({ length: shown.rows.length / 3 }, (_, i) => [
        base.firstYear + i,
        ...[0, 1, 2].map(k => shown.rows[i * 3 + k]),
        ...[0, 1, 2].map(k => base.rows[i * 3 + k]),
        i === 0 ? about : '',
      ]);
      return {
        columns: ['year', 'p05', 'p50', 'p95', 'p05_without', 'p50_without', 'p95_without', 'provenance'],
        rows,
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
