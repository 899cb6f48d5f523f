// Statements of OpenQASM 3 (official qasm3Parser.g4, version 3.2): text to tree. Meaning is checked later (check.ts).
import { QuantumError } from '../error.ts';
import type { Annotation, Program, Statement } from './ast.ts';
import { Lexer } from './lexer.ts';
import { ControlParser } from './parse-control.ts';
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

class Parser extends ControlParser {
  program(): Program {
    let version: string | undefined;
    if (this.is('OPENQASM')) {
      version = this.lexer.version();
      this.expect(';', 'after the version');
    }
    const body: Statement[] = [];
    while (this.lexer.kind !== 'end') body.push(this.statementOrScope());
    return { ...(version !== undefined && { version }), body };
  }

  protected override scope(why: string): readonly Statement[] {
    const open = this.lexer.start;
    this.expect('{', why);
    return this.deeper(() => {
      const body: Statement[] = [];
      while (!this.is('}')) {
        if (this.lexer.kind === 'end') throw this.lexer.error('the block that begins here is never closed', open);
        body.push(this.statementOrScope());
      }
      this.lexer.advance();
      return body;
    });
  }

  protected statementOrScope(): Statement {
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
    if (kind === 'name' || kind === 'integer' || kind === 'float' || kind === 'bits') return this.fromExpression();
    if (kind === 'keyword' && value === 'OPENQASM')
      throw lexer.error('OPENQASM and its version must be the first statement');
    if (this.isScalarType() || this.is('array')) return this.declarationOrCast();
    if (kind === 'keyword' && !['true', 'false', 'durationof'].includes(value))
      throw lexer.error(`a statement cannot begin with the word "${value}"`);
    return this.fromExpression();
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
        return this.forLoop(at);
      case 'if':
        return this.ifElse(at);
      case 'while': {
        next();
        const condition = this.condition('while');
        return { kind: 'while', at, condition, body: this.body('while') };
      }
      case 'switch':
        return this.switchCase(at);
      case 'return': {
        next();
        const value = this.is(';') ? undefined : this.right();
        end('after return');
        return { kind: 'return', at, ...(value && { value }) };
      }
      case 'barrier':
      case 'nop': {
        next();
        return {
          kind: word,
          at,
          operands: this.operandsToEnd(),
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
        return { kind: 'delay', at, duration, operands: this.operandsToEnd() };
      }
      case 'reset': {
        next();
        const operand = this.operand();
        end('after reset');
        return { kind: 'reset', at, operand };
      }
      case 'measure': {
        const value = this.measure();
        return this.into(at, value);
      }
      case 'cal':
        next();
        return { kind: 'cal', at, block: lexer.block() };
      case 'inv':
      case 'pow':
      case 'ctrl':
      case 'negctrl':
      case 'gphase':
        return this.modifiedGate(at);
    }
    return this.declaration(at, word);
  }
}
