// Sorbents from a table of dual-site Langmuir parameters; every value that cannot be is named with its row and column.
import type { Table } from '@madang/numerics';
import { type DualSiteLangmuir, type Pair, R_TABLE } from './isotherms.ts';
import { implausible } from './plausible.ts';

export interface Sorbent {
  readonly name: string;
  readonly isotherm: DualSiteLangmuir;
  readonly particleDensityKgM3: number;
  /** Heat of adsorption, negative, J/mol. */
  readonly heatJMol: Pair;
}

const GASES = ['CO2', 'N2'];
const within = (least: number, most: number) => (x: number) => x >= least && x <= most;
const CAPACITY = [within(0, 1000), 'must be between 0 and 1,000 mol/kg'] as const;
const AFFINITY = [within(0, 1e6), 'must be between 0 and 1e6'] as const;
const ENERGY = [within(-300_000, 300_000), 'must be between -300,000 and 300,000 J/mol'] as const;

/** Reads the sorbent whose `row` is asked for. Throws naming row and column when it is missing or impossible. */
export function readSorbent(table: Table, file: string, row: string): Sorbent {
  const rows = table.text('row');
  const i = rows.indexOf(row);
  if (i < 0) throw new Error(`${file}: no sorbent "${row}" in column "row"; there are ${rows.join(', ')}`);
  const again = rows.indexOf(row, i + 1);
  if (again >= 0)
    throw new Error(
      `${file}, row ${table.line(again)}: sorbent "${row}" is there twice, first in row ${table.line(i)}; keep one`,
    );
  const number = (column: string, check: (x: number) => boolean, want: string) => {
    const x = table.numbers(column)[i];
    if (Number.isNaN(x)) throw new Error(`${file}, row ${table.line(i)}, column "${column}": a number is missing`);
    if (!check(x)) throw new Error(`${file}, row ${table.line(i)}, column "${column}": ${x} ${want}`);
    return x;
  };
  const pair = (name: string, unit: string, check: (x: number) => boolean, want: string): Pair => [
    number(`${name}_CO2${unit}`, check, want),
    number(`${name}_N2${unit}`, check, want),
  ];
  const sites = (letter: 'b' | 'd') => {
    const affinity = pair(`${letter}0`, '', ...AFFINITY);
    const energy = pair(`dU_${letter}`, '_J_mol', ...ENERGY);
    affinity.forEach((a, gas) => {
      const at298 = a * Math.exp(-energy[gas] / (R_TABLE * 298.15));
      if (at298 > 1e6)
        throw new Error(
          `${file}, row ${table.line(i)}, columns "${letter}0_${GASES[gas]}" and "dU_${letter}_${GASES[gas]}_J_mol": together an affinity of ${at298.toExponential(1)} at 298.15 K, which fills the site at any pressure`,
        );
    });
    return [affinity, energy] as const;
  };
  const basisText = table.text('basis')[i];
  const basis = /concentration/.test(basisText) ? 'concentration' : /pressure/.test(basisText) ? 'pressure' : undefined;
  if (!basis)
    throw new Error(
      `${file}, row ${table.line(i)}, column "basis": "${basisText}" says neither partial pressure nor concentration`,
    );
  const [b0, dUb] = sites('b');
  const [d0, dUd] = sites('d');
  const model: DualSiteLangmuir = {
    kind: 'dual-site Langmuir',
    basis,
    qsb: pair('qsb', '_mol_kg', ...CAPACITY),
    qsd: pair('qsd', '_mol_kg', ...CAPACITY),
    b0,
    d0,
    dUb,
    dUd,
  };
  const particleDensityKgM3 = number(
    'particle_density_kg_m3',
    within(20, 20_000),
    'must be between 20 and 20,000 kg/m3',
  );
  const heatJMol = pair(
    'heat_of_adsorption',
    '_J_mol',
    within(-300_000, 0),
    'must be between -300,000 J/mol and 0 (heat is set free)',
  );
  const slip = implausible(model, heatJMol);
  if (slip)
    throw new Error(
      `${file}, row ${table.line(i)}, column${slip.columns.length > 1 ? 's' : ''} ${slip.columns.map(c => `"${c}"`).join(', ')}: ${slip.why}`,
    );
  const name = (table.has('name') ? table.text('name')[i] : '') || `sorbent ${row}`;
  return { name, isotherm: model, particleDensityKgM3, heatJMol };
}
