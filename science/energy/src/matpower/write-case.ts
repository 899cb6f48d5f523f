// Writes a MATPOWER case file (version 2): every field, numbers in their shortest form that reads back to the same double.
import type { MatpowerCase } from './case.ts';
import { HEADINGS } from './columns.ts';

const FIRST = ['bus', 'gen', 'branch', 'gencost', 'dcline'];

/** The text of a case file; `readCase(writeCase(c))` gives c again. */
export function writeCase(c: MatpowerCase): string {
  const lines = [
    `function mpc = ${c.name.replaceAll(/\W/g, '_')}`,
    `mpc.version = '2';`,
    `mpc.baseMVA = ${show(c.baseMva)};`,
  ];
  const fields = Object.keys(c.matrices);
  fields.sort((a, b) => rank(a) - rank(b));
  for (const field of fields) {
    const m = c.matrices[field];
    lines.push('', ...(HEADINGS[field] ? [`%\t${HEADINGS[field]}`] : []));
    if (m.rows === 1 && m.columns === 1) {
      lines.push(`mpc.${field} = ${show(m.data[0])};`);
      continue;
    }
    lines.push(`mpc.${field} = [`);
    for (let i = 0; i < m.rows; i++)
      lines.push(`\t${Array.from(m.data.subarray(i * m.columns, (i + 1) * m.columns), show).join('\t')};`);
    lines.push('];');
  }
  for (const [field, value] of Object.entries(c.other)) {
    const quote = (s: string) => `'${s.replaceAll("'", "''")}'`;
    if (typeof value === 'string') lines.push('', `mpc.${field} = ${quote(value)};`);
    else lines.push('', `mpc.${field} = {`, ...value.map(row => `\t${row.map(quote).join('\t')};`), '};');
  }
  return `${lines.join('\n')}\n`;
}

function rank(field: string): number {
  const i = FIRST.indexOf(field);
  return i < 0 ? FIRST.length : i;
}

function show(x: number): string {
  if (Number.isNaN(x)) return 'NaN';
  if (!Number.isFinite(x)) return x > 0 ? 'Inf' : '-Inf';
  return Object.is(x, -0) ? '-0' : String(x);
}
