// Calls of subroutines: arguments by value, qubits and arrays by reference; and what else can stand right of an assignment.
import type { ArrayReference, Expression, Measure, Operand, Parameter, Right, ScalarType, Statement } from './ast.ts';
import { convert } from './convert.ts';
import { Declarer } from './declare.ts';
import { END, EndOfProgram, type Flow, RETURN } from './flow.ts';
import { type Entry, Scope } from './scope.ts';
import type { Position } from './source.ts';
import { bitType, type Type, typeName, type Value } from './value.ts';

const DEEPEST_CALL = 200;

export abstract class SubroutineCaller extends Declarer {
  #calls = 0;
  /** What the last `return` gave. */
  protected returned: Value | undefined;

  protected abstract override block(body: readonly Statement[], scope: Scope): Flow;

  protected callSubroutine(
    name: string,
    args: readonly Expression[],
    operands: readonly Operand[],
    at: Position,
    scope: Scope,
  ): Value | undefined {
    const entry = this.lookup(name, at, scope);
    if (entry.kind === 'extern')
      this.stop(
        `${name} is linked from outside the program (extern), which this simulator does not do`,
        at,
        'unsupported',
      );
    if (entry.kind !== 'def') return this.stop(`"${name}" is not a subroutine`, at, 'meaning');
    if (this.inGate) this.stop('a gate cannot call a subroutine', at, 'meaning');
    const { definition } = entry;
    const given = args.length + operands.length;
    if (given !== definition.parameters.length)
      this.stop(`${name} takes ${definition.parameters.length} arguments, not ${given}`, at, 'meaning');
    if (this.#calls >= DEEPEST_CALL) this.stop(`subroutines call each other more than ${DEEPEST_CALL} deep`, at);
    const inner = new Scope(this.global, true);
    const used = new Set<number>();
    // Qubits may be given in the parentheses or after them; each list keeps its order.
    const classical = [...args];
    const after = [...operands];
    for (const p of definition.parameters) {
      const wantsQubits = p.type.kind === 'qubit' || p.type.kind === 'qreg';
      const entryFor =
        wantsQubits && after.length > 0 && !(classical.length > 0 && this.expressionQubits(classical[0], scope))
          ? this.#qubitArgument(p, this.operandQubits(after.shift()!, scope), at, used)
          : this.#argument(p, classical.shift(), scope, at, used);
      if (!inner.declare(p.name, entryFor)) this.stop(`the parameter "${p.name}" is there twice`, p.at, 'meaning');
    }
    this.#calls += 1;
    const flow = this.block(definition.body, inner);
    this.#calls -= 1;
    const result = flow === RETURN ? this.returned : undefined;
    this.returned = undefined;
    if (flow === END) throw new EndOfProgram();
    this.at = at;
    if (!definition.returns) return result;
    if (!result) return this.stop(`${name} ended without returning a value`, at);
    return convert(result, this.type(definition.returns, inner), false, this.hooks);
  }

  #qubitArgument(p: Parameter, q: { ids: Int32Array; scalar: boolean }, at: Position, used: Set<number>): Entry {
    const t = p.type as { readonly size?: Expression };
    const n = t.size ? this.size(t.size, this.global) : undefined;
    if (n === undefined ? q.ids.length !== 1 : q.ids.length !== n)
      this.stop(
        `"${p.name}" takes ${n === undefined ? 'one qubit' : `${n} qubits`}, not ${q.ids.length}`,
        at,
        'meaning',
      );
    for (const id of q.ids) {
      if (used.has(id)) this.stop('the same qubit is given twice', at, 'meaning');
      used.add(id);
    }
    return { kind: 'qubits', ids: q.ids, scalar: n === undefined };
  }

  #argument(p: Parameter, e: Expression | undefined, scope: Scope, at: Position, used: Set<number>): Entry {
    if (!e) return this.stop(`a value for "${p.name}" is missing`, at, 'meaning');
    if (p.type.kind === 'qubit' || p.type.kind === 'qreg') {
      const q = this.expressionQubits(e, scope);
      if (!q) return this.stop(`"${p.name}" takes qubits`, e.at, 'meaning');
      return this.#qubitArgument(p, q, e.at, used);
    }
    const x = this.evaluate(e, scope);
    this.at = e.at;
    if (p.type.kind === 'array-reference') return this.#arrayArgument(p.type, p.name, x, e.at);
    const type: Type =
      p.type.kind === 'creg'
        ? p.type.size
          ? { kind: 'bits', size: this.size(p.type.size, this.global) }
          : bitType
        : this.type(p.type as ScalarType, this.global);
    const v = convert(x, type, false, this.hooks).v;
    return { kind: 'variable', type, v: v instanceof Int32Array ? v.slice() : v, fixed: false, constant: false };
  }

  #arrayArgument(t: ArrayReference, name: string, x: Value, at: Position): Entry {
    if (x.type.kind !== 'array') return this.stop(`"${name}" takes an array, not ${typeName(x.type)}`, at, 'meaning');
    const shape = x.type.shape!;
    const d = t.dimensions;
    if ('count' in d) {
      const n = this.size(d.count, this.global);
      if (n !== shape.length)
        this.stop(`"${name}" takes an array of ${n} dimensions, not ${shape.length}`, at, 'meaning');
    } else {
      const wanted = d.map(e => this.size(e, this.global));
      if (wanted.join() !== shape.join())
        this.stop(`"${name}" takes an array of ${wanted.join(' x ')}, not ${shape.join(' x ')}`, at, 'meaning');
    }
    const base = this.type(t.base, this.global);
    if (base.kind !== x.type.base!.kind || base.size !== x.type.base!.size)
      this.stop(`"${name}" takes elements of type ${typeName(base)}, not ${typeName(x.type.base!)}`, at, 'meaning');
    return { kind: 'variable', type: x.type, v: x.v, fixed: t.access === 'readonly', constant: false };
  }

  /** An expression, measurement or call; `needed` false lets a call return nothing. */
  protected right(r: Right, scope: Scope, needed: false | boolean): Value | undefined;
  protected right(r: Right, scope: Scope): Value;
  protected right(r: Right, scope: Scope, needed = true): Value | undefined {
    if (r.kind === 'measure') return this.#measure(r, scope);
    if (r.kind !== 'quantum-call') return this.evaluate(r, scope);
    const v = this.callSubroutine(r.name, r.args, r.operands, r.at, scope);
    if (!v && needed) this.stop(`${r.name} returns nothing, so it has no value`, r.at, 'meaning');
    return v;
  }

  #measure(m: Measure, scope: Scope): Value {
    if (this.inGate) this.stop('a gate cannot measure', m.at, 'meaning');
    const { ids, scalar } = this.operandQubits(m.operand, scope);
    this.count(ids.length, m.at);
    const bits = Int32Array.from(ids, q => this.machine.measure(q));
    return scalar ? { type: bitType, v: bits[0] } : { type: { kind: 'bits', size: bits.length }, v: bits };
  }
}
