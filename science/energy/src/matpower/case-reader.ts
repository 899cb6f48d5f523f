// The values of a MATPOWER case file: numbers, texts, matrices and cell arrays, read character by character.
// Traps: tabs, non-breaking spaces, commas, `...`, comments inside a matrix, a missing last semicolon and `]` on the last row's line all occur.
import { EnergyError } from '../error.ts';
import { evaluate, type Scope } from './arithmetic.ts';
import type { Matrix, OtherField } from './case.ts';

const NEWLINE = 10;
const SPACE = 32;
const PERCENT = 37;
const QUOTE = 39;
const COMMA = 44;
const SEMICOLON = 59;
const OPEN = 91;
const CLOSE = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** A place in the text of a case file. Errors name the file, the line and the field. */
export class CaseReader {
  readonly #text: string;
  readonly #name: string;
  #at = 0;

  constructor(text: string, name: string) {
    this.#text = text;
    this.#name = name;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  rest(length: number): string {
    return this.#text.slice(this.#at, this.#at + length);
  }

  advance(n: number): void {
    this.#at += n;
  }

  line(at = this.#at): number {
    let n = 1;
    for (let p = this.#text.indexOf('\n'); p >= 0 && p < at; p = this.#text.indexOf('\n', p + 1)) n += 1;
    return n;
  }

  /** The text up to the end of the statement, without comments and continuations, and its length in the file. */
  statement(): { text: string; length: number } {
    let end = this.#at;
    let text = '';
    for (;;) {
      const newline = this.#text.indexOf('\n', end);
      const stop = newline < 0 ? this.#text.length : newline;
      const line = this.#text.slice(end, stop).replace(/%.*$/, '');
      const semicolon = line.indexOf(';');
      if (semicolon >= 0)
        return { text: (text + line.slice(0, semicolon)).trim(), length: end + semicolon + 1 - this.#at };
      const more = /^(.*)\.\.\.\s*$/.exec(line);
      if (!more || newline < 0) return { text: (text + line).trim(), length: stop - this.#at };
      text += `${more[1]} `;
      end = stop + 1;
    }
  }

  /** Past blanks, line ends, comments (also %{ … %} blocks) and stray semicolons between statements. */
  skipBlank(): void {
    while (!this.done) {
      const c = this.#text.charCodeAt(this.#at);
      if (c === PERCENT) {
        const block = /^%\{[^\S\n]*\n[\s\S]*?\n[^\S\n]*%\}/.exec(this.rest(this.#startsLine() ? 100_000 : 0));
        this.#at = block ? this.#at + block[0].length : this.#endOfLine();
      } else if (isBlank(c) || c === NEWLINE || c === SEMICOLON || c === COMMA) this.#at += 1;
      else return;
    }
  }

  /** The value at hand; expressions may use what `scope` holds. */
  value(field: string, line: number, scope: Scope): Matrix | OtherField {
    const c = this.#text.charCodeAt(this.#at);
    if (c === OPEN) return this.#matrix(field, line, scope);
    if (c === OPEN_BRACE) return this.#cells(field, line);
    if (c === QUOTE || c === 34) return this.#quoted(field, line);
    const token = /^[^\s;,%]+(?=[^\S\n]*(?:[;,%\n]|$))/.exec(this.rest(400))?.[0];
    const { text, length } = token === undefined ? this.statement() : { text: token, length: token.length };
    const x = number(text, scope);
    if (x === undefined)
      throw new EnergyError(
        'syntax',
        `${this.#name}, line ${line}: the value of "${field}" is not a number, text, matrix or cell array: "${this.rest(40).split('\n')[0]}"`,
      );
    this.#at += length;
    return { rows: 1, columns: 1, data: Float64Array.of(x) };
  }

  #matrix(field: string, line: number, scope: Scope): Matrix {
    const text = this.#text;
    let data = new Float64Array(256);
    let count = 0;
    let columns = -1;
    let rows = 0;
    let rowStart = 0;
    let at = this.#at + 1;
    const endRow = () => {
      const width = count - rowStart;
      if (width === 0) return;
      if (columns < 0) columns = width;
      else if (width !== columns)
        throw new EnergyError(
          'syntax',
          `${this.#name}, line ${this.line(at)}: row ${rows + 1} of "${field}" has ${width} values where the rows above have ${columns}`,
        );
      rows += 1;
      rowStart = count;
    };
    for (;;) {
      if (at >= text.length)
        throw new EnergyError(
          'syntax',
          `${this.#name}: the matrix "${field}" that starts in line ${line} is not closed by "]"`,
        );
      const c = text.charCodeAt(at);
      if (isBlank(c) || c === COMMA) at += 1;
      else if (c === NEWLINE || c === SEMICOLON) {
        endRow();
        at += 1;
      } else if (c === PERCENT) {
        const end = text.indexOf('\n', at);
        at = end < 0 ? text.length : end;
      } else if (c === CLOSE) {
        endRow();
        at += 1;
        break;
      } else if (text.startsWith('...', at)) {
        const end = text.indexOf('\n', at);
        at = end < 0 ? text.length : end + 1;
      } else {
        let end = at + 1;
        for (; end < text.length; end++) {
          const d = text.charCodeAt(end);
          if (d <= SPACE || d === COMMA || d === SEMICOLON || d === CLOSE || d === PERCENT || d === 160) break;
        }
        const token = text.slice(at, end);
        const x = number(token, scope);
        if (x === undefined)
          throw new EnergyError(
            'not-a-number',
            `${this.#name}, line ${this.line(at)}: "${token.slice(0, 40)}" in row ${rows + 1}, column ${count - rowStart + 1} of "${field}" is not a number`,
          );
        if (count === data.length) {
          const bigger = new Float64Array(data.length * 2);
          bigger.set(data);
          data = bigger;
        }
        data[count++] = x;
        at = end;
      }
    }
    this.#at = at;
    if (text.charCodeAt(at) === QUOTE || text.startsWith(".'", at))
      throw new EnergyError(
        'syntax',
        `${this.#name}, line ${this.line(at)}: "${field}" is transposed; only plain data can be read`,
      );
    return { rows, columns: Math.max(columns, 0), data: data.slice(0, count) };
  }

  #cells(field: string, line: number): string[][] {
    const out: string[][] = [];
    let row: string[] = [];
    this.#at += 1;
    for (;;) {
      if (this.done)
        throw new EnergyError(
          'syntax',
          `${this.#name}: the cell array "${field}" that starts in line ${line} is not closed by "}"`,
        );
      const c = this.#text.charCodeAt(this.#at);
      if (c === CLOSE_BRACE) {
        this.#at += 1;
        break;
      }
      if (c === PERCENT) this.#at = this.#endOfLine();
      else if (c === SEMICOLON || c === NEWLINE) {
        if (row.length > 0) out.push(row);
        row = [];
        this.#at += 1;
      } else if (isBlank(c) || c === COMMA) this.#at += 1;
      else if (c === QUOTE || c === 34) row.push(this.#quoted(field, line));
      else {
        const token = /^[^\s;,%}]+/.exec(this.rest(200))?.[0] ?? this.rest(1);
        row.push(token);
        this.#at += token.length;
      }
    }
    if (row.length > 0) out.push(row);
    return out;
  }

  #quoted(field: string, line: number): string {
    const quote = this.#text[this.#at];
    let out = '';
    for (let p = this.#at + 1; p < this.#text.length; p++) {
      const c = this.#text[p];
      if (c === '\n') break;
      if (c === quote) {
        if (this.#text[p + 1] === quote) p += 1;
        else {
          this.#at = p + 1;
          return out;
        }
      }
      out += c;
    }
    throw new EnergyError('syntax', `${this.#name}, line ${line}: a text in "${field}" is not closed`);
  }

  #startsLine(): boolean {
    return /(^|\n)[^\S\n]*$/.test(this.#text.slice(Math.max(0, this.#at - 80), this.#at));
  }

  #endOfLine(): number {
    const end = this.#text.indexOf('\n', this.#at);
    return end < 0 ? this.#text.length : end;
  }
}

function isBlank(c: number): boolean {
  return (c <= SPACE && c !== NEWLINE) || c === 160 || c === 0xfffd;
}

/** A number as MATLAB writes it: signs, exponents (also D), Inf, NaN, pi, and arithmetic of such and of scalars in scope. */
function number(token: string, scope: Scope): number | undefined {
  const x = Number(token);
  if (!Number.isNaN(x) && token !== '' && !/^[+-]?0[xob]/i.test(token)) return x;
  const name = /^([+-]?)(Inf|inf|NaN|nan|pi)$/.exec(token);
  if (name) {
    const v = name[2] === 'pi' ? Math.PI : name[2].toLowerCase() === 'inf' ? Number.POSITIVE_INFINITY : Number.NaN;
    return name[1] === '-' ? -v : v;
  }
  const fortran = /^[+-]?(?:\d+\.?\d*|\.\d+)[dD][+-]?\d+$/.test(token);
  if (fortran) return Number(token.replace(/d/i, 'e'));
  return evaluate(token, scope);
}
