// Comma-separated tables (RFC 4180) as columns of text, with errors that name the row and the column.
// Trap: a row's number in messages is its line in the file, which is not its place in the body: empty lines are skipped, quoted fields span lines.

/** A table: `columns` in file order, each value a string. */
export interface Table {
  readonly columns: readonly string[];
  readonly length: number;
  /** The values of a column. Throws when there is none of that name. */
  text(column: string): readonly string[];
  /** The values of a column as numbers; empty, nan and NA give NaN. Throws on anything that is not a decimal number, naming row and column. */
  numbers(column: string): Float64Array;
  has(column: string): boolean;
  /** The values of the body's row `index` (from 0), in the order of the columns. */
  row(index: number): readonly string[];
  /** What messages call the row: the line of the file, from 1, on which the body's row `index` (from 0) begins. */
  line(index: number): number;
}

/** A line that needs no unquoting is kept as it is and cut up when asked for: wide tables are mostly read a few rows or columns at a time. */
type Record = string | readonly string[];

const cellsOf = (r: Record): readonly string[] => (typeof r === 'string' ? r.split(',') : r);

/** One cell, without cutting up the rest. */
function cellOf(r: Record, column: number): string {
  if (typeof r !== 'string') return r[column];
  let from = 0;
  for (let i = 0; i < column; i++) from = r.indexOf(',', from) + 1;
  const to = r.indexOf(',', from);
  return to < 0 ? r.slice(from) : r.slice(from, to);
}

function widthOf(r: Record): number {
  if (typeof r !== 'string') return r.length;
  let width = 1;
  for (let i = r.indexOf(','); i >= 0; i = r.indexOf(',', i + 1)) width += 1;
  return width;
}

/** Parses CSV text; `name` is used in messages (a path or title). Quoted fields, CRLF and a byte order mark are understood. */
export function parseCsv(text: string, name = 'table'): Table {
  const { records, lines } = split(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  if (records.length === 0) throw new Error(`${name}: the file is empty; a header line was expected`);
  const header = cellsOf(records[0]);
  const index = new Map(header.map((h, i) => [h, i]));
  const body = records.slice(1);
  const line = (i: number) => lines[i + 1];
  for (let k = 0; k < body.length; k++) {
    const length = widthOf(body[k]);
    if (length !== header.length)
      throw new Error(`${name}, row ${line(k)}: ${length} values where the header has ${header.length}`);
  }
  const at = (column: string) => {
    const i = index.get(column);
    if (i === undefined)
      throw new Error(`${name}: no column "${column}"; there are: ${header.join(', ').slice(0, 300)}`);
    return i;
  };
  const columnText = (i: number) => body.map(r => cellOf(r, i));
  let numeric: ReturnType<typeof readNumbers> | undefined;
  return {
    columns: header,
    length: body.length,
    has: column => index.has(column),
    row: i => cellsOf(body[i]),
    line,
    text: column => columnText(at(column)),
    numbers: column => {
      const i = at(column);
      numeric ??= readNumbers(body, header.length);
      const wrong = numeric.firstWrong[i];
      if (wrong >= 0)
        throw new Error(
          `${name}, row ${line(wrong)}, column "${column}": "${cellOf(body[wrong], i).trim().slice(0, 40)}" is not a number`,
        );
      return numeric.values.slice(i * body.length, (i + 1) * body.length);
    },
  };
}

/** The number that a cell says in decimal digits; NaN for an empty cell and for everything else, also for what Number reads as hexadecimal. */
export function decimal(text: string): number {
  const x = Number(text);
  // Number('') is 0, so a zero may be an empty cell; 0x, 0o and 0b have a letter where a decimal has a digit, a point or an e, and say whole numbers.
  if (x === 0 && text.trim() === '') return Number.NaN;
  if (!Number.isFinite(x)) return Number.NaN;
  return Number.isInteger(x) && /^\s*0[xob]/i.test(text) ? Number.NaN : x;
}

/** All cells as numbers, column after column (empty, nan and the NA of R are NaN), and for each column the first row that is something else, or -1. */
function readNumbers(body: readonly Record[], width: number): { values: Float64Array; firstWrong: Int32Array } {
  const rows = body.length;
  const values = new Float64Array(rows * width);
  const firstWrong = new Int32Array(width).fill(-1);
  for (let k = 0; k < rows; k++) {
    const cells = cellsOf(body[k]);
    for (let i = 0; i < width; i++) {
      const x = decimal(cells[i]);
      if (Number.isNaN(x) && firstWrong[i] < 0 && !/^\s*(nan?)?\s*$/i.test(cells[i])) firstWrong[i] = k;
      values[i * rows + k] = x;
    }
  }
  return { values, firstWrong };
}

/** The records of a text without its empty lines, and the line on which each begins. */
function split(text: string): { records: Record[]; lines: number[] } {
  const records: Record[] = [];
  const lines: number[] = [];
  if (!text.includes('"')) {
    const all = text.split('\n');
    for (let i = 0; i < all.length; i++) {
      const record = all[i].endsWith('\r') ? all[i].slice(0, -1) : all[i];
      if (record === '') continue;
      records.push(record);
      lines.push(i + 1);
    }
    return { records, lines };
  }
  let row: string[] = [];
  let field = '';
  let quoted = false;
  let line = 1;
  let begins = 1;
  const end = (last: string) => {
    row.push(last);
    if (row.length === 1 && last === '') return;
    records.push(row);
    lines.push(begins);
  };
  for (let i = 0; i < text.length; i++) {
    const ch = text[i];
    if (ch === '\n') line += 1;
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
      end(field.endsWith('\r') ? field.slice(0, -1) : field);
      row = [];
      field = '';
      begins = line;
    } else field += ch;
  }
  if (field !== '' || row.length > 0) end(field);
  return { records, lines };
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
