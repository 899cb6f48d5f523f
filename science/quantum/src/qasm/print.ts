// A program as text again: one statement a line, two blanks of indent. Reading what is printed gives the same tree; comments and layout are not kept.
import type {
  Annotation,
  ArrayLiteral,
  ArrayReference,
  ArrayType,
  Expression,
  Index,
  IndexSet,
  Modifier,
  Operand,
  Parameter,
  ParameterType,
  Program,
  Range,
  Right,
  ScalarType,
  Statement,
} from './ast.ts';

/** The text of a program, ending with a line break. */
export function print(program: Program): string {
  const lines: string[] = [];
  if (program.version !== undefined) lines.push(`OPENQASM ${program.version};`);
  for (const s of program.body) lines.push(statement(s, ''));
  return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}

/** One statement, without a line break at its end. */
export function statement(s: Statement, indent: string): string {
  const notes = (s.annotations ?? []).map(
    (a: Annotation) => `${indent}@${a.keyword}${a.content === undefined ? '' : ` ${a.content}`}\n`,
  );
  return `${notes.join('')}${indent}${plain(s, indent)}`;
}

function block(body: readonly Statement[], indent: string): string {
  if (body.length === 0) return '{}';
  return `{\n${body.map(s => statement(s, `${indent}  `)).join('\n')}\n${indent}}`;
}

/** A branch or loop body: a block, or one statement kept as such on a line of its own (it may carry annotations or be a pragma). */
function body(s: Statement, indent: string): string {
  return s.kind === 'scope' && !s.annotations ? ` ${block(s.body, indent)}` : `\n${statement(s, `${indent}  `)}`;
}

function plain(s: Statement, indent: string): string {
  switch (s.kind) {
    case 'scope':
      return block(s.body, indent);
    case 'pragma':
      return `pragma ${s.content}`;
    case 'alias':
      return `let ${s.name} = ${s.parts.map(expression).join(' ++ ')};`;
    case 'assign':
      return `${operand(s.target)} ${s.op} ${right(s.value)};`;
    case 'barrier':
    case 'nop':
      return `${s.kind}${s.operands.length > 0 ? ` ${operands(s.operands)}` : ''};`;
    case 'box':
      return `box${size(s.duration)} ${block(s.body, indent)}`;
    case 'break':
    case 'continue':
    case 'end':
      return `${s.kind};`;
    case 'cal':
      return `cal {${s.block}}`;
    case 'defcalgrammar':
    case 'include':
      return `${s.kind} ${s.target.includes('"') ? `'${s.target}'` : `"${s.target}"`};`;
    case 'declare':
      return `${s.constant ? 'const ' : ''}${type(s.type)} ${s.name}${s.value === undefined ? '' : ` = ${right(s.value)}`};`;
    case 'io':
      return `${s.way} ${type(s.type)} ${s.name};`;
    case 'old-register':
      return `${s.type} ${s.name}${size(s.size)};`;
    case 'qubit':
      return `qubit${size(s.size)} ${s.name};`;
    case 'def':
      return `def ${s.name}(${s.parameters.map(parameter).join(', ')})${returns(s.returns)} ${block(s.body, indent)}`;
    case 'defcal': {
      const args = s.args
        ? `(${s.args.map(a => ('type' in a && 'name' in a ? parameter(a) : expression(a as Expression))).join(', ')})`
        : '';
      return `defcal ${s.target}${args} ${s.operands.join(', ')}${returns(s.returns)} {${s.block}}`;
    }
    case 'delay':
      return `delay[${expression(s.duration)}]${s.operands.length > 0 ? ` ${operands(s.operands)}` : ''};`;
    case 'expression':
      return `${expression(s.value)};`;
    case 'extern':
      return `extern ${s.name}(${s.parameters.map(parameterType).join(', ')})${returns(s.returns)};`;
    case 'for': {
      const v = s.values;
      const values = v.kind === 'range' ? `[${range(v)}]` : v.kind === 'set' ? set(v) : expression(v);
      return `for ${type(s.type)} ${s.name} in ${values}${body(s.body, indent)}`;
    }
    case 'gate-call':
      return `${s.modifiers.map(modifier).join('')}${s.name}${s.args ? `(${s.args.map(expression).join(', ')})` : ''}${size(s.duration)}${s.operands.length > 0 ? ` ${operands(s.operands)}` : ''};`;
    case 'gate':
      return `gate ${s.name}${s.parameters ? `(${s.parameters.join(', ')})` : ''} ${s.qubits.join(', ')} ${block(s.body, indent)}`;
    case 'if': {
      // An inner if without else would take our else: it is only ever there when the text had a block, which the tree keeps.
      const then = `if (${expression(s.condition)})${body(s.then, indent)}`;
      if (!s.otherwise) return then;
      return `${then}${s.then.kind === 'scope' ? ' ' : `\n${indent}`}else${body(s.otherwise, indent)}`;
    }
    case 'measure-into':
      return `${right(s.value)}${s.target ? ` -> ${operand(s.target)}` : ''};`;
    case 'reset':
      return `reset ${operand(s.operand)};`;
    case 'return':
      return `return${s.value === undefined ? '' : ` ${right(s.value)}`};`;
    case 'switch': {
      const inner = s.cases.map(
        c =>
          `${indent}  ${c.labels ? `case ${c.labels.map(expression).join(', ')}` : 'default'} ${block(c.body, `${indent}  `)}`,
      );
      return `switch (${expression(s.value)}) {${inner.length > 0 ? `\n${inner.join('\n')}\n${indent}` : ''}}`;
    }
    case 'while':
      return `while (${expression(s.condition)})${body(s.body, indent)}`;
  }
}

/** An expression; parentheses are those of the tree, which keeps them as written. */
export function expression(e: Expression): string {
  switch (e.kind) {
    case 'name':
      return e.name;
    case 'integer':
    case 'float':
      return e.text;
    case 'imaginary':
      return `${e.text}im`;
    case 'boolean':
      return String(e.value);
    case 'bits':
      return `"${e.text}"`;
    case 'time':
      return `${e.text}${e.unit}`;
    case 'hardware':
      return `$${e.index}`;
    case 'group':
      return `(${expression(e.inner)})`;
    case 'index':
      return `${expression(e.base)}[${index(e.index)}]`;
    case 'unary':
      return `${e.op}${expression(e.operand)}`;
    case 'binary':
      return `${expression(e.left)} ${e.op} ${expression(e.right)}`;
    case 'cast':
      return `${type(e.type)}(${expression(e.operand)})`;
    case 'durationof':
      return `durationof(${block(e.body, '').replaceAll('\n', ' ')})`;
    case 'call':
      return `${e.name}(${e.args.map(expression).join(', ')})`;
  }
}

function right(r: Right | ArrayLiteral): string {
  switch (r.kind) {
    case 'measure':
      return `measure ${operand(r.operand)}`;
    case 'quantum-call':
      return `${r.name}${r.args.length > 0 ? `(${r.args.map(expression).join(', ')})` : ''} ${operands(r.operands)}`;
    case 'array':
      return `{${r.items.map(right).join(', ')}}`;
    default:
      return expression(r);
  }
}

const operand = (o: Operand): string => `${o.name}${o.indices.map(i => `[${index(i)}]`).join('')}`;
const operands = (list: readonly Operand[]): string => list.map(operand).join(', ');
const set = (s: IndexSet): string => `{${s.items.map(expression).join(', ')}}`;
const index = (i: Index): string =>
  i.kind === 'set' ? set(i) : i.items.map(x => (x.kind === 'range' ? range(x) : expression(x))).join(', ');
const size = (e: Expression | undefined): string => (e === undefined ? '' : `[${expression(e)}]`);
const returns = (t: ScalarType | undefined): string => (t ? ` -> ${type(t)}` : '');

function range(r: Range): string {
  const part = (e: Expression | undefined) => (e === undefined ? '' : expression(e));
  return `${part(r.start)}:${r.step === undefined ? '' : `${expression(r.step)}:`}${part(r.stop)}`;
}

function modifier(m: Modifier): string {
  if (m.kind === 'inv') return 'inv @ ';
  if (m.kind === 'pow') return `pow(${expression(m.exponent)}) @ `;
  return `${m.kind}${m.count ? `(${expression(m.count)})` : ''} @ `;
}

function type(t: ScalarType | ArrayType): string {
  if (t.kind === 'array-type') return `array[${type(t.base)}, ${t.dimensions.map(expression).join(', ')}]`;
  if (t.kind === 'complex') return t.part ? `complex[${type(t.part)}]` : 'complex';
  return `${t.kind}${'size' in t ? size(t.size) : ''}`;
}

function reference(t: ArrayReference): string {
  const d = t.dimensions;
  return `${t.access} array[${type(t.base)}, ${'count' in d ? `#dim = ${expression(d.count)}` : d.map(expression).join(', ')}]`;
}

function parameterType(t: ParameterType): string {
  if (t.kind === 'array-reference') return reference(t);
  if (t.kind === 'qubit' || t.kind === 'qreg' || t.kind === 'creg') return `${t.kind}${size(t.size)}`;
  return type(t as ScalarType);
}

function parameter(p: Parameter): string {
  // The old words put the size after the name.
  if (p.type.kind === 'qreg' || p.type.kind === 'creg') return `${p.type.kind} ${p.name}${size(p.type.size)}`;
  return `${parameterType(p.type)} ${p.name}`;
}
