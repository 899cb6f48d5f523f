// Reads whose emissions are whose, for `madang climate attribute`.
import { emissionsFactorOf, type Part, readDriverTable } from '@madang/climate';
import { CommandError, type Options } from '../command.ts';
import type { FairInput } from './fair-input.ts';
import { type InputFile, readInput, table } from './input.ts';

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
      const where = `${file.path}, row ${r + 2}`;
      if (species < 0) throw new CommandError(`${where}, column "variable": unknown species "${d.variables[r]}"`);
      const factor = emissionsFactorOf(run.model, species, d.units[r], `${where}, column "unit"`);
      const cells = t.row(r);
      const at = new Map(
        d.yearAt.map((c, k) => [Math.floor(d.years[k]), cells[c].trim() === '' ? Number.NaN : Number(cells[c])]),
      );
      for (const [y, v] of at)
        if (Number.isNaN(v) && !zero)
          throw new CommandError(`${where}, column "${y}": the value is missing or no number`);
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
    const [country, year, co2] = [t.text('country'), t.numbers('year'), t.numbers('co2')];
    const species = run.model.species.findIndex(s => s.type === 'co2 ffi');
    if (species < 0) throw new CommandError('the run has no species of type "co2 ffi", which national CO2 counts as');
    if (typeof options['countries'] !== 'string')
      throw new CommandError('choose countries of --national with --countries', 2);
    for (const name of options['countries'].split(',').map(s => s.trim())) {
      const at = new Map<number, number>();
      for (const [r, c] of country.entries()) if (c === name) at.set(year[r], co2[r] / 1000);
      if (at.size === 0) throw new CommandError(`${file.path}: no country "${name}"`);
      add(
        name,
        species,
        series(name, y => at.get(y)),
      );
    }
  }
  if (parts.size === 0) throw new CommandError('give the parts with --parts or --national', 2);
  return { parts: [...parts].map(([name, emissions]) => ({ name, emissions })), inputs };
}
