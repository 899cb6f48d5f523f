// The tree of an OpenQASM 3 program as plain data: the grammar of the official reference (qasm3Parser.g4, version 3.2), one kind a rule.
// Comments and layout are not kept. `at` is where the node starts (source.ts).
import type { Position } from './source.ts';

export interface Program {
  /** "3.0" of `OPENQASM 3.0;`, if written. */
  readonly version?: string;
  readonly body: readonly Statement[];
}

export type BinaryOperator =
  | '**'
  | '*'
  | '/'
  | '%'
  | '+'
  | '-'
  | '<<'
  | '>>'
  | '<'
  | '<='
  | '>'
  | '>='
  | '=='
  | '!='
  | '&'
  | '^'
  | '|'
  | '&&'
  | '||';

export type Expression =
  | { readonly kind: 'name'; readonly at: Position; readonly name: string }
  /** As written, underscores kept: 0xFF_00. */
  | { readonly kind: 'integer'; readonly at: Position; readonly text: string }
  | { readonly kind: 'float'; readonly at: Position; readonly text: string }
  | { readonly kind: 'imaginary'; readonly at: Position; readonly text: string }
  | { readonly kind: 'boolean'; readonly at: Position; readonly value: boolean }
  /** Digits without quotes, highest bit first. */
  | { readonly kind: 'bits'; readonly at: Position; readonly text: string }
  | { readonly kind: 'time'; readonly at: Position; readonly text: string; readonly unit: TimeUnit }
  /** `$0`. */
  | { readonly kind: 'hardware'; readonly at: Position; readonly index: number }
  | { readonly kind: 'group'; readonly at: Position; readonly inner: Expression }
  | { readonly kind: 'index'; readonly at: Position; readonly base: Expression; readonly index: Index }
  | { readonly kind: 'unary'; readonly at: Position; readonly op: '~' | '!' | '-'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly at: Position;
      readonly op: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'cast';
      readonly at: Position;
      readonly type: ScalarType | ArrayType;
      readonly operand: Expression;
    }
  | { readonly kind: 'durationof'; readonly at: Position; readonly body: readonly Statement[] }
  | {
      readonly kind: 'call';
      readonly at: Position;
      readonly name: string;
      readonly args: readonly Expression[];
    };

export type TimeUnit = 'dt' | 'ns' | 'us' | 'µs' | 'ms' | 's';

export interface Range {
  readonly kind: 'range';
  readonly at: Position;
  readonly start?: Expression;
  readonly step?: Expression;
  readonly stop?: Expression;
}
export interface IndexSet {
  readonly kind: 'set';
  readonly at: Position;
  readonly items: readonly Expression[];
}
/** What stands in brackets: one set, or a list of expressions and ranges. */
export type Index = IndexSet | { readonly kind: 'list'; readonly items: readonly (Expression | Range)[] };

/** Right-hand sides that are more than an expression. */
export type Measure = { readonly kind: 'measure'; readonly at: Position; readonly operand: Operand };
export type QuantumCall = {
  readonly kind: 'quantum-call';
  readonly at: Position;
  readonly name: string;
  readonly args: readonly Expression[];
  readonly operands: readonly Operand[];
};
export type ArrayLiteral = {
  readonly kind: 'array';
  readonly at: Position;
  readonly items: readonly (Expression | ArrayLiteral)[];
};
export type Right = Expression | Measure | QuantumCall;

/** A qubit or register, possibly indexed; also the target of an assignment. */
export interface Operand {
  readonly at: Position;
  /** Name, or `$n` of a hardware qubit. */
  readonly name: string;
  readonly indices: readonly Index[];
}

export type ScalarType =
  | { readonly kind: 'bit' | 'int' | 'uint' | 'float' | 'angle'; readonly at: Position; readonly size?: Expression }
  | { readonly kind: 'bool' | 'duration' | 'stretch'; readonly at: Position }
  | { readonly kind: 'complex'; readonly at: Position; readonly part?: ScalarType };
export interface ArrayType {
  readonly kind: 'array-type';
  readonly at: Position;
  readonly base: ScalarType;
  readonly dimensions: readonly Expression[];
}
export interface ArrayReference {
  readonly kind: 'array-reference';
  readonly at: Position;
  readonly access: 'readonly' | 'mutable';
  readonly base: ScalarType;
  /** Sizes, or the number of dimensions. */
  readonly dimensions: readonly Expression[] | { readonly count: Expression };
}

export type ParameterType =
  | ScalarType
  | ArrayReference
  | { readonly kind: 'qubit' | 'qreg' | 'creg'; readonly at: Position; readonly size?: Expression };
export interface Parameter {
  readonly at: Position;
  readonly type: ParameterType;
  readonly name: string;
}

export type Modifier =
  | { readonly kind: 'inv'; readonly at: Position }
  | { readonly kind: 'pow'; readonly at: Position; readonly exponent: Expression }
  | { readonly kind: 'ctrl' | 'negctrl'; readonly at: Position; readonly count?: Expression };

export interface Annotation {
  readonly keyword: string;
  readonly content?: string;
}

interface Base {
  readonly at: Position;
  readonly annotations?: readonly Annotation[];
}

export type Statement = Base &
  (
    | { readonly kind: 'scope'; readonly body: readonly Statement[] }
    | { readonly kind: 'pragma'; readonly content: string }
    | { readonly kind: 'alias'; readonly name: string; readonly parts: readonly Expression[] }
    | {
        readonly kind: 'assign';
        readonly target: Operand;
        /** `=` or a compound such as `+=`. */
        readonly op: string;
        readonly value: Right;
      }
    | { readonly kind: 'barrier' | 'nop'; readonly operands: readonly Operand[] }
    | { readonly kind: 'box'; readonly duration?: Expression; readonly body: readonly Statement[] }
    | { readonly kind: 'break' | 'continue' | 'end' }
    | { readonly kind: 'cal'; readonly block: string }
    | { readonly kind: 'defcalgrammar' | 'include'; readonly target: string }
    | {
        readonly kind: 'declare';
        readonly type: ScalarType | ArrayType;
        readonly name: string;
        readonly value?: Right | ArrayLiteral;
        readonly constant: boolean;
      }
    | {
        readonly kind: 'io';
        readonly way: 'input' | 'output';
        readonly type: ScalarType | ArrayType;
        readonly name: string;
      }
    | {
        readonly kind: 'old-register';
        readonly type: 'creg' | 'qreg';
        readonly name: string;
        readonly size?: Expression;
      }
    | { readonly kind: 'qubit'; readonly name: string; readonly size?: Expression }
    | {
        readonly kind: 'def';
        readonly name: string;
        readonly parameters: readonly Parameter[];
        readonly returns?: ScalarType;
        readonly body: readonly Statement[];
      }
    | {
        readonly kind: 'defcal';
        readonly target: string;
        readonly args?: readonly (Expression | Parameter)[];
        readonly operands: readonly string[];
        readonly returns?: ScalarType;
        readonly block: string;
      }
    | { readonly kind: 'delay'; readonly duration: Expression; readonly operands: readonly Operand[] }
    | { readonly kind: 'expression'; readonly value: Expression }
    | {
        readonly kind: 'extern';
        readonly name: string;
        readonly parameters: readonly ParameterType[];
        readonly returns?: ScalarType;
      }
    | {
        readonly kind: 'for';
        readonly type: ScalarType;
        readonly name: string;
        readonly values: IndexSet | Range | Expression;
        readonly body: Statement;
      }
    | {
        readonly kind: 'gate-call';
        readonly modifiers: readonly Modifier[];
        readonly name: string;
        readonly args?: readonly Expression[];
        readonly duration?: Expression;
        readonly operands: readonly Operand[];
      }
    | {
        readonly kind: 'gate';
        readonly name: string;
        readonly parameters?: readonly string[];
        readonly qubits: readonly string[];
        readonly body: readonly Statement[];
      }
    | { readonly kind: 'if'; readonly condition: Expression; readonly then: Statement; readonly otherwise?: Statement }
    /** `measure q -> c;` or `f q -> c;`; the target may be left out. */
    | { readonly kind: 'measure-into'; readonly value: Measure | QuantumCall; readonly target?: Operand }
    | { readonly kind: 'reset'; readonly operand: Operand }
    | { readonly kind: 'return'; readonly value?: Right }
    | {
        readonly kind: 'switch';
        readonly value: Expression;
        /** No labels: `default`. */
        readonly cases: readonly { readonly labels?: readonly Expression[]; readonly body: readonly Statement[] }[];
      }
    | { readonly kind: 'while'; readonly condition: Expression; readonly body: Statement }
  );

export type StatementOf<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>;
