// madang climate scenario: make a scenario from another by edits, harmonisation to history and infilling, each recorded in its table.
import type { Edit } from '@madang/climate';
import { type Command, CommandError } from '../command.ts';

export const scenario: Command = {
  name: 'scenario',
  summary: 'edit, harmonise and infill a scenario; the table records what was done',
  description:
    'Reads one scenario of a table of emissions, adds missing species (--infill), moves it to history (--history), applies edits, and writes a table\n' +
    'with two more columns, source and history. An edit: "CH4 scale 0.7 2025-2035 methane pledge" (scale, set or add; a line from the first year to the\n' +
    'last, then kept). An infill: "BC from CO2 FFI by closest" (closest, ratio or interpolate), by way of the scenarios of --database.',
  options: [
    { flags: '--emissions <file>', description: 'table with the scenario', required: true },
    { flags: '--scenario <name>', description: 'the scenario to start from', required: true },
    { flags: '--name <name>', description: 'name of the new scenario', required: true },
    { flags: '--infill <text...>', description: 'species to add' },
    {
      flags: '--database <file>',
      description: 'table of scenarios to fill from (default: the other scenarios of --emissions)',
    },
    { flags: '--history <file>', description: 'table to harmonise to' },
    { flags: '--history-scenario <name>', description: 'scenario of --history' },
    { flags: '--base-year <year>', description: 'last year of history' },
    { flags: '--method <name>', description: 'ratio, offset or auto', default: 'auto' },
    { flags: '--convergence <year>', description: 'year in which the scenario is its own again (default: never)' },
    { flags: '--edit <text...>', description: 'edits, applied in order' },
    { flags: '--out <file>', description: 'where to write the table', required: true },
  ],
  examples: [
    'madang climate scenario --emissions E.csv --scenario high --name pledge --edit "CH4 scale 0.7 2025-2035 pledge of 2021" --out PLEDGE.csv',
  ],
  run: async (_args, options) => {
    const climate = await import('@madang/climate');
    const { numberOption, readInput, refusing, table } = await import('./input.ts');
    const { provenance, writeResult } = await import('./provenance.ts');
    return refusing(() => {
      const text = (k: string) => (typeof options[k] === 'string' ? (options[k] as string) : undefined);
      const list = (k: string) => (Array.isArray(options[k]) ? (options[k] as string[]) : []);
      const open = (path: string) => {
        const file = readInput(path);
        inputs.push(file);
        return climate.readDriverTable(table(file), 'emissions', path);
      };
      const inputs: ReturnType<typeof readInput>[] = [];
      const from = open(text('emissions')!);
      const name = text('scenario')!;
      let s = climate.readScenario(from, name);
      const fills = list('infill').map(parseInfill);
      if (fills.length > 0) {
        const other = text('database') ? open(text('database')!) : from;
        const names = climate.scenarioNames([other]).filter(n => other !== from || n !== name);
        const database = names.map(n => climate.readScenario(other, n));
        for (const f of fills) s = climate.infill(s, database, f);
      }
      if (text('history')) {
        const past = open(text('history')!);
        const baseYear = numberOption(options['baseYear'], '--base-year');
        const method = text('method') ?? 'auto';
        if (baseYear === undefined) throw new CommandError('--base-year is needed with --history', 2);
        if (method !== 'auto' && method !== 'ratio' && method !== 'offset')
          throw new CommandError(`--method must be auto, ratio or offset, not "${method}"`, 2);
        const convergence = numberOption(options['convergence'], '--convergence');
        const history = climate.readScenario(past, text('historyScenario') ?? name);
        s = climate.harmonise(s, history, { baseYear, method, ...(convergence === undefined ? {} : { convergence }) });
      }
      for (const e of list('edit').map(parseEdit)) s = climate.edit(s, [e.edit], e.why);
      s = { ...s, name: text('name')! };
      const { columns, rows } = climate.scenarioTable([s]);
      const about = provenance({
        command: 'madang climate scenario',
        units: 'as in column unit, per year at mid-year',
        inputs,
        note: `from scenario ${name}`,
        cite: 'the sources named in column source',
      });
      writeResult(options['out'], columns, rows, about);
      const changed = s.rows.filter(r => r.history.length > 0);
      return {
        json: {
          ok: true,
          out: text('out'),
          scenario: s.name,
          species: s.rows.length,
          history: Object.fromEntries(changed.map(r => [r.species, r.history])),
        },
        text: [
          `${s.name}: ${s.rows.length} species, ${s.years[0]} to ${s.years[s.years.length - 1]}, written to ${text('out')}`,
          ...changed.flatMap(r => r.history.map(h => `  ${r.species}: ${h}`)),
        ].join('\n'),
      };
    });
  },
};

function parseEdit(text: string): { edit: Edit; why: string } {
  const m = /^(.+?) (scale|set|add) (-?\d+(?:\.\d+)?(?:e-?\d+)?) (\d{4})-(\d{4})(?: (.+))?$/.exec(text.trim());
  if (!m) throw new CommandError(`--edit must be "SPECIES scale|set|add NUMBER FROM-TO reason", not "${text}"`, 2);
  const [, species, kind, size, from, to, why] = m;
  const span = { species, from: Number(from), to: Number(to) };
  const x = Number(size);
  const edit: Edit =
    kind === 'scale'
      ? { kind, ...span, factor: x }
      : kind === 'set'
        ? { kind, ...span, value: x }
        : { kind: 'add', ...span, amount: x };
  return { edit, why: why ?? 'no reason given' };
}

function parseInfill(text: string): { species: string; lead: string; method: 'closest' | 'ratio' | 'interpolate' } {
  const m = /^(.+?) from (.+) by (closest|ratio|interpolate)$/.exec(text.trim());
  if (!m) throw new CommandError(`--infill must be "SPECIES from LEAD by closest|ratio|interpolate", not "${text}"`, 2);
  return { species: m[1], lead: m[2], method: m[3] as 'closest' | 'ratio' | 'interpolate' };
}
