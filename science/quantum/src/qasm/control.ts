// Control flow of a running program: decisions, loops, switch; every turn is counted, so that a program that never ends is told so.
import type { Statement, StatementOf } from './ast.ts';
import { convert } from './convert.ts';
import { bitCondition, measurementOf, onlyGates } from './deferred.ts';
import { BREAK, END, type Flow, NEXT, RETURN } from './flow.ts';
import { Scope } from './scope.ts';
import type { Position } from './source.ts';
import { elements } from './store.ts';
import { SubroutineCaller } from './subroutines.ts';
import { type ArrayView, bitType, type Type, toIndex, truth, typeName, type Value } from './value.ts';

export abstract class ControlFlow extends SubroutineCaller {
  protected abstract readonly maxSteps: number;
  #steps = 0;

  protected abstract do(s: Statement, scope: Scope): Flow;

  protected ifElse(s: StatementOf<'if'>, scope: Scope): Flow {
    if (this.#deferred(s, scope)) return NEXT;
    const c = this.evaluate(s.condition, scope);
    this.at = s.condition.at;
    if (truth(c, this.hooks)) return this.inner(s.then, scope);
    return s.otherwise ? this.inner(s.otherwise, scope) : NEXT;
  }

  /** Leaves the decision to the machine where it can wait: gates on the outcome of one measurement. */
  #deferred(s: StatementOf<'if'>, scope: Scope): boolean {
    const { machine } = this;
    if (!machine.when || this.inGate) return false;
    const c = bitCondition(s.condition);
    const measurement = c && measurementOf(this.evaluate(c.bit, scope));
    if (measurement === undefined || !onlyGates(s.then, scope) || !onlyGates(s.otherwise, scope)) return false;
    const { value } = c!;
    machine.when(measurement, value, () => void this.inner(s.then, scope));
    if (s.otherwise) machine.when(measurement, 1 - value, () => void this.inner(s.otherwise!, scope));
    return true;
  }

  protected tick(at: Position): void {
    if (++this.#steps > this.maxSteps)
      this.stop(`the program has not ended after ${this.maxSteps} statements`, at, 'too-large');
  }

  protected whileLoop(s: StatementOf<'while'>, scope: Scope): Flow {
    for (;;) {
      const c = this.evaluate(s.condition, scope);
      this.at = s.condition.at;
      if (!truth(c, this.hooks)) return NEXT;
      this.tick(s.at);
      const flow = this.inner(s.body, scope);
      if (flow === BREAK) return NEXT;
      if (flow === RETURN || flow === END) return flow;
    }
  }

  protected forLoop(s: StatementOf<'for'>, scope: Scope): Flow {
    const type = this.type(s.type, scope);
    const inner = new Scope(scope);
    const once = (v: Value): Flow => {
      this.tick(s.at);
      this.at = s.at;
      inner.put(s.name, {
        kind: 'variable',
        type,
        v: convert(v, type, false, this.hooks).v,
        fixed: false,
        constant: false,
      });
      return this.inner(s.body, inner);
    };
    if (s.values.kind === 'range') {
      const { count, at } = this.span(s.values, scope);
      const least = leastOperations(s.body);
      if (this.operations + least * count > this.maxOperations)
        this.stop(
          `this loop runs ${count} times and takes more than the limit of ${this.maxOperations} operations`,
          s.at,
          'too-large',
        );
      if (this.#steps + count > this.maxSteps)
        this.stop(
          `this loop runs ${count} times, more than the limit of ${this.maxSteps} statements`,
          s.at,
          'too-large',
        );
      const of: Type = { kind: 'int', size: 0 };
      for (let i = 0; i < count; i++) {
        const flow = once({ type: of, v: at(i) });
        if (flow === BREAK) return NEXT;
        if (flow === RETURN || flow === END) return flow;
      }
      return NEXT;
    }
    for (const v of this.#items(s.values, scope)) {
      const flow = once(v);
      if (flow === BREAK) return NEXT;
      if (flow === RETURN || flow === END) return flow;
    }
    return NEXT;
  }

  #items(values: Exclude<StatementOf<'for'>['values'], { kind: 'range' }>, scope: Scope): readonly Value[] {
    if (values.kind === 'set') return values.items.map(e => this.evaluate(e, scope));
    const x = this.evaluate(values, scope);
    if (x.type.kind === 'bits') return Array.from(x.v as Int32Array, (v): Value => ({ type: bitType, v }));
    if (x.type.kind === 'array' && x.type.shape!.length === 1)
      return elements(x.v as ArrayView).map(v => ({ type: x.type.base!, v }) as Value);
    return this.stop(`a loop cannot run over ${typeName(x.type)}`, values.at, 'meaning');
  }

  protected switchCase(s: StatementOf<'switch'>, scope: Scope): Flow {
    const x = this.evaluate(s.value, scope);
    this.at = s.value.at;
    const n = toIndex(x, this.hooks);
    for (const c of s.cases) {
      if (c.labels && !c.labels.some(l => toIndex(this.evaluate(l, scope), this.hooks) === n)) continue;
      return this.block(c.body, new Scope(scope));
    }
    return NEXT;
  }

  protected inner(s: Statement, scope: Scope): Flow {
    return s.kind === 'scope' ? this.block(s.body, new Scope(scope)) : this.do(s, new Scope(scope));
  }
}

/** Operations that a statement surely takes; enough to refuse a loop of ten million gates before it starts. */
function leastOperations(s: Statement): number {
  if (s.kind === 'gate-call' || s.kind === 'reset') return 1;
  if (s.kind === 'scope' || s.kind === 'box') {
    let n = 0;
    for (const inner of s.body) {
      if (
        inner.kind === 'break' ||
        inner.kind === 'continue' ||
        inner.kind === 'end' ||
        inner.kind === 'return' ||
        inner.kind === 'if'
      )
        return n;
      n += leastOperations(inner);
    }
    return n;
  }
  return 0;
}
