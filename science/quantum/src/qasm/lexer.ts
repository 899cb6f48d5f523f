// The tokens of OpenQASM 3 (official qasm3Lexer.g4, version 3.2). One token is held at a time, in fields, so that large files cost no garbage.
// Trap: some rules depend on the statement (version, include paths, pragmas, pulse blocks); the parser asks for those by name.
import type { Position, Sources } from './source.ts';

/** What kind of token stands at the reading point. `symbol` and `keyword` are told apart by their text. */
export type TokenKind =
  | 'end'
  | 'name'
  | 'keyword'
  | 'symbol'
  | 'integer'
  | 'float'
  | 'imaginary'
  | 'time'
  | 'bits'
  | 'hardware';

const keywords: ReadonlySet<string> = new Set(
  (
    'OPENQASM include defcalgrammar def cal defcal gate extern box let break continue if else end return for while in switch case default nop ' +
    'pragma input output const readonly mutable qreg qubit creg bool bit int uint float angle complex array void duration stretch ' +
    'gphase inv pow ctrl negctrl durationof delay reset measure barrier true false im'
  ).split(' '),
);

/** Longest first, so that the first match is the token. */
const symbols = (
  '<<= >>= **= -> ++ += -= *= /= &= |= ^= %= == != >= <= >> << && || ** ' +
  '[ ] { } ( ) : ; . , = + - * / % | & ^ @ ~ ! < >'
).split(' ');
const byFirst = new Map<string, string[]>();
for (const s of symbols) byFirst.set(s[0], [...(byFirst.get(s[0]) ?? []), s]);

const unicodeName = /[\p{Lu}\p{Ll}\p{Lt}\p{Lm}\p{Lo}\p{Nl}]/u;
const number =
  /0[bB](?:[01]_?)*[01]|0o(?:[0-7]_?)*[0-7]|0[xX](?:[0-9a-fA-F]_?)*[0-9a-fA-F]|(?:(?:[0-9]_?)*[0-9])?\.(?:[0-9]_?)*[0-9](?:[eE][+-]?(?:[0-9]_?)*[0-9])?|(?:[0-9]_?)*[0-9](?:\.(?:[eE][+-]?(?:[0-9]_?)*[0-9])?|[eE][+-]?(?:[0-9]_?)*[0-9])?/y;
const suffix = /[ \t]*(im|dt|ns|us|µs|μs|ms|s)(?![A-Za-z0-9_])/y;
const bits = /"(?:[01]_?)*[01]"/y;
const quoted = /"[^"\r\t\n]+"|'[^'\r\t\n]+'/y;

function isNameStart(code: number, text: string, i: number): boolean {
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95) return true;
  return code >= 128 && unicodeName.test(String.fromCodePoint(text.codePointAt(i) ?? 0));
}

export class Lexer {
  readonly text: string;
  readonly #sources: Sources;
  readonly #base: Position;
  #next = 0;
  kind: TokenKind = 'end';
  /** The token as written; for `time` and `imaginary` the number alone, for `bits` the digits alone. */
  value = '';
  /** Unit of a `time` token. */
  unit = '';
  /** Where the token starts, and where the one before it ended. */
  start = 0;
  previousEnd = 0;

  constructor(name: string, text: string, sources: Sources) {
    this.text = text;
    this.#sources = sources;
    this.#base = sources.add(name, text);
    this.advance();
  }

  get at(): Position {
    return this.#base + this.start;
  }

  error(message: string, offset = this.start): Error {
    return this.#sources.error('syntax', message, this.#base + offset);
  }

  /** Reads the next ordinary token. */
  advance(): void {
    this.previousEnd = this.#next;
    this.#skip();
    const { text } = this;
    const i = this.#next;
    this.start = i;
    if (i >= text.length) {
      this.kind = 'end';
      this.value = '';
      return;
    }
    const code = text.charCodeAt(i);
    if (isNameStart(code, text, i)) {
      this.#name(i);
      return;
    }
    if ((code >= 48 && code <= 57) || (code === 46 && /[0-9]/.test(text[i + 1] ?? ''))) {
      this.#number(i);
      return;
    }
    if (code === 34) {
      bits.lastIndex = i;
      const m = bits.exec(text);
      if (!m)
        throw this.error('a text in quotes may hold only 0, 1 and single underscores here (paths belong to include)');
      this.#take('bits', m[0].slice(1, -1), i + m[0].length);
      return;
    }
    if (code === 36) {
      let end = i + 1;
      while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end += 1;
      if (end === i + 1) throw this.error('"$" must be followed by the number of a hardware qubit');
      this.#take('hardware', text.slice(i, end), end);
      return;
    }
    if (code === 35) {
      if (text.startsWith('#pragma', i)) {
        this.#take('keyword', '#pragma', i + 7);
        return;
      }
      if (text.startsWith('#dim', i)) {
        this.#take('symbol', '#dim', i + 4);
        return;
      }
      throw this.error('"#" may only begin #pragma or #dim');
    }
    for (const s of byFirst.get(text[i]) ?? [])
      if (s.length === 1 || text.startsWith(s, i)) {
        this.#take('symbol', s, i + s.length);
        return;
      }
    throw this.error(
      `the character ${JSON.stringify(String.fromCodePoint(text.codePointAt(i) ?? 0))} has no place here`,
    );
  }

  /** After OPENQASM: "3" or "3.0". The current token must be the keyword. */
  version(): string {
    this.#skip();
    const m = /^[0-9]+(?:\.[0-9]+)?/.exec(this.text.slice(this.#next, this.#next + 24));
    if (!m) throw this.error('OPENQASM must be followed by a version such as 3.0', this.#next);
    this.#next += m[0].length;
    this.advance();
    return m[0];
  }

  /** After include or defcalgrammar: a path in single or double quotes. */
  path(): string {
    this.#skip();
    quoted.lastIndex = this.#next;
    const m = quoted.exec(this.text);
    if (!m) throw this.error('a path in quotes is expected, on one line', this.#next);
    this.#next += m[0].length;
    this.advance();
    return m[0].slice(1, -1);
  }

  /** After pragma or an annotation's keyword: the rest of the line, without blanks before it. */
  restOfLine(): string {
    let end = this.#next;
    while (end < this.text.length && this.text[end] !== '\n' && this.text[end] !== '\r') end += 1;
    const rest = this.text.slice(this.#next, end).replace(/^[ \t]+/, '');
    this.#next = end;
    this.advance();
    return rest;
  }

  /** At `@` where a statement may begin: the annotation's dotted keyword and the rest of its line. */
  annotation(): { keyword: string; content?: string } {
    const m = /^@((?:[^\s;@(){}[\],]+))/.exec(this.text.slice(this.start, this.start + 1000));
    if (!m?.[1].split('.').every(w => w !== '' && isNameStart(w.charCodeAt(0), w, 0)))
      throw this.error('"@" must be followed by the name of an annotation');
    this.#next = this.start + m[0].length;
    const content = this.restOfLine();
    return content === '' ? { keyword: m[1] } : { keyword: m[1], content };
  }

  /** At the `{` that opens a pulse block: everything up to the brace that closes it, braces inside balanced. */
  block(): string {
    if (this.kind !== 'symbol' || this.value !== '{') throw this.error('"{" is expected, to open a calibration block');
    let depth = 1;
    let i = this.start + 1;
    for (; i < this.text.length; i++) {
      const c = this.text.charCodeAt(i);
      if (c === 123) depth += 1;
      else if (c === 125 && --depth === 0) break;
    }
    if (depth > 0) throw this.error('this calibration block is never closed');
    const inner = this.text.slice(this.start + 1, i);
    this.#next = i + 1;
    this.advance();
    return inner;
  }

  #take(kind: TokenKind, value: string, next: number): void {
    this.kind = kind;
    this.value = value;
    this.#next = next;
  }

  #name(i: number): void {
    const { text } = this;
    let end = i;
    for (;;) {
      const code = text.charCodeAt(end);
      if (!(code >= 48 && code <= 57) && !isNameStart(code, text, end)) break;
      end += code >= 0xd800 && code < 0xdc00 ? 2 : 1;
    }
    const word = text.slice(i, end);
    this.#take(keywords.has(word) ? 'keyword' : 'name', word, end);
  }

  #number(i: number): void {
    number.lastIndex = i;
    const m = number.exec(this.text);
    if (!m) throw this.error('this is not a number');
    const end = i + m[0].length;
    suffix.lastIndex = end;
    const s = suffix.exec(this.text);
    const based = /^0[bBoxX]/.test(m[0]);
    if (s && !based) {
      this.unit = s[1] === 'μs' ? 'µs' : s[1];
      this.#take(s[1] === 'im' ? 'imaginary' : 'time', m[0], end + s[0].length);
      return;
    }
    this.#take(!based && /[.eE]/.test(m[0]) ? 'float' : 'integer', m[0], end);
  }

  /** Blanks and comments. */
  #skip(): void {
    const { text } = this;
    let i = this.#next;
    for (;;) {
      const code = text.charCodeAt(i);
      if (code === 32 || code === 10 || code === 13 || code === 9) i += 1;
      else if (code === 0xfeff && i === 0) i += 1;
      else if (code === 47 && text.charCodeAt(i + 1) === 47) {
        while (i < text.length && text.charCodeAt(i) !== 10 && text.charCodeAt(i) !== 13) i += 1;
      } else if (code === 47 && text.charCodeAt(i + 1) === 42) {
        const end = text.indexOf('*/', i + 2);
        if (end < 0) throw this.error('this comment is never closed', i);
        i = end + 2;
      } else break;
    }
    this.#next = i;
  }
}
