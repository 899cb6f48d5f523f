// Comma-separated tables (RFC 4180) as columns of text, with errors that name the row and the column.

/** A table: `columns` in file order, each value a string. Messages count rows from 1 with the header as row 1. */
export interface Table {
  readonly columns: readonly string[];
  readonly length: number;
  /** The values of a column. Throws when there is none of that name. */
  text(column: string): readonly string[];
  /** The values of a column as numbers; empty gives NaN. Throws on anything that is not a decimal number, naming row and column. */
  numbers(column: string): Float64Array;
  has(column: string): boolean;
  /** The values of the body's row `index` (from 0), in the order of the columns. */
  row(index: number): readonly string[];
}

/** Parses CSV text; `name` is used in messages (a path or title). Quoted fields, CRLF and a byte order mark are understood. */
export function parseCsv(text: string, name = 'table'): Table {
  const rows = split(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  const header = rows[0];
  if (header === undefined) throw new Error(`${name}: the file is empty; a header line was expected`);
  const index = new Map(header.map((h, i) => [h, i]));
  const body = rows.slice(1);
  for (const [i, r] of body.entries()) {
    if (r.length !== header.length)
      throw new Error(`${name}, row ${i + 2}: ${r.length} values where the header has ${header.length}`);
  }
  const at = (column: string) => {
    const i = index.get(column);
    if (i === undefined)
      throw new Error(`${name}: no column "${column}"; there are: ${header.join(', ').slice(0, 300)}`);
    return i;
  };
  return {
    columns: header,
    length: body.length,
    has: column => index.has(column),
    row: i => body[i],
    text: column => {
      const i = at(column);
      return body.map(r => r[i]);
    },
    numbers: column => {
      const i = at(column);
      const out = new Float64Array(body.length);
      for (let k = 0; k < body.length; k++) {
        const s = body[k][i].trim();
        const x = s === '' ? Number.NaN : Number(s);
        if (s !== '' && !Number.isFinite(x) && !/^nan$/i.test(s))
          throw new Error(`${name}, row ${k + 2}, column "${column}": "${s.slice(0, 40)}" is not a number`);
        out[k] = x;
      }
      return out;
    },
  };
}

function split(text: string): string[][] {
  const rows: string[][] = [];
  if (!text.includes('"')) {
    for (const line of text.split('\n')) {
      const l = line.endsWith('\r') ? line.slice(0, -1) : line;
      if (l !== '') rows.push(l.split(','));
    }
    return rows;
  }
  let row: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const ch = text[i];
    if (quoted) {
      if (ch !== '"') field += ch;
      else if (text[i + 1] === '"') {
        field += '"';
        i += 1;
      } else quoted = false;
    } else if (ch === '"') quoted = true;
    else if (ch === ',') {
      row.push(field);
      field = '';
    } else if (ch === '\n') {
      row.push(field.endsWith('\r') ? field.slice(0, -1) : field);
      if (row.length > 1 || row[0] !== '') rows.push(row);
      row = [];
      field = '';
    } else field += ch;
  }
  if (field !== '' || row.length > 0) rows.push([...row, field]);
  return rows;
}

/** Writes rows as CSV with a final newline; values with commas, quotes or line breaks are quoted. */
export function formatCsv(columns: readonly string[], rows: Iterable<readonly (string | number)[]>): string {
  const cell = (v: string | number) => {
    const s = String(v);
    return /[",\n\r]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s;
  };
  const lines = [columns.map(cell).join(',')];
  for (const r of rows) lines.push(r.map(cell).join(','));
  return `${lines.join('\n')}\n`;
}
