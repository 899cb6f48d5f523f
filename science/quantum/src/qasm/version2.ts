// Programs of OpenQASM 2 as programs of version 3 (Cross, Bishop, Smolin, Gambetta, arXiv:1707.03429). The statements are the same; what
// differs in the parameters of gates: whole numbers divide as reals, `^` is a power, the logarithm is `ln`. CX is there without an include.
import type { Expression, Program, Statement, StatementOf } from './ast.ts';

/** True for the version line of a program of version 2. */
export function isVersion2(program: Program): boolean {
  return /^2(\.|$)/.test(program.version ?? '');
}

/** The text with version 3's sign of a power. No other `^` is in the language. */
export function withPowers(text: string): string {
  return text.replaceAll('^', '**');
}

/** The gate that version 2 has beside U, for programs that include no file with it. */
export const CX_OF_VERSION_2 = 'gate CX a, b { ctrl @ gphase(-pi/2) a; ctrl @ U(pi, 0, pi) a, b; }\n';

/** The tree with parameters as version 3 reads them. */
export function fromVersion2(program: Program): Program {
  return { version: '3.0', body: program.body.map(upgrade) };
}

function upgrade(s: Statement): Statement {
  switch (s.kind) {
    case 'gate-call':
      return gateCall(s);
    case 'gate':
      return { ...s, body: s.body.map(upgrade) };
    case 'if': {
      const then = upgrade(s.then);
      return { ...s, then };
    }
    default:
      return s;
  }
}

function gateCall(s: StatementOf<'gate-call'>): Statement {
  return s.args ? { ...s, args: s.args.map(real) } : s;
}

function real(e: Expression): Expression {
  switch (e.kind) {
    case 'integer':
      return { ...e, kind: 'float', text: `${e.text}.0` };
    case 'group':
      return { ...e, inner: real(e.inner) };
    case 'unary':
      return { ...e, operand: real(e.operand) };
    case 'binary':
      return { ...e, left: real(e.left), right: real(e.right) };
    case 'call':
      return { ...e, name: e.name === 'ln' ? 'log' : e.name, args: e.args.map(real) };
    default:
      return e;
  }
}
