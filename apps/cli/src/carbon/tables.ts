// What the carbon commands write: CSV with units, and in every row where its numbers come from and whose model they are.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { formatCsv } from '@madang/numerics';
import { provenanceLine, writeOrRefuse } from '../results.ts';

type Cell = string | number;

/** Papers behind the commands, as every file that they write cites them. */
const MODELS = {
  isotherm: 'competitive dual-site Langmuir, as in Haghpanah et al. 2013, doi 10.1021/ie302658y',
  column: 'Haghpanah et al. 2013, doi 10.1021/ie302658y',
  swing: 'Joss et al. 2015, doi 10.1021/ie5048829',
  absorber: 'Chinen et al. 2018, Ind. Eng. Chem. Res. 57, 10448; properties Morgan et al. 2015, AIChE J. 61, 1822',
  cost: 'annuities, parts as in Rubin et al. 2013, doi 10.1016/j.ijggc.2013.06.004',
  network: 'mixed-integer program, solved by HiGHS (Huangfu and Hall 2018, doi 10.1007/s12532-017-0130-5)',
  register: 'Article 6.2 guidance, decision 2/CMA.3',
} as const;

/** The column "provenance": what made the file, its inputs with fingerprints, the model and, if there is more to say, a note. */
export function provenance(
  command: string,
  files: readonly string[],
  model: keyof typeof MODELS,
  note?: string,
): string {
  const inputs = files.map(f => ({
    name: basename(f),
    sha256: createHash('sha256').update(readFileSync(f)).digest('hex'),
  }));
  return provenanceLine({
    command: `madang carbon ${command}`,
    inputs,
    ...(note !== undefined && { note }),
    cite: MODELS[model],
  });
}

/** Writes a table whose rows all end with `from`. Throws when the file cannot be written. */
export function writeTable(
  file: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  from: string,
): void {
  const text = formatCsv(
    [...columns, 'provenance'],
    rows.map(r => [...r, from]),
  );
  writeOrRefuse(file, text);
}

/** Writes single figures: quantity, value, unit. */
export const writeFigures = (
  file: string,
  figures: readonly (readonly [quantity: string, value: Cell, unit: string])[],
  from: string,
): void => writeTable(file, ['quantity', 'value', 'unit'], figures, from);
