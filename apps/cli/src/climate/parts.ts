// Reads whose emissions are whose, for `madang climate attribute`.
import { emissionsFactorOf, type Part, readDriverTable } from '@madang/climate';
import { decimal } from '@madang/numerics/csv';
import { CommandError, type Options } from '../command.ts';
import type { FairInput } from './fair-input.ts';
import { type InputFile, readInput, table } from './input.ts';
import { yearly } from './yearly.ts';

export function readParts(
  options: Options,
  run: FairInput,
): { readonly parts: readonly Part[]; readonly inputs: readonly InputFile[] } {
  const zero = options['zeroOutside'] === true;
  const { start, end } = run.drivers.time;
  const years = Array.from({ length: end - start }, (_, i) => start + i);
  const series = (name: string, at: (year: number) => number | undefined) =>
    Float64Array.from(years, y => {
      const v = at(y);
      if (v === undefined || Number.isNaN(v)) {
        if (zero) return 0;
        throw new CommandError(`part "${name}": no emissions for ${y}; give them, or say --zero-outside`);
      }
      return v;
    });
  const parts = new Map<string, Map<number, Float64Array>>();
  const add = (part: string, species: number, values: Float64Array) => {
    const own = parts.get(part) ?? new Map<number, Float64Array>();
    if (own.has(species)) throw new CommandError(`part "${part}" gives ${run.model.species[species].name} twice`);
    own.set(species, values);
    parts.set(part, own);
  };
  const inputs: InputFile[] = [];
  if (typeof options['parts'] === 'string') {
    const file = readInput(options['parts']);
    inputs.push(file);
    const t = table(file);
    const d = readDriverTable(t, 'emissions', file.path);
    const names = t.text('part');
    for (let r = 0; r < t.length; r++) {
      const species = run.model.species.findIndex(s => s.name === d.variables[r]);
      const where = `${file.path}, row ${t.line(r)}`;
      if (species < 0) throw new CommandError(`${where}, column "variable": unknown species "${d.variables[r]}"`);
      const factor = emissionsFactorOf(run.model, species, d.units[r], `${where}, column "unit"`);
      const cells = t.row(r);
      const at = new Map<number, number>();
      for (const [k, c] of d.yearAt.entries()) {
        const year = Math.floor(d.years[k]);
        const column = `${where}, column "${d.yearColumns[k]}"`;
        if (cells[c].trim() === '' && zero) continue;
        const value = decimal(cells[c]);
        if (Number.isNaN(value)) throw new CommandError(`${column}: the value is missing or no number`);
        if (year < start)
          throw new CommandError(`${column}: the run begins in ${start}, so this year cannot be attributed`);
        at.set(year, value);
      }
      add(
        names[r],
        species,
        series(names[r], y => (at.has(y) ? at.get(y)! * factor : undefined)),
      );
    }
  }
  if (typeof options['national'] === 'string') {
    const file = readInput(options['national']);
    inputs.push(file);
    const t = table(file);
    const country = t.text('country');
    const species = run.model.species.findIndex(s => s.type === 'co2 ffi');
    if (species < 0) throw new CommandError('the run has no species of type "co2 ffi", which national CO2 counts as');
    if (typeof options['countries'] !== 'string')
      throw new CommandError('choose countries of --national with --countries', 2);
    for (const name of options['countries'].split(',').map(s => s.trim())) {
      const rows = country.flatMap((c, r) => (c === name ? [r] : []));
      if (rows.length === 0) throw new CommandError(`${file.path}: no country "${name}"`);
      const mt = yearly(t, file.path, {
        year: 'year',
        value: 'co2',
        check: [x => x >= 0, 'a number that is not negative, in Mt'],
        rows,
        blanks: zero,
      });
      const early = [...mt.keys()].find(y => y < start);
      if (early !== undefined)
        throw new CommandError(`${file.path}: ${name} gives ${early}, before the run begins in ${start}`);
      add(
        name,
        species,
        series(name, y => (mt.has(y) ? mt.get(y)! / 1000 : undefined)),
      );
    }
  }
  if (parts.size === 0) throw new CommandError('give the parts with --parts or --national', 2);
  return { parts: [...parts].map(([name, emissions]) => ({ name, emissions })), inputs };
}
