// Types as they are written, and what they are written with: sizes, lists of values, operands.
import type { ArrayLiteral, ArrayReference, ArrayType, Expression, Index, Operand, ScalarType } from './ast.ts';
import { ExpressionParser } from './parse-expression.ts';

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

export abstract class TypeParser extends ExpressionParser {
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
