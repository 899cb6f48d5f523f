// Statements that begin with a name or a type, and the right sides of assignments: gate calls, measurements, assignments, declarations.
// Trap: `g(a) q;`, `f(a);` and `x[0] = 1;` begin alike, so a statement that begins with a name is read as an expression first.
import type { ArrayLiteral, Expression, Measure, Modifier, Operand, QuantumCall, Right, Statement } from './ast.ts';
import { TypeParser } from './parse-type.ts';

const compound: ReadonlySet<string> = new Set('+= -= *= /= &= |= ^= <<= >>= %= **='.split(' '));

export abstract class CallParser extends TypeParser {
  protected measure(): Measure {
    const { at } = this.lexer;
    this.expect('measure', 'here');
    return { kind: 'measure', at, operand: this.operand() };
  }

  /** An expression, a measurement, or a call that names qubits. */
  protected right(): Right {
    if (this.is('measure')) return this.measure();
    const e = this.expression();
    if (!this.atOperand()) return e;
    return { ...this.callee(e), kind: 'quantum-call', at: e.at, operands: this.operands() } as QuantumCall;
  }

  protected atOperand(): boolean {
    return this.lexer.kind === 'name' || this.lexer.kind === 'hardware';
  }

  protected operands(): Operand[] {
    const operands: Operand[] = [];
    do operands.push(this.operand());
    while (this.accept(',') && this.atOperand());
    return operands;
  }

  protected operandsToEnd(): Operand[] {
    if (this.is(';')) {
      this.lexer.advance();
      return [];
    }
    return this.list(';', 'the qubits', 1, () => this.operand());
  }

  /** What an expression before qubits calls: `f` or `f(a, b)`. */
  protected callee(e: Expression): { name: string; args: readonly Expression[] } {
    if (e.kind === 'name') return { name: e.name, args: [] };
    if (e.kind === 'call') return { name: e.name, args: e.args };
    throw this.lexer.error(`an operator or ";" is expected, not ${this.found()}`);
  }

  protected declared(): Right | ArrayLiteral {
    return this.is('{') ? this.arrayLiteral() : this.right();
  }

  protected into(at: number, value: Measure | QuantumCall): Statement {
    const target = this.accept('->') ? this.operand() : undefined;
    this.expect(';', 'after a measurement or call');
    return { kind: 'measure-into', at, value, ...(target && { target }) };
  }

  /** A declaration, or an expression that happens to begin with a cast. */
  protected declarationOrCast(): Statement {
    const { at } = this.lexer;
    const type = this.type();
    if (this.accept('(')) {
      const operand = this.expression();
      this.expect(')', 'to close the cast');
      if (!this.is(';')) throw this.lexer.error('a statement that begins with a cast may hold nothing else');
      this.lexer.advance();
      return { kind: 'expression', at, value: { kind: 'cast', at, type, operand } };
    }
    const name = this.name('the name of a variable');
    const value = this.accept('=') ? this.declared() : undefined;
    this.expect(';', 'after a declaration');
    return { kind: 'declare', at, type, name, ...(value && { value }), constant: false };
  }

  /** Gate calls, assignments and plain expressions. */
  protected fromExpression(): Statement {
    const { lexer } = this;
    const { at } = lexer;
    const e = this.expression();
    if (this.is('=') || (lexer.kind === 'symbol' && compound.has(lexer.value))) {
      const target = this.target(e);
      const op = lexer.value;
      lexer.advance();
      const value = this.right();
      this.expect(';', 'after an assignment');
      return { kind: 'assign', at, target, op, value };
    }
    if (this.atOperand()) {
      const timed =
        e.kind === 'index' &&
        e.index.kind === 'list' &&
        e.index.items.length === 1 &&
        e.index.items[0].kind !== 'range';
      const called = timed ? e.base : e;
      const callee = this.callee(called);
      const operands = this.operands();
      if (!timed && this.is('->')) return this.into(at, { kind: 'quantum-call', at, ...callee, operands });
      this.expect(';', 'after the qubits of a gate');
      return {
        kind: 'gate-call',
        at,
        modifiers: [],
        name: callee.name,
        ...(called.kind === 'call' && { args: called.args }),
        ...(timed && e.index.kind === 'list' && { duration: e.index.items[0] as Expression }),
        operands,
      };
    }
    this.expect(';', 'after an expression');
    return { kind: 'expression', at, value: e };
  }

  protected target(e: Expression): Operand {
    const indices = [];
    let base = e;
    while (base.kind === 'index') {
      indices.unshift(base.index);
      base = base.base;
    }
    if (base.kind !== 'name')
      throw this.lexer.error('only a variable, possibly indexed, can stand left of an assignment');
    return { at: e.at, name: base.name, indices };
  }

  protected modifiedGate(at: number): Statement {
    const { lexer } = this;
    const modifiers: Modifier[] = [];
    for (;;) {
      const m = lexer.at;
      if (this.accept('inv')) modifiers.push({ kind: 'inv', at: m });
      else if (this.accept('pow')) {
        this.expect('(', 'after pow');
        const exponent = this.expression();
        this.expect(')', 'after the exponent of pow');
        modifiers.push({ kind: 'pow', at: m, exponent });
      } else if (this.is('ctrl') || this.is('negctrl')) {
        const kind = lexer.value as 'ctrl' | 'negctrl';
        lexer.advance();
        let count: Expression | undefined;
        if (this.accept('(')) {
          count = this.expression();
          this.expect(')', `after the number of ${kind}`);
        }
        modifiers.push({ kind, at: m, ...(count && { count }) });
      } else break;
      this.expect('@', 'after a gate modifier');
    }
    const isPhase = this.is('gphase');
    if (isPhase) lexer.advance();
    const name = isPhase ? 'gphase' : this.name('the name of a gate');
    const args = this.is('(') ? this.parenthesised() : undefined;
    const duration = this.designator();
    const operands = isPhase ? this.operandsToEnd() : this.list(';', 'the qubits of the gate', 1, () => this.operand());
    return { kind: 'gate-call', at, modifiers, name, ...(args && { args }), ...(duration && { duration }), operands };
  }
}
