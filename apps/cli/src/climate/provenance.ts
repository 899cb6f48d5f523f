// What every result of the climate commands says about itself, in the file: units, how it was made, from what, and what to cite.
// It stands in a last column `provenance`, in the first row, so that any reader of plain CSV still reads the file.
import { writeOrRefuse } from '../results.ts';

export const CITE_FAIR =
  'Leach et al. 2021, Geosci. Model Dev. 14, 3007, doi:10.5194/gmd-14-3007-2021; Smith et al. 2018, Geosci. Model Dev. 11, 2273, doi:10.5194/gmd-11-2273-2018';
export const CITE_EBM = 'Cummins et al. 2020, J. Climate 33, 7909, doi:10.1175/JCLI-D-19-0589.1';

export { provenanceLine as provenance } from '../results.ts';

/** A CSV cell with quotes where needed. */
export function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A whole CSV: columns and rows of text or numbers (to ten significant digits), the provenance in the last column of the first row. */
export function csvText(
  columns: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  about: string,
): string {
  const cell = (v: string | number) =>
    typeof v === 'number' ? (Number.isNaN(v) ? '' : String(Number(v.toPrecision(10)))) : quoted(v);
  const lines = [[...columns, 'provenance'].map(quoted).join(',')];
  for (const [i, r] of rows.entries()) lines.push(`${r.map(cell).join(',')},${i === 0 ? quoted(about) : ''}`);
  return `${lines.join('\n')}\n`;
}

/** Writes `csvText` to the file that an option names; nothing when the option was not given. Throws naming a file that cannot be written. */
export function writeResult(
  option: unknown,
  columns: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  about: string,
): void {
  if (option === undefined) return;
  writeOrRefuse(String(option), csvText(columns, rows, about));
}
