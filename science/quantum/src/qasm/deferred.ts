// Decisions on the outcome of one measurement that need not be made while a program is traced: `if (c[0]) x q[1];` is gates under a condition.
// Only what reads one bit and does nothing but gates can wait; everything else asks for the outcome.
import type { Expression, Index, Statement } from './ast.ts';
import type { Scope } from './scope.ts';
import type { Bit, Value } from './value.ts';

/** The bit that a condition reads, and the value it must have: c, c[i], !c, c == 1, c != 0 and the like. */
export function bitCondition(e: Expression): { readonly bit: Expression; readonly value: number } | undefined {
  switch (e.kind) {
    case 'name':
      return { bit: e, value: 1 };
    case 'index':
      return plainIndex(e.index) && e.base.kind === 'name' ? { bit: e, value: 1 } : undefined;
    case 'group':
      return bitCondition(e.inner);
    case 'unary': {
      const inner = e.op === '!' ? bitCondition(e.operand) : undefined;
      return inner && { bit: inner.bit, value: 1 - inner.value };
    }
    case 'binary': {
      const right = e.op === '==' || e.op === '!=' ? zeroOrOne(e.right) : undefined;
      const inner = right === undefined ? undefined : bitCondition(e.left);
      return inner && { bit: inner.bit, value: (right === 1) === (e.op === '==') ? inner.value : 1 - inner.value };
    }
    default:
      return undefined;
  }
}

/** The measurement behind a value of one bit whose outcome is not known yet. */
export function measurementOf(x: Value): number | undefined {
  const { kind, size } = x.type;
  const bit =
    kind === 'bit' || kind === 'bool' ? (x.v as Bit) : kind === 'bits' && size === 1 ? (x.v as Int32Array)[0] : 0;
  return bit < 2 ? undefined : bit - 2;
}

/** True when a statement does nothing but apply gates, whatever the state is. */
export function onlyGates(s: Statement | undefined, scope: Scope): boolean {
  switch (s?.kind) {
    case undefined:
    case 'barrier':
    case 'nop':
      return true;
    case 'gate-call':
      return scope.get(s.name)?.kind === 'gate';
    case 'scope':
      return s.body.every(inner => onlyGates(inner, scope));
    case 'for':
      return onlyGates(s.body, scope);
    default:
      return false;
  }
}

const plainIndex = (index: Index): boolean =>
  index.kind === 'list' && index.items.every(i => i.kind === 'integer' || i.kind === 'name' || i.kind === 'unary');

function zeroOrOne(e: Expression): 0 | 1 | undefined {
  if (e.kind === 'boolean') return e.value ? 1 : 0;
  return e.kind === 'integer' && (e.text === '0' || e.text === '1') ? (Number(e.text) as 0 | 1) : undefined;
}
