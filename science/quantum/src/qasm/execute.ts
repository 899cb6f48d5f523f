// Runs a checked program statement by statement on a machine: a recorder (the whole circuit at once) or a simulator (one shot). One walk in one file.
// What may not happen in good order is thrown as QuantumError with line and column; limits are asked before memory is taken.
import type { Machine } from '../circuit/circuit.ts';
import type {
  ArrayReference,
  Expression,
  Measure,
  Operand,
  Parameter,
  QuantumCall,
  Right,
  ScalarType,
  Statement,
  StatementOf,
} from './ast.ts';
import { bitCondition, measurementOf, onlyGates } from './deferred.ts';
import type { Loaded } from './load.ts';
import { type Entry, Scope, type Variable } from './scope.ts';
import type { Position } from './source.ts';
import { elements, Storer } from './store.ts';
import { type ArrayView, bitType, convert, type Type, toIndex, truth, typeName, type Value } from './value.ts';

/** How a statement ended. */
const NEXT = 0;
const BREAK = 1;
const CONTINUE = 2;
const RETURN = 3;
const END = 4;
type Flow = 0 | 1 | 2 | 3 | 4;

export interface ExecuteOptions {
  /** Values of `input` declarations. */
  readonly inputs?: Readonly<Record<string, Value>>;
  /** Largest number of gates, measurements and resets of one run; default 5,000,000. */
  readonly maxOperations?: number;
  /** Largest number of statements of one run, so that a program that never ends is told so; default 50,000,000. */
  readonly maxSteps?: number;
  /** Largest number of qubits declared; default 100,000. */
  readonly maxQubits?: number;
}

/** A classical variable of the global scope after a run, in the order of declaration; constants are left out. */
export interface Output {
  readonly name: string;
  readonly type: Type;
  readonly v: Value['v'];
  readonly role?: 'input' | 'output';
}

export interface Executed {
  readonly outputs: readonly Output[];
  readonly qubits: number;
  readonly operations: number;
}

export const DEFAULT_MAX_OPERATIONS = 5_000_000;
const DEEPEST_CALL = 200;

/** Runs a program once. */
export function execute(loaded: Loaded, machine: Machine, options: ExecuteOptions = {}): Executed {
  return new Executor(loaded, machine, options).run();
}

class Executor extends Storer {
  readonly #loaded: Loaded;
  protected readonly options: ExecuteOptions;
  protected readonly maxOperations: number;
  readonly #maxSteps: number;
  #steps = 0;
  #calls = 0;
  #returned: Value | undefined;

  constructor(loaded: Loaded, machine: Machine, options: ExecuteOptions) {
    super(machine, loaded.sources);
    this.#loaded = loaded;
    this.options = options;
    this.maxOperations = options.maxOperations ?? DEFAULT_MAX_OPERATIONS;
    this.#maxSteps = options.maxSteps ?? 50_000_000;
  }

  run(): Executed {
    try {
      this.block(this.#loaded.program.body, this.global);
    } catch (error) {
      // Subroutines within long expressions within subroutines: each is limited, their product only by the engine's stack.
      if (error instanceof RangeError && /call stack/.test(error.message))
        this.stop('subroutines and expressions are nested too deep', this.at, 'too-large');
      if (!(error instanceof EndOfProgram)) throw error;
    }
    const outputs = this.order.map((name): Output => {
      const e = this.global.get(name) as Variable;
      return { name, type: e.type, v: e.v, ...(e.role && { role: e.role }) };
    });
    return { outputs, qubits: this.qubits, operations: this.operations };
  }

  protected block(body: readonly Statement[], scope: Scope): Flow {
    for (const s of body) {
      const flow = this.#do(s, scope);
      if (flow !== NEXT) return flow;
    }
    return NEXT;
  }

  #inner(s: Statement, scope: Scope): Flow {
    return s.kind === 'scope' ? this.block(s.body, new Scope(scope)) : this.#do(s, new Scope(scope));
  }

  #do(s: Statement, scope: Scope): Flow {
    if (++this.#steps > this.#maxSteps)
      this.stop(`the program has not ended after ${this.#maxSteps} statements`, s.at, 'too-large');
    this.at = s.at;
    switch (s.kind) {
      case 'gate-call':
        this.callGate(s, scope);
        return NEXT;
      case 'assign':
        this.assign(s, scope);
        return NEXT;
      case 'for':
        return this.#for(s, scope);
      case 'if':
        return this.#if(s, scope);
      case 'while':
        for (;;) {
          const c = this.evaluate(s.condition, scope);
          this.at = s.condition.at;
          if (!truth(c, this.hooks)) return NEXT;
          this.#tick(s.at);
          const flow = this.#inner(s.body, scope);
          if (flow === BREAK) return NEXT;
          if (flow === RETURN || flow === END) return flow;
        }
      case 'switch':
        return this.#switch(s, scope);
      case 'scope':
        return this.block(s.body, new Scope(scope));
      case 'box':
        if (s.duration) this.#duration(s.duration, scope);
        return this.block(s.body, new Scope(scope));
      case 'break':
        return BREAK;
      case 'continue':
        return CONTINUE;
      case 'end':
        return END;
      case 'return':
        this.#returned = s.value ? this.right(s.value, scope) : undefined;
        return RETURN;
      case 'measure-into': {
        const value = this.right(s.value, scope, s.target !== undefined);
        if (s.target && value) this.store(s.target, value, scope, s.at);
        return NEXT;
      }
      case 'reset': {
        if (this.inGate) this.stop('a gate cannot reset a qubit', s.at, 'meaning');
        const { ids } = this.operandQubits(s.operand, scope);
        this.count(ids.length, s.at);
        for (const q of ids) this.machine.reset(q);
        return NEXT;
      }
      case 'delay':
        this.#duration(s.duration, scope);
        this.qubitsOf(s.operands, scope);
        return NEXT;
      case 'barrier':
      case 'nop':
        // Nothing happens to an ideal state; the qubits must exist.
        this.qubitsOf(s.operands, scope);
        return NEXT;
      case 'expression':
        if (s.value.kind === 'call' && scope.get(s.value.name))
          this.callSubroutine(s.value.name, s.value.args, [], s.at, scope);
        else this.evaluate(s.value, scope);
        return NEXT;
      case 'declare':
      case 'io':
      case 'old-register':
      case 'qubit':
      case 'alias':
      case 'gate':
      case 'def':
      case 'extern':
      case 'include':
        this.addName(s, scope);
        return NEXT;
      case 'pragma':
      case 'defcalgrammar':
        return NEXT;
      case 'cal':
      case 'defcal':
        // Pulses belong to hardware; a gate's meaning here is its unitary.
        return NEXT;
    }
  }

  #if(s: StatementOf<'if'>, scope: Scope): Flow {
    if (this.#deferred(s, scope)) return NEXT;
    const c = this.evaluate(s.condition, scope);
    this.at = s.condition.at;
    if (truth(c, this.hooks)) return this.#inner(s.then, scope);
    return s.otherwise ? this.#inner(s.otherwise, scope) : NEXT;
  }

  /** Leaves the decision to the machine where it can wait: gates on the outcome of one measurement. */
  #deferred(s: StatementOf<'if'>, scope: Scope): boolean {
    const { machine } = this;
    if (!machine.when || this.inGate) return false;
    const c = bitCondition(s.condition);
    const measurement = c && measurementOf(this.evaluate(c.bit, scope));
    if (measurement === undefined || !onlyGates(s.then, scope) || !onlyGates(s.otherwise, scope)) return false;
    const { value } = c!;
    machine.when(measurement, value, () => void this.#inner(s.then, scope));
    if (s.otherwise) machine.when(measurement, 1 - value, () => void this.#inner(s.otherwise!, scope));
    return true;
  }

  #tick(at: Position): void {
    if (++this.#steps > this.#maxSteps)
      this.stop(`the program has not ended after ${this.#maxSteps} statements`, at, 'too-large');
  }

  /** Time stands still here, but it must be one. */
  #duration(e: Expression, scope: Scope): void {
    const { type } = this.evaluate(e, scope);
    if (type.kind !== 'duration')
      this.stop(`a duration such as 10ns is expected here, not ${typeName(type)}`, e.at, 'meaning');
  }

  #for(s: StatementOf<'for'>, scope: Scope): Flow {
    const type = this.type(s.type, scope);
    const inner = new Scope(scope);
    const once = (v: Value): Flow => {
      this.#tick(s.at);
      this.at = s.at;
      inner.put(s.name, {
        kind: 'variable',
        type,
        v: convert(v, type, false, this.hooks).v,
        fixed: false,
        constant: false,
      });
      return this.#inner(s.body, inner);
    };
    if (s.values.kind === 'range') {
      const { start, step, count } = this.span(s.values, scope);
      const least = leastOperations(s.body);
      if (this.operations + least * count > this.maxOperations)
        this.stop(
          `this loop runs ${count} times and takes more than the limit of ${this.maxOperations} operations`,
          s.at,
          'too-large',
        );
      if (this.#steps + count > this.#maxSteps)
        this.stop(
          `this loop runs ${count} times, more than the limit of ${this.#maxSteps} statements`,
          s.at,
          'too-large',
        );
      const of: Type = { kind: 'int', size: 0 };
      for (let i = 0; i < count; i++) {
        const flow = once({ type: of, v: start + i * step });
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

  #switch(s: StatementOf<'switch'>, scope: Scope): Flow {
    const x = this.evaluate(s.value, scope);
    this.at = s.value.at;
    const n = toIndex(x, this.hooks);
    for (const c of s.cases) {
      if (c.labels && !c.labels.some(l => toIndex(this.evaluate(l, scope), this.hooks) === n)) continue;
      return this.block(c.body, new Scope(scope));
    }
    return NEXT;
  }

  /** An expression, measurement or call; `needed` false lets a call return nothing. */
  protected right(r: Right, scope: Scope, needed: false | boolean): Value | undefined;
  protected right(r: Right, scope: Scope): Value;
  protected right(r: Right, scope: Scope, needed = true): Value | undefined {
    if (r.kind === 'measure') return this.#measure(r, scope);
    if (r.kind !== 'quantum-call') return this.evaluate(r, scope);
    const v = this.#quantumCall(r, scope);
    if (!v && needed) this.stop(`${r.name} returns nothing, so it has no value`, r.at, 'meaning');
    return v;
  }

  #quantumCall(r: QuantumCall, scope: Scope): Value | undefined {
    return this.callSubroutine(r.name, r.args, r.operands, r.at, scope);
  }

  #measure(m: Measure, scope: Scope): Value {
    if (this.inGate) this.stop('a gate cannot measure', m.at, 'meaning');
    const { ids, scalar } = this.operandQubits(m.operand, scope);
    this.count(ids.length, m.at);
    const bits = Int32Array.from(ids, q => this.machine.measure(q));
    return scalar ? { type: bitType, v: bits[0] } : { type: { kind: 'bits', size: bits.length }, v: bits };
  }

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
    const result = flow === RETURN ? this.#returned : undefined;
    this.#returned = undefined;
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
}

/** `end` inside a subroutine ends the program. */
class EndOfProgram extends Error {}

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
