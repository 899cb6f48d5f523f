// Statements of OpenQASM 3 (official qasm3Parser.g4, version 3.2): text to tree. Meaning is checked later (check.ts). One grammar in one file.
// Trap: `g(a) q;`, `f(a);` and `x[0] = 1;` begin alike, so a statement that begins with a name is read as an expression first.
import { QuantumError } from '../error.ts';
import type {
  Annotation,
  ArrayLiteral,
  Expression,
  Measure,
  Modifier,
  Operand,
  Parameter,
  ParameterType,
  Program,
  QuantumCall,
  Range,
  Right,
  ScalarType,
  Statement,
} from './ast.ts';
import { Lexer } from './lexer.ts';
import { ExpressionParser } from './parse-expression.ts';
import { Sources } from './source.ts';

export interface ParseOptions {
  /** Name for messages. */
  readonly file?: string;
  /** Where positions are kept; give the same one for included files. */
  readonly sources?: Sources;
  /** Largest number of statements; default 5,000,000. Counted by semicolons before anything is built. */
  readonly maxStatements?: number;
}

/** Largest number of statements that is read unless the caller says otherwise. */
export const MAX_STATEMENTS = 5_000_000;

/** Reads one file. Throws QuantumError 'syntax' with line and column, or 'too-large' before memory is taken. */
export function parse(text: string, options: ParseOptions = {}): Program {
  const most = options.maxStatements ?? MAX_STATEMENTS;
  const file = options.file ?? 'program';
  let count = 0;
  for (let i = text.indexOf(';'); i >= 0; i = text.indexOf(';', i + 1)) count += 1;
  if (count > most)
    throw new QuantumError(
      'too-large',
      `${file}: ${count} statements are more than the limit of ${most}; use loops or split the program`,
    );
  return new Parser(new Lexer(file, text, options.sources ?? new Sources())).program();
}

const compound: ReadonlySet<string> = new Set('+= -= *= /= &= |= ^= <<= >>= %= **='.split(' '));

class Parser extends ExpressionParser {
  program(): Program {
    let version: string | undefined;
    if (this.is('OPENQASM')) {
      version = this.lexer.version();
      this.expect(';', 'after the version');
    }
    const body: Statement[] = [];
    while (this.lexer.kind !== 'end') body.push(this.#statementOrScope());
    return { ...(version !== undefined && { version }), body };
  }

  protected override scope(why: string): readonly Statement[] {
    const open = this.lexer.start;
    this.expect('{', why);
    return this.deeper(() => {
      const body: Statement[] = [];
      while (!this.is('}')) {
        if (this.lexer.kind === 'end') throw this.lexer.error('the block that begins here is never closed', open);
        body.push(this.#statementOrScope());
      }
      this.lexer.advance();
      return body;
    });
  }

  #statementOrScope(): Statement {
    if (!this.is('{')) return this.#statement();
    const { at } = this.lexer;
    return { kind: 'scope', at, body: this.scope('to open a block') };
  }

  #statement(): Statement {
    const { at } = this.lexer;
    if (this.is('pragma') || this.is('#pragma')) {
      const content = this.lexer.restOfLine();
      if (content === '') throw this.lexer.error('a pragma needs some text after it');
      return { kind: 'pragma', at, content };
    }
    if (!this.is('@')) return this.#plain();
    const annotations: Annotation[] = [];
    while (this.is('@')) annotations.push(this.lexer.annotation());
    if (this.is('{') || this.is('}') || this.is('pragma') || this.is('#pragma') || this.lexer.kind === 'end')
      throw this.lexer.error(`an annotation must stand before a statement, not before ${this.found()}`);
    return { ...this.deeper(() => this.#plain()), annotations };
  }

  #plain(): Statement {
    const { lexer } = this;
    const { at, kind, value } = lexer;
    if (kind === 'keyword') {
      const s = this.#keyword(at, value);
      if (s) return s;
    }
    if (kind === 'name' || kind === 'integer' || kind === 'float' || kind === 'bits') return this.#fromExpression();
    if (kind === 'keyword' && value === 'OPENQASM')
      throw lexer.error('OPENQASM and its version must be the first statement');
    if (this.isScalarType() || this.is('array')) return this.#declarationOrCast();
    if (kind === 'keyword' && !['true', 'false', 'durationof'].includes(value))
      throw lexer.error(`a statement cannot begin with the word "${value}"`);
    return this.#fromExpression();
  }

  /** Statements that begin with a word of their own. */
  #keyword(at: number, word: string): Statement | undefined {
    const { lexer } = this;
    const next = () => lexer.advance();
    const end = (after: string) => this.expect(';', after);
    switch (word) {
      case 'include':
      case 'defcalgrammar': {
        const target = lexer.path();
        end(`after ${word}`);
        return { kind: word, at, target };
      }
      case 'break':
      case 'continue':
      case 'end':
        next();
        end(`after ${word}`);
        return { kind: word, at };
      case 'for':
        return this.#for(at);
      case 'if':
        return this.#if(at);
      case 'while': {
        next();
        const condition = this.#condition('while');
        return { kind: 'while', at, condition, body: this.#body('while') };
      }
      case 'switch':
        return this.#switch(at);
      case 'return': {
        next();
        const value = this.is(';') ? undefined : this.#right();
        end('after return');
        return { kind: 'return', at, ...(value && { value }) };
      }
      case 'barrier':
      case 'nop': {
        next();
        return {
          kind: word,
          at,
          operands: this.#operandsToEnd(),
        };
      }
      case 'box': {
        next();
        const duration = this.designator();
        return { kind: 'box', at, ...(duration && { duration }), body: this.scope('to open the box') };
      }
      case 'delay': {
        next();
        const duration = this.designator();
        if (!duration) throw lexer.error('delay must be followed by its duration in brackets');
        return { kind: 'delay', at, duration, operands: this.#operandsToEnd() };
      }
      case 'reset': {
        next();
        const operand = this.operand();
        end('after reset');
        return { kind: 'reset', at, operand };
      }
      case 'measure': {
        const value = this.#measure();
        return this.#into(at, value);
      }
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
        const value = this.#declared();
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
        return this.#gate(at);
      case 'def':
        return this.#def(at);
      case 'extern': {
        next();
        const name = this.name('the name of a function');
        this.expect('(', 'after the name of a function');
        const parameters = this.list(')', 'the types of the arguments', 0, () => this.#externType());
        const returns = this.#returns();
        end('after extern');
        return { kind: 'extern', at, name, parameters, ...(returns && { returns }) };
      }
      case 'cal':
        next();
        return { kind: 'cal', at, block: lexer.block() };
      case 'defcal':
        return this.#defcal(at);
      case 'inv':
      case 'pow':
      case 'ctrl':
      case 'negctrl':
      case 'gphase':
        return this.#modifiedGate(at);
    }
    return undefined;
  }

  #operandsToEnd(): Operand[] {
    if (this.is(';')) {
      this.lexer.advance();
      return [];
    }
    return this.list(';', 'the qubits', 1, () => this.operand());
  }

  #condition(word: string): Expression {
    this.expect('(', `after ${word}`);
    const condition = this.expression();
    this.expect(')', `after the condition of ${word}`);
    return condition;
  }

  #body(word: string): Statement {
    if (this.is(';')) throw this.lexer.error(`${word} needs a statement or a block`);
    return this.deeper(() => this.#statementOrScope());
  }

  #if(at: number): Statement {
    this.lexer.advance();
    const condition = this.#condition('if');
    const then = this.#body('if');
    const otherwise = this.accept('else') ? this.#body('else') : undefined;
    return { kind: 'if', at, condition, then, ...(otherwise && { otherwise }) };
  }

  #for(at: number): Statement {
    this.lexer.advance();
    const type = this.scalarType();
    const name = this.name('the variable of a loop');
    this.expect('in', 'after the variable of a loop');
    let values: Range | Expression | ReturnType<Parser['set']>;
    if (this.is('{')) values = this.set();
    else if (this.accept('[')) {
      values = this.range();
      this.expect(']', 'after the range of a loop');
    } else values = this.expression();
    return { kind: 'for', at, type, name, values, body: this.#body('for') };
  }

  #switch(at: number): Statement {
    this.lexer.advance();
    const value = this.#condition('switch');
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

  #measure(): Measure {
    const { at } = this.lexer;
    this.expect('measure', 'here');
    return { kind: 'measure', at, operand: this.operand() };
  }

  /** An expression, a measurement, or a call that names qubits. */
  #right(): Right {
    if (this.is('measure')) return this.#measure();
    const e = this.expression();
    if (!this.#atOperand()) return e;
    return { ...this.#callee(e), kind: 'quantum-call', at: e.at, operands: this.#operands() } as QuantumCall;
  }

  #atOperand(): boolean {
    return this.lexer.kind === 'name' || this.lexer.kind === 'hardware';
  }

  #operands(): Operand[] {
    const operands: Operand[] = [];
    do operands.push(this.operand());
    while (this.accept(',') && this.#atOperand());
    return operands;
  }

  /** What an expression before qubits calls: `f` or `f(a, b)`. */
  #callee(e: Expression): { name: string; args: readonly Expression[] } {
    if (e.kind === 'name') return { name: e.name, args: [] };
    if (e.kind === 'call') return { name: e.name, args: e.args };
    throw this.lexer.error(`an operator or ";" is expected, not ${this.found()}`);
  }

  #declared(): Right | ArrayLiteral {
    return this.is('{') ? this.arrayLiteral() : this.#right();
  }

  #into(at: number, value: Measure | QuantumCall): Statement {
    const target = this.accept('->') ? this.operand() : undefined;
    this.expect(';', 'after a measurement or call');
    return { kind: 'measure-into', at, value, ...(target && { target }) };
  }

  /** A declaration, or an expression that happens to begin with a cast. */
  #declarationOrCast(): Statement {
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
    const value = this.accept('=') ? this.#declared() : undefined;
    this.expect(';', 'after a declaration');
    return { kind: 'declare', at, type, name, ...(value && { value }), constant: false };
  }

  /** Gate calls, assignments and plain expressions. */
  #fromExpression(): Statement {
    const { lexer } = this;
    const { at } = lexer;
    const e = this.expression();
    if (this.is('=') || (lexer.kind === 'symbol' && compound.has(lexer.value))) {
      const target = this.#target(e);
      const op = lexer.value;
      lexer.advance();
      const value = this.#right();
      this.expect(';', 'after an assignment');
      return { kind: 'assign', at, target, op, value };
    }
    if (this.#atOperand()) {
      const timed =
        e.kind === 'index' &&
        e.index.kind === 'list' &&
        e.index.items.length === 1 &&
        e.index.items[0].kind !== 'range';
      const called = timed ? e.base : e;
      const callee = this.#callee(called);
      const operands = this.#operands();
      if (!timed && this.is('->')) return this.#into(at, { kind: 'quantum-call', at, ...callee, operands });
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

  #target(e: Expression): Operand {
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

  #modifiedGate(at: number): Statement {
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
    const operands = isPhase
      ? this.#operandsToEnd()
      : this.list(';', 'the qubits of the gate', 1, () => this.operand());
    return { kind: 'gate-call', at, modifiers, name, ...(args && { args }), ...(duration && { duration }), operands };
  }

  #gate(at: number): Statement {
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

  #def(at: number): Statement {
    this.lexer.advance();
    const name = this.name('the name of a subroutine');
    this.expect('(', 'after the name of a subroutine');
    const parameters = this.list(')', 'the parameters', 0, () => this.#parameter());
    const returns = this.#returns();
    return {
      kind: 'def',
      at,
      name,
      parameters,
      ...(returns && { returns }),
      body: this.scope('to open the body of the subroutine'),
    };
  }

  #parameter(): Parameter {
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

  #externType(): ParameterType {
    const { at } = this.lexer;
    if (this.accept('creg')) {
      const size = this.designator();
      return { kind: 'creg', at, ...(size && { size }) };
    }
    return this.is('readonly') || this.is('mutable') ? this.arrayReference() : this.scalarType();
  }

  #returns(): ScalarType | undefined {
    return this.accept('->') ? this.scalarType() : undefined;
  }

  #defcal(at: number): Statement {
    const { lexer } = this;
    lexer.advance();
    let target: string;
    if (this.is('measure') || this.is('reset') || this.is('delay')) {
      target = lexer.value;
      lexer.advance();
    } else target = this.name('the name of a gate');
    const args = this.accept('(') ? this.list(')', 'the arguments', 0, () => this.#defcalArgument()) : undefined;
    const operands: string[] = [];
    do {
      if (lexer.kind === 'hardware') {
        operands.push(lexer.value);
        lexer.advance();
      } else operands.push(this.name('a hardware qubit such as $0'));
    } while (this.accept(',') && !this.is('{') && !this.is('->'));
    const returns = this.#returns();
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

  #defcalArgument(): Expression | Parameter {
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
      return this.#parameter();
    return this.expression();
  }
}
