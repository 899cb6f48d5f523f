// Sorbents from a table of dual-site Langmuir parameters; every value that cannot be is named with its row and column.
import type { Table } from '@madang/numerics';
import type { DualSiteLangmuir, Pair } from './isotherms.ts';

export interface Sorbent {
  readonly name: string;
  readonly isotherm: DualSiteLangmuir;
  readonly particleDensityKgM3: number;
  /** Heat of adsorption, negative, J/mol. */
  readonly heatJMol: Pair;
}

/** Reads the sorbent whose `row` is asked for. Throws naming row and column when it is missing or impossible. */
export function readSorbent(table: Table, file: string, row: string): Sorbent {
  const rows = table.text('row');
  const i = rows.indexOf(row);
  if (i < 0) throw new Error(`${file}: no sorbent "${row}" in column "row"; there are ${rows.join(', ')}`);
  const again = rows.indexOf(row, i + 1);
  if (again >= 0)
    throw new Error(`${file}, row ${again + 2}: sorbent "${row}" is there twice, first in row ${i + 2}; keep one`);
  const number = (column: string, check: (x: number) => boolean, want: string) => {
    const x = table.numbers(column)[i];
    if (Number.isNaN(x)) throw new Error(`${file}, row ${i + 2}, column "${column}": a number is missing`);
    if (!check(x)) throw new Error(`${file}, row ${i + 2}, column "${column}": ${x} ${want}`);
    return x;
  };
  const pair = (name: string, unit: string, check: (x: number) => boolean, want: string): Pair => [
    number(`${name}_CO2${unit}`, check, want),
    number(`${name}_N2${unit}`, check, want),
  ];
  const notNegative = (x: number) => x >= 0;
  const basisText = table.text('basis')[i];
  const basis = /concentration/.test(basisText) ? 'concentration' : /pressure/.test(basisText) ? 'pressure' : undefined;
  if (!basis)
    throw new Error(
      `${file}, row ${i + 2}, column "basis": "${basisText}" says neither partial pressure nor concentration`,
    );
  return {
    name: (table.has('name') ? table.text('name')[i] : '') || `sorbent ${row}`,
    isotherm: {
      kind: 'dual-site Langmuir',
      basis,
      qsb: pair('qsb', '_mol_kg', notNegative, 'must not be negative'),
      qsd: pair('qsd', '_mol_kg', notNegative, 'must not be negative'),
      b0: pair('b0', '', notNegative, 'must not be negative'),
      d0: pair('d0', '', notNegative, 'must not be negative'),
      dUb: pair('dU_b', '_J_mol', Number.isFinite, 'must be a number'),
      dUd: pair('dU_d', '_J_mol', Number.isFinite, 'must be a number'),
    },
    particleDensityKgM3: number('particle_density_kg_m3', x => x > 0, 'must be positive'),
    heatJMol: pair('heat_of_adsorption', '_J_mol', x => x <= 0, 'must be zero or negative (heat is set free)'),
  };
}
