// Reads MATPOWER case files (.m, versions 1 and 2): assignments of numbers, texts, matrices and cell arrays, with scalar expressions as numbers.
// Nothing is executed.
// Traps: distribution cases rescale columns at their end, which is done (arithmetic.ts); any other statement that computes would change the
// data if it were skipped, so it is refused by line; a byte order mark, CR or CRLF line ends, tabs, non-breaking spaces, commas, `...`, a missing last
// semicolon and `]` on the last row's line all occur.
import { EnergyError } from '../error.ts';
import { evaluate, scaleColumns } from './arithmetic.ts';
import type { MatpowerCase, Matrix, OtherField } from './case.ts';
import { CaseReader } from './case-reader.ts';
import { BRANCH, LEAST_COLUMNS } from './columns.ts';

/**
 * Parses a case file; `name` is used in messages. Throws EnergyError naming the line, the matrix and the row. Requires `baseMVA`, `bus`, `gen`
 * and `branch`; fills columns that version 1 leaves out (angle limits: none).
 */
export function readCase(text: string, name = 'case'): MatpowerCase {
  const source = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const reader = new CaseReader(source, name);
  const matrices: Record<string, Matrix> = {};
  const other: Record<string, OtherField> = {};
  const scalars = new Map<string, number>();
  let baseMva: number | undefined;
  let version: string | undefined;
  let title = name;
  for (;;) {
    reader.skipBlank();
    if (reader.done) break;
    const head = /^function\s+(?:(?:\[[^\]]*\]|\w+)\s*=\s*)?(\w+)[^\n]*/.exec(reader.rest(400));
    if (head) {
      title = head[1];
      if (/^function\s+\[/.test(head[0])) version = '1';
      reader.advance(head[0].length);
      continue;
    }
    const line = reader.line();
    const word = /^(?:end|return|endfunction)\b\s*;?/.exec(reader.rest(20));
    if (word) {
      reader.advance(word[0].length);
      continue;
    }
    const scope = { scalars, matrices, baseMva };
    const statement = reader.statement();
    if (/^\[[\w\s,]*\]\s*=\s*idx_(bus|gen|brch|cost)$/.test(statement.text) || scaleColumns(statement.text, scope)) {
      reader.advance(statement.length);
      continue;
    }
    const computed = /^([A-Za-z]\w*)\s*=(?!=)\s*([^'"[{].*)$/s.exec(statement.text);
    const scalar = computed && computed[1] !== 'baseMVA' ? evaluate(computed[2], scope) : undefined;
    if (computed && scalar !== undefined) {
      scalars.set(computed[1], scalar);
      reader.advance(statement.length);
      continue;
    }
    const assign = /^(?:\w+\.)?([A-Za-z]\w*(?:\.\w+)*)\s*=(?!=)[^\S\n]*/.exec(reader.rest(200));
    if (!assign) {
      throw new EnergyError(
        'syntax',
        `${name}, line ${line}: "${reader.rest(60).split('\n')[0]}" is not an assignment of data. Only data can be read; save the case from MATPOWER with savecase, which writes out what such statements compute.`,
      );
    }
    reader.advance(assign[0].length);
    const field = assign[1];
    const value = reader.value(field, line, scope);
    if (field in matrices || field in other)
      throw new EnergyError('duplicate', `${name}, line ${line}: "${field}" is assigned a second time`);
    if (field === 'baseMVA' && typeof value === 'object' && 'data' in value) baseMva = value.data[0];
    else if (field === 'version' && typeof value === 'object' && 'data' in value) version = String(value.data[0]);
    else if (field === 'version' && typeof value === 'string') version = value;
    else if (typeof value === 'object' && 'data' in value) matrices[field] = value;
    else other[field] = value;
  }
  if (baseMva === undefined || !(baseMva > 0))
    throw new EnergyError(
      'missing-matrix',
      `${name}: baseMVA is missing or not positive; is this a MATPOWER case file?`,
    );
  for (const field of ['bus', 'gen', 'branch']) {
    if (!matrices[field])
      throw new EnergyError(
        'missing-matrix',
        `${name}: the matrix "${field}" is missing; a case needs bus, gen and branch`,
      );
  }
  if (matrices['branch'].columns === 11) matrices['branch'] = withoutAngleLimits(matrices['branch']);
  for (const [field, least] of Object.entries(LEAST_COLUMNS)) {
    const m = matrices[field];
    if (m && m.rows > 0 && m.columns < least)
      throw new EnergyError(
        'missing-column',
        `${name}: the matrix "${field}" has ${m.columns} columns; at least ${least} are needed`,
      );
  }
  return { name: title, version: version ?? '2', baseMva, matrices, other };
}

function withoutAngleLimits(m: Matrix): Matrix {
  const data = new Float64Array(m.rows * 13);
  for (let i = 0; i < m.rows; i++) {
    data.set(m.data.subarray(i * 11, i * 11 + 11), i * 13);
    data[i * 13 + BRANCH.angmin] = -360;
    data[i * 13 + BRANCH.angmax] = 360;
  }
  return { rows: m.rows, columns: 13, data };
}
