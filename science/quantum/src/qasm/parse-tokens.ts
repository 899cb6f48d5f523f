// The tokens at hand and what is expected of them: the ground on which the parsers of expressions and statements stand.
import type { Lexer } from './lexer.ts';

/** Nesting beyond this is refused, so that a hostile file cannot overflow the stack. */
const DEEPEST = 400;

export class TokenParser {
  protected readonly lexer: Lexer;
  #depth = 0;

  constructor(lexer: Lexer) {
    this.lexer = lexer;
  }

  /** True when the token is this symbol or keyword. */
  protected is(text: string): boolean {
    const { kind, value } = this.lexer;
    return value === text && (kind === 'symbol' || kind === 'keyword');
  }

  protected accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.lexer.advance();
    return true;
  }

  protected expect(text: string, after: string): void {
    if (this.is(text)) this.lexer.advance();
    else if (text === ';')
      throw this.lexer.error(`";" is expected ${after}, not ${this.found()}`, this.lexer.previousEnd);
    else throw this.lexer.error(`"${text}" is expected ${after}, not ${this.found()}`);
  }

  protected found(): string {
    const { kind, value } = this.lexer;
    if (kind === 'end') return 'the end of the file';
    return kind === 'keyword' ? `the word "${value}"` : `"${value}"`;
  }

  protected name(what: string): string {
    const { kind, value } = this.lexer;
    if (kind !== 'name')
      throw this.lexer.error(
        kind === 'keyword'
          ? `"${value}" is a word of the language and cannot be ${what}`
          : `${what} is expected, not ${this.found()}`,
      );
    this.lexer.advance();
    return value;
  }

  /** Runs `inner` one level deeper. */
  protected deeper<T>(inner: () => T): T {
    if (++this.#depth > DEEPEST) throw this.lexer.error(`this is nested more than ${DEEPEST} levels deep`);
    const result = inner();
    this.#depth -= 1;
    return result;
  }

  /** Items up to the closing symbol, which is consumed; a comma after the last is allowed. At least `least` items. */
  protected list<T>(close: string, what: string, least: number, item: () => T): T[] {
    const items: T[] = [];
    while (!this.is(close)) {
      items.push(item());
      if (!this.accept(',')) break;
    }
    if (items.length < least) throw this.lexer.error(`${what} is expected, not ${this.found()}`);
    this.expect(close, `after ${what}`);
    return items;
  }
}
