// Expressions, types and index lists of OpenQASM 3, by precedence climbing over the order of the official grammar.
// Trap: unary operators bind looser than ** but tighter than *, so -a ** b is -(a ** b).
import type {
  ArrayLiteral,
  ArrayReference,
  ArrayType,
  BinaryOperator,
  Expression,
  Index,
  IndexSet,
  Operand,
  Range,
  ScalarType,
  Statement,
  TimeUnit,
} from './ast.ts';
import type { Lexer } from './lexer.ts';

const precedence: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
  '**': 12,
};
const UNARY = 11;
/** Nesting beyond this is refused, so that a hostile file cannot overflow the stack. */
const DEEPEST = 400;
const MOST_OPERATORS = 1000;

const scalarWords: ReadonlySet<string> = new Set([
  'bit',
  'int',
  'uint',
  'float',
  'angle',
  'bool',
  'duration',
  'stretch',
  'complex',
]);

export class ExpressionParser {
  protected readonly lexer: Lexer;
  #depth = 0;
  /** Operators of the expression that is being read, and whether one is. */
  #operators = 0;
  #within = false;

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

  expression(minimum = 1): Expression {
    const outermost = !this.#within;
    if (outermost) this.#operators = 0;
    this.#within = true;
    const whole = this.deeper(() => {
      let left = this.#unary();
      for (;;) {
        const { kind, value } = this.lexer;
        const p = kind === 'symbol' ? precedence[value] : undefined;
        if (p === undefined || p < minimum) return left;
        this.#count();
        this.lexer.advance();
        const right = this.expression(value === '**' ? p : p + 1);
        left = { kind: 'binary', at: left.at, op: value as BinaryOperator, left, right };
      }
    });
    if (outermost) this.#within = false;
    return whole;
  }

  /** Operators in a row make a tree as deep as they are many. */
  #count(): void {
    if (++this.#operators > MOST_OPERATORS)
      throw this.lexer.error(`more than ${MOST_OPERATORS} operators stand in one expression; name parts of it`);
  }

  #unary(): Expression {
    const { at, kind, value } = this.lexer;
    if (kind === 'symbol' && (value === '-' || value === '!' || value === '~')) {
      this.lexer.advance();
      return { kind: 'unary', at, op: value, operand: this.expression(UNARY) };
    }
    let base = this.#primary();
    while (this.is('[')) {
      this.#count();
      base = { kind: 'index', at: base.at, base, index: this.index() };
    }
    return base;
  }

  #primary(): Expression {
    const { lexer } = this;
    const { at, kind, value } = lexer;
    switch (kind) {
      case 'name':
        lexer.advance();
        return this.is('(')
          ? { kind: 'call', at, name: value, args: this.parenthesised() }
          : { kind: 'name', at, name: value };
      case 'integer':
      case 'float':
      case 'imaginary':
      case 'bits':
        lexer.advance();
        return { kind, at, text: value };
      case 'time': {
        const unit = lexer.unit as TimeUnit;
        lexer.advance();
        return { kind, at, text: value, unit };
      }
      case 'hardware':
        lexer.advance();
        return { kind, at, index: Number(value.slice(1)) };
      case 'symbol':
        if (this.accept('(')) {
          const inner = this.expression();
          this.expect(')', 'to close the parenthesis');
          return { kind: 'group', at, inner };
        }
        break;
      case 'keyword':
        if (value === 'true' || value === 'false') {
          lexer.advance();
          return { kind: 'boolean', at, value: value === 'true' };
        }
        if (value === 'durationof') {
          lexer.advance();
          this.expect('(', 'after durationof');
          const body = this.scope('to open the block of durationof');
          this.expect(')', 'after the block of durationof');
          return { kind: 'durationof', at, body };
        }
        if (scalarWords.has(value) || value === 'array') {
          const type = this.type();
          this.expect('(', 'after a type in an expression, which is a cast');
          const operand = this.expression();
          this.expect(')', 'to close the cast');
          return { kind: 'cast', at, type, operand };
        }
        break;
      case 'end':
    }
    throw lexer.error(`an expression is expected, not ${this.found()}`);
  }

  /** `(a, b)`; the token is the opening parenthesis. */
  protected parenthesised(): Expression[] {
    this.lexer.advance();
    return this.list(')', 'the arguments', 0, () => this.expression());
  }

  /** Overridden where statements are known. */
  protected scope(why: string): readonly Statement[] {
    throw this.lexer.error(`a block cannot stand here (${why})`);
  }

  /** `[…]` after a name or value. */
  index(): Index {
    this.expect('[', 'before an index');
    if (this.is('{')) {
      const set = this.set();
      this.expect(']', 'after the index');
      return set;
    }
    return { kind: 'list', items: this.list(']', 'an index', 1, () => this.#rangeOrExpression()) };
  }

  set(): IndexSet {
    const { at } = this.lexer;
    this.expect('{', 'before a set');
    return { kind: 'set', at, items: this.list('}', 'a set of values', 1, () => this.expression()) };
  }

  #rangeOrExpression(): Expression | Range {
    const { at } = this.lexer;
    const start = this.is(':') ? undefined : this.expression();
    if (start !== undefined && !this.is(':')) return start;
    return this.#range(start, at);
  }

  /** A range whose brackets are handled by the caller: `a:b`, `a:step:b`, with parts left out. */
  range(): Range {
    const { at } = this.lexer;
    return this.#range(this.is(':') ? undefined : this.expression(), at);
  }

  #range(start: Expression | undefined, at: number): Range {
    this.expect(':', 'in a range');
    const end = () => this.is(':') || this.is(']') || this.is(',');
    const second = end() ? undefined : this.expression();
    if (!this.accept(':')) return { kind: 'range', at, ...(start && { start }), ...(second && { stop: second }) };
    const stop = this.expression();
    return { kind: 'range', at, ...(start && { start }), ...(second && { step: second }), stop };
  }

  /** A qubit, a register or the target of an assignment. */
  operand(): Operand {
    const { at, kind, value } = this.lexer;
    if (kind === 'hardware') {
      this.lexer.advance();
      return { at, name: value, indices: [] };
    }
    const name = this.name('the name of a register or variable');
    const indices: Index[] = [];
    while (this.is('[')) indices.push(this.index());
    return { at, name, indices };
  }

  protected isScalarType(): boolean {
    return this.lexer.kind === 'keyword' && scalarWords.has(this.lexer.value);
  }

  scalarType(): ScalarType {
    const { at, value } = this.lexer;
    if (!this.isScalarType()) throw this.lexer.error(`a type such as int[32] or bit is expected, not ${this.found()}`);
    this.lexer.advance();
    if (value === 'bool' || value === 'duration' || value === 'stretch') return { kind: value, at };
    if (value === 'complex') {
      if (!this.accept('[')) return { kind: value, at };
      const part = this.scalarType();
      this.expect(']', 'after the type of a complex number');
      return { kind: value, at, part };
    }
    const kind = value as 'bit' | 'int' | 'uint' | 'float' | 'angle';
    const size = this.designator();
    return { kind, at, ...(size && { size }) };
  }

  /** `[n]` if there is one. */
  protected designator(): Expression | undefined {
    if (!this.accept('[')) return undefined;
    const size = this.expression();
    this.expect(']', 'after the size');
    return size;
  }

  type(): ScalarType | ArrayType {
    if (!this.is('array')) return this.scalarType();
    const { at } = this.lexer;
    this.lexer.advance();
    this.expect('[', 'after array');
    const base = this.scalarType();
    this.expect(',', 'after the type of the elements');
    return {
      kind: 'array-type',
      at,
      base,
      dimensions: this.list(']', 'the sizes of the array', 1, () => this.expression()),
    };
  }

  /** `readonly array[…]` or `mutable array[…]`, of which `#dim = n` is allowed only here. */
  protected arrayReference(): ArrayReference {
    const { at } = this.lexer;
    const access = this.lexer.value as 'readonly' | 'mutable';
    this.lexer.advance();
    this.expect('array', `after ${access}`);
    this.expect('[', 'after array');
    const base = this.scalarType();
    this.expect(',', 'after the type of the elements');
    if (this.accept('#dim')) {
      this.expect('=', 'after #dim');
      const count = this.expression();
      this.expect(']', 'after the number of dimensions');
      return { kind: 'array-reference', at, access, base, dimensions: { count } };
    }
    const dimensions = this.list(']', 'the sizes of the array', 1, () => this.expression());
    return { kind: 'array-reference', at, access, base, dimensions };
  }

  protected arrayLiteral(): ArrayLiteral {
    const { at } = this.lexer;
    this.expect('{', 'before the values of an array');
    return this.deeper(() => ({
      kind: 'array',
      at,
      items: this.list('}', 'the values of an array', 0, () =>
        this.is('{') ? this.arrayLiteral() : this.expression(),
      ),
    }));
  }
}
