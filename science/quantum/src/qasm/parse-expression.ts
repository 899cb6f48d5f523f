// Expressions and index lists of OpenQASM 3, by precedence climbing over the order of the official grammar.
// Trap: unary operators bind looser than ** but tighter than *, so -a ** b is -(a ** b).
import type {
  ArrayType,
  BinaryOperator,
  Expression,
  Index,
  IndexSet,
  Range,
  ScalarType,
  Statement,
  TimeUnit,
} from './ast.ts';
import { TokenParser } from './parse-tokens.ts';

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
const MOST_OPERATORS = 1000;

export abstract class ExpressionParser extends TokenParser {
  /** Operators of the expression that is being read, and whether one is. */
  #operators = 0;
  #within = false;

  protected abstract isScalarType(): boolean;
  protected abstract type(): ScalarType | ArrayType;
  protected abstract scope(why: string): readonly Statement[];

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
        if (this.isScalarType() || value === 'array') {
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
}
