// Control flow: if, for, while, switch.
import type { Expression, IndexSet, Range, Statement } from './ast.ts';
import { DefinitionParser } from './parse-definition.ts';

export abstract class ControlParser extends DefinitionParser {
  protected abstract statementOrScope(): Statement;

  protected condition(word: string): Expression {
    this.expect('(', `after ${word}`);
    const condition = this.expression();
    this.expect(')', `after the condition of ${word}`);
    return condition;
  }

  protected body(word: string): Statement {
    if (this.is(';')) throw this.lexer.error(`${word} needs a statement or a block`);
    return this.deeper(() => this.statementOrScope());
  }

  protected ifElse(at: number): Statement {
    this.lexer.advance();
    const condition = this.condition('if');
    const then = this.body('if');
    const otherwise = this.accept('else') ? this.body('else') : undefined;
    return { kind: 'if', at, condition, then, ...(otherwise && { otherwise }) };
  }

  protected forLoop(at: number): Statement {
    this.lexer.advance();
    const type = this.scalarType();
    const name = this.name('the variable of a loop');
    this.expect('in', 'after the variable of a loop');
    let values: Range | Expression | IndexSet;
    if (this.is('{')) values = this.set();
    else if (this.accept('[')) {
      values = this.range();
      this.expect(']', 'after the range of a loop');
    } else values = this.expression();
    return { kind: 'for', at, type, name, values, body: this.body('for') };
  }

  protected switchCase(at: number): Statement {
    this.lexer.advance();
    const value = this.condition('switch');
    this.expect('{', 'after switch');
    const cases: { labels?: Expression[]; body: readonly Statement[] }[] = [];
    while (!this.accept('}')) {
      if (this.accept('default')) cases.push({ body: this.scope('after default') });
      else {
        this.expect('case', 'inside switch');
        const labels: Expression[] = [];
        do labels.push(this.expression());
        while (this.accept(',') && !this.is('{'));
        cases.push({ labels, body: this.scope('after the values of a case') });
      }
    }
    return { kind: 'switch', at, value, cases };
  }
}
