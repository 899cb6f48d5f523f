// What is known before a program runs: literals, `const` names and what is computed from them ("Compile-time constants" of the standard).
// sizeof counts as known; of a parameter with `#dim` it is not, which is left to the run.
import type { Expression, Index } from './ast.ts';
import { builtins } from './builtins.ts';

/** The first part of an expression that only a run can know, or undefined. `isConstant` says it of a name. */
export function runtimePart(e: Expression, isConstant: (name: string) => boolean): Expression | undefined {
  const first = (...parts: readonly (Expression | undefined)[]): Expression | undefined => {
    for (const p of parts) {
      const found = p && runtimePart(p, isConstant);
      if (found) return found;
    }
    return undefined;
  };
  switch (e.kind) {
    case 'name':
      return isConstant(e.name) ? undefined : e;
    case 'hardware':
      return e;
    case 'group':
      return first(e.inner);
    case 'unary':
    case 'cast':
      return first(e.operand);
    case 'binary':
      return first(e.left, e.right);
    case 'index':
      return first(e.base, ...partsOf(e.index));
    case 'call':
      if (e.name === 'sizeof') return undefined;
      return builtins[e.name] ? first(...e.args) : e;
    default:
      return undefined;
  }
}

function partsOf(index: Index): readonly (Expression | undefined)[] {
  return index.items.flatMap(i => (i.kind === 'range' ? [i.start, i.step, i.stop] : [i]));
}

/** The value of a label such as 3 or -1, where it can be read off. */
export function plainInteger(e: Expression): bigint | undefined {
  if (e.kind === 'group') return plainInteger(e.inner);
  if (e.kind === 'integer') return BigInt(e.text.replaceAll('_', '').toLowerCase());
  if (e.kind !== 'unary' || e.op !== '-') return undefined;
  const v = plainInteger(e.operand);
  return v === undefined ? undefined : -v;
}
