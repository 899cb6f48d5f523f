// Declarations and definitions that begin with a word of their own: aliases, constants, registers, gates, subroutines, calibrations.
import type { Expression, Parameter, ParameterType, ScalarType, Statement } from './ast.ts';
import { CallParser } from './parse-call.ts';

export abstract class DefinitionParser extends CallParser {
  /** A statement that gives something a name and begins with a word of its own; undefined for other words. */
  protected declaration(at: number, word: string): Statement | undefined {
    const next = () => this.lexer.advance();
    const end = (after: string) => this.expect(';', after);
    switch (word) {
      case 'let': {
        next();
        const name = this.name('the name of an alias');
        this.expect('=', 'after the name of an alias');
        const parts = [this.expression()];
        while (this.accept('++')) parts.push(this.expression());
        end('after an alias');
        return { kind: 'alias', at, name, parts };
      }
      case 'const': {
        next();
        const type = this.scalarType();
        const name = this.name('the name of a constant');
        this.expect('=', 'since a constant needs a value');
        const value = this.declared();
        end('after a declaration');
        return { kind: 'declare', at, type, name, value, constant: true };
      }
      case 'input':
      case 'output': {
        next();
        const type = this.type();
        const name = this.name(`the name of an ${word}`);
        end(`after the name of an ${word}`);
        return { kind: 'io', at, way: word, type, name };
      }
      case 'creg':
      case 'qreg': {
        next();
        const name = this.name('the name of a register');
        const size = this.designator();
        end('after a declaration');
        return { kind: 'old-register', at, type: word, name, ...(size && { size }) };
      }
      case 'qubit': {
        next();
        const size = this.designator();
        const name = this.name('the name of a qubit or register');
        end('after a declaration');
        return { kind: 'qubit', at, name, ...(size && { size }) };
      }
      case 'gate':
        return this.gate(at);
      case 'def':
        return this.def(at);
      case 'extern': {
        next();
        const name = this.name('the name of a function');
        this.expect('(', 'after the name of a function');
        const parameters = this.list(')', 'the types of the arguments', 0, () => this.externType());
        const returns = this.returns();
        end('after extern');
        return { kind: 'extern', at, name, parameters, ...(returns && { returns }) };
      }
      case 'defcal':
        return this.defcal(at);
    }
    return undefined;
  }

  protected gate(at: number): Statement {
    this.lexer.advance();
    const name = this.name('the name of a gate');
    const parameters = this.accept('(')
      ? this.list(')', 'the parameters of the gate', 0, () => this.name('the name of a parameter'))
      : undefined;
    const qubits: string[] = [];
    do qubits.push(this.name('the name of a qubit'));
    while (this.accept(',') && !this.is('{'));
    const body = this.scope('to open the body of the gate');
    return { kind: 'gate', at, name, ...(parameters && { parameters }), qubits, body };
  }

  protected def(at: number): Statement {
    this.lexer.advance();
    const name = this.name('the name of a subroutine');
    this.expect('(', 'after the name of a subroutine');
    const parameters = this.list(')', 'the parameters', 0, () => this.parameter());
    const returns = this.returns();
    return {
      kind: 'def',
      at,
      name,
      parameters,
      ...(returns && { returns }),
      body: this.scope('to open the body of the subroutine'),
    };
  }

  protected parameter(): Parameter {
    const { at, value } = this.lexer;
    if (this.is('creg') || this.is('qreg')) {
      this.lexer.advance();
      const name = this.name('the name of a parameter');
      const size = this.designator();
      return { at, type: { kind: value as 'creg' | 'qreg', at, ...(size && { size }) }, name };
    }
    if (this.accept('qubit')) {
      const size = this.designator();
      return { at, type: { kind: 'qubit', at, ...(size && { size }) }, name: this.name('the name of a parameter') };
    }
    const type = this.is('readonly') || this.is('mutable') ? this.arrayReference() : this.scalarType();
    return { at, type, name: this.name('the name of a parameter') };
  }

  protected externType(): ParameterType {
    const { at } = this.lexer;
    if (this.accept('creg')) {
      const size = this.designator();
      return { kind: 'creg', at, ...(size && { size }) };
    }
    return this.is('readonly') || this.is('mutable') ? this.arrayReference() : this.scalarType();
  }

  protected returns(): ScalarType | undefined {
    return this.accept('->') ? this.scalarType() : undefined;
  }

  protected defcal(at: number): Statement {
    const { lexer } = this;
    lexer.advance();
    let target: string;
    if (this.is('measure') || this.is('reset') || this.is('delay')) {
      target = lexer.value;
      lexer.advance();
    } else target = this.name('the name of a gate');
    const args = this.accept('(') ? this.list(')', 'the arguments', 0, () => this.defcalArgument()) : undefined;
    const operands: string[] = [];
    do {
      if (lexer.kind === 'hardware') {
        operands.push(lexer.value);
        lexer.advance();
      } else operands.push(this.name('a hardware qubit such as $0'));
    } while (this.accept(',') && !this.is('{') && !this.is('->'));
    const returns = this.returns();
    return {
      kind: 'defcal',
      at,
      target,
      ...(args && { args }),
      operands,
      ...(returns && { returns }),
      block: lexer.block(),
    };
  }

  protected defcalArgument(): Expression | Parameter {
    if (this.isScalarType()) {
      const { at } = this.lexer;
      const type = this.scalarType();
      if (this.accept('(')) {
        const operand = this.expression();
        this.expect(')', 'to close the cast');
        return { kind: 'cast', at, type, operand };
      }
      return { at, type, name: this.name('the name of a parameter') };
    }
    if (this.is('qubit') || this.is('qreg') || this.is('creg') || this.is('readonly') || this.is('mutable'))
      return this.parameter();
    return this.expression();
  }
}
