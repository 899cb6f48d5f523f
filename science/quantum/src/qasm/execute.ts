// Runs a checked program statement by statement on a machine: a recorder (the whole circuit at once) or a simulator (one shot).
// What may not happen in good order is thrown as QuantumError with line and column; limits are asked before memory is taken.
import type { Machine } from '../circuit/circuit.ts';
import { standardGates } from '../circuit/standard.ts';
import type {
  ArrayLiteral,
  ArrayReference,
  Expression,
  Index,
  Measure,
  Operand,
  Parameter,
  QuantumCall,
  Right,
  ScalarType,
  Statement,
  StatementOf,
} from './ast.ts';
import { GateCaller } from './gate-calls.ts';
import { type Loaded, STANDARD_FILE } from './load.ts';
import { binary } from './operate.ts';
import { type Entry, Scope, type Variable } from './scope.ts';
import type { Position } from './source.ts';
import {
  type ArrayView,
  bitType,
  convert,
  type Type,
  toIndex,
  truth,
  typeName,
  type Value,
  type Whole,
  wholeOfBits,
  wrap,
  zero,
} from './value.ts';

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

class Executor extends GateCaller {
  readonly #loaded: Loaded;
  readonly #options: ExecuteOptions;
  protected readonly maxOperations: number;
  readonly #maxSteps: number;
  readonly #order: string[] = [];
  #steps = 0;
  #calls = 0;
  #returned: Value | undefined;

  constructor(loaded: Loaded, machine: Machine, options: ExecuteOptions) {
    super(machine, loaded.sources);
    this.#loaded = loaded;
    this.#options = options;
    this.maxOperations = options.maxOperations ?? DEFAULT_MAX_OPERATIONS;
    this.#maxSteps = options.maxSteps ?? 50_000_000;
  }

  run(): Executed {
    try {
      this.block(this.#loaded.program.body, this.global);
    } catch (error) {
      if (!(error instanceof EndOfProgram)) throw error;
    }
    const outputs = this.#order.map((name): Output => {
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
        this.#assign(s, scope);
        return NEXT;
      case 'for':
        return this.#for(s, scope);
      case 'if': {
        const c = this.evaluate(s.condition, scope);
        this.at = s.condition.at;
        if (truth(c, this.hooks)) return this.#inner(s.then, scope);
        return s.otherwise ? this.#inner(s.otherwise, scope) : NEXT;
      }
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
        return this.block(s.body, new Scope(scope));
      case 'break':
        return BREAK;
      case 'continue':
        return CONTINUE;
      case 'end':
        return END;
      case 'return':
        this.#returned = s.value ? this.#right(s.value, scope) : undefined;
        return RETURN;
      case 'measure-into': {
        const value = this.#right(s.value, scope, s.target !== undefined);
        if (s.target && value) this.#store(s.target, value, scope, s.at);
        return NEXT;
      }
      case 'reset': {
        if (this.inGate) this.stop('a gate cannot reset a qubit', s.at, 'meaning');
        const { ids } = this.operandQubits(s.operand, scope);
        this.count(ids.length, s.at);
        for (const q of ids) this.machine.reset(q);
        return NEXT;
      }
      case 'barrier':
      case 'nop':
      case 'delay':
        // Nothing happens to an ideal state; the qubits must exist.
        this.qubitsOf(s.operands, scope);
        return NEXT;
      case 'expression':
        if (s.value.kind === 'call') this.callSubroutine(s.value.name, s.value.args, [], s.at, scope);
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
        this.#declare(s, scope);
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

  #tick(at: Position): void {
    if (++this.#steps > this.#maxSteps)
      this.stop(`the program has not ended after ${this.#maxSteps} statements`, at, 'too-large');
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
  #right(r: Right, scope: Scope, needed: false | boolean): Value | undefined;
  #right(r: Right, scope: Scope): Value;
  #right(r: Right, scope: Scope, needed = true): Value | undefined {
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

  #assign(s: StatementOf<'assign'>, scope: Scope): void {
    let value = this.#right(s.value, scope);
    if (s.op !== '=') {
      const old = this.#read(s.target, scope);
      this.at = s.at;
      value = binary(s.op.slice(0, -1) as Parameters<typeof binary>[0], old, value, this.hooks);
    }
    this.#store(s.target, value, scope, s.at);
  }

  #read(target: Operand, scope: Scope): Value {
    let e: Expression = { kind: 'name', at: target.at, name: target.name };
    for (const index of target.indices) e = { kind: 'index', at: target.at, base: e, index };
    return this.evaluate(e, scope);
  }

  #store(target: Operand, value: Value, scope: Scope, at: Position): void {
    const entry = this.lookup(target.name, target.at, scope);
    this.at = at;
    if (entry.kind === 'bit-alias') {
      const to = this.#places(target.indices, entry.index.length, scope);
      const bits = this.#bitsFor(value, to);
      for (const [i, k] of to.at.entries()) entry.stores[k][entry.index[k]] = bits[i];
      return;
    }
    if (entry.kind !== 'variable')
      this.stop(`"${target.name}" is not a variable and cannot be assigned`, target.at, 'meaning');
    if (entry.fixed) this.stop(`"${target.name}" cannot be changed`, target.at, 'meaning');
    if (entry.type.kind === 'array') {
      this.#storeArray(entry, target, value, scope);
      return;
    }
    if (entry.type.kind === 'bits') {
      const store = entry.v as Int32Array;
      if (target.indices.length === 0) {
        store.set(convert(value, entry.type, false, this.hooks).v as Int32Array);
        return;
      }
      const to = this.#places(target.indices, store.length, scope);
      const bits = this.#bitsFor(value, to);
      for (const [i, k] of to.at.entries()) store[k] = bits[i];
      return;
    }
    entry.v =
      target.indices.length === 0
        ? convert(value, entry.type, false, this.hooks).v
        : this.#withBits({ type: entry.type, v: entry.v } as Value, target.indices, value, scope);
  }

  /** A whole number or angle with some of its bits replaced. */
  #withBits(old: Value, indices: readonly Index[], value: Value, scope: Scope): Whole {
    const bits = this.bitsOf(old).slice();
    const to = this.#places(indices, bits.length, scope);
    const given = this.#bitsFor(value, to);
    for (const [i, k] of to.at.entries()) bits[k] = given[i];
    return wrap(wholeOfBits(bits, this.hooks), old.type.kind === 'int' ? 'int' : 'uint', bits.length);
  }

  #places(indices: readonly Index[], length: number, scope: Scope): { at: number[]; scalar: boolean } {
    let out = { at: Array.from({ length }, (_, i) => i), scalar: false };
    for (const index of indices) {
      if (out.scalar) this.stop('a single bit has no parts', this.at, 'meaning');
      const p = this.positions(index, out.at.length, scope);
      out = { at: p.at.map(i => out.at[i]), scalar: p.scalar };
    }
    return out;
  }

  #bitsFor(value: Value, to: { at: number[]; scalar: boolean }): Int32Array {
    if (to.scalar) return Int32Array.of(convert(value, bitType, false, this.hooks).v as number);
    return convert(value, { kind: 'bits', size: to.at.length }, false, this.hooks).v as Int32Array;
  }

  #storeArray(entry: Variable, target: Operand, value: Value, scope: Scope): void {
    let view = entry.v as ArrayView;
    const base = entry.type.base!;
    const rest = [...target.indices];
    while (rest.length > 0 && view.shape.length > 0) view = this.window(view, rest.shift()!, target.at, scope);
    this.at = target.at;
    if (rest.length > 0) {
      view.data[view.offset] = this.#withBits({ type: base, v: view.data[view.offset] } as Value, rest, value, scope);
      return;
    }
    if (view.shape.length === 0) {
      view.data[view.offset] = convert(value, base, false, this.hooks).v;
      return;
    }
    if (value.type.kind !== 'array' || value.type.shape!.join() !== view.shape.join())
      this.stop(
        `a value of type ${typeName(value.type)} does not have the shape ${view.shape.join(' x ')}`,
        target.at,
        'meaning',
      );
    const from = elements(value.v as ArrayView);
    for (const [i, k] of addresses(view).entries())
      view.data[k] = convert({ type: value.type.base!, v: from[i] } as Value, base, false, this.hooks).v;
  }

  #declare(s: Statement, scope: Scope): void {
    const add = (name: string, entry: Entry): void => {
      if (!scope.declare(name, entry)) this.stop(`"${name}" is declared already`, s.at, 'meaning');
      if (entry.kind === 'variable' && scope === this.global && !entry.constant) this.#order.push(name);
    };
    switch (s.kind) {
      case 'declare': {
        const type = this.type(s.type, scope);
        const v = s.value === undefined ? zero(type).v : this.#initial(s.value, type, scope);
        add(s.name, { kind: 'variable', type, v, fixed: s.constant, constant: s.constant });
        return;
      }
      case 'io': {
        const type = this.type(s.type, scope);
        const given = this.#options.inputs?.[s.name];
        if (s.way === 'input' && given === undefined)
          this.stop(`no value is given for the input "${s.name}" of type ${typeName(type)}`, s.at, 'runtime');
        this.at = s.at;
        const v = s.way === 'input' ? convert(given!, type, true, this.hooks).v : zero(type).v;
        add(s.name, { kind: 'variable', type, v, fixed: false, constant: false, role: s.way });
        return;
      }
      case 'old-register': {
        const n = s.size ? this.size(s.size, scope) : undefined;
        if (s.type === 'qreg') {
          add(s.name, { kind: 'qubits', ids: this.#newQubits(n ?? 1, s.at), scalar: n === undefined });
          return;
        }
        const type: Type = n === undefined ? bitType : { kind: 'bits', size: n };
        add(s.name, { kind: 'variable', type, v: zero(type).v, fixed: false, constant: false });
        return;
      }
      case 'qubit': {
        const n = s.size ? this.size(s.size, scope) : undefined;
        add(s.name, { kind: 'qubits', ids: this.#newQubits(n ?? 1, s.at), scalar: n === undefined });
        return;
      }
      case 'alias':
        add(s.name, this.#alias(s, scope));
        return;
      case 'gate':
      case 'def':
      case 'extern':
        add(s.name, { kind: s.kind, definition: s } as Entry);
        return;
      case 'include':
        if (s.target === STANDARD_FILE)
          for (const name of Object.keys(standardGates))
            if (!this.global.declare(name, { kind: 'gate', definition: 'standard' })) {
              const e = this.global.get(name);
              if (e?.kind !== 'gate' || e.definition !== 'standard')
                this.stop(`${STANDARD_FILE} defines "${name}", which is declared already`, s.at, 'meaning');
            }
    }
  }

  #newQubits(n: number, at: Position): Int32Array {
    return this.allocate(n, at, this.#options.maxQubits ?? 100_000);
  }

  #initial(value: Right | ArrayLiteral, type: Type, scope: Scope): Value['v'] {
    if (value.kind === 'array') {
      if (type.kind !== 'array')
        return this.stop(`a list of values cannot be assigned to ${typeName(type)}`, value.at, 'meaning');
      const fresh = zero(type).v as ArrayView;
      this.#fill(fresh, type, value, 0, 0, scope);
      return fresh;
    }
    const x = this.#right(value, scope);
    this.at = value.at;
    if (type.kind !== 'array') {
      const v = convert(x, type, false, this.hooks).v;
      return v instanceof Int32Array ? v.slice() : v;
    }
    if (x.type.kind !== 'array' || x.type.shape!.join() !== type.shape!.join())
      return this.stop(
        `a value of type ${typeName(x.type)} cannot be assigned to ${typeName(type)}`,
        value.at,
        'meaning',
      );
    const fresh = zero(type).v as ArrayView;
    for (const [i, v] of elements(x.v as ArrayView).entries())
      fresh.data[i] = convert({ type: x.type.base!, v } as Value, type.base!, false, this.hooks).v;
    return fresh;
  }

  #fill(view: ArrayView, type: Type, list: ArrayLiteral, depth: number, offset: number, scope: Scope): void {
    const shape = type.shape!;
    if (list.items.length !== shape[depth])
      this.stop(`${list.items.length} values for a dimension of ${shape[depth]}`, list.at, 'meaning');
    for (const [i, item] of list.items.entries()) {
      const at = offset + i * view.strides[depth];
      if (item.kind === 'array') {
        if (depth + 1 >= shape.length) this.stop(`the array has only ${shape.length} dimensions`, item.at, 'meaning');
        this.#fill(view, type, item, depth + 1, at, scope);
        continue;
      }
      const x = this.evaluate(item, scope);
      this.at = item.at;
      if (depth + 1 === shape.length) view.data[at] = convert(x, type.base!, false, this.hooks).v;
      else {
        if (x.type.kind !== 'array' || x.type.shape!.join() !== shape.slice(depth + 1).join())
          this.stop(`a value of type ${typeName(x.type)} does not fill a row of ${typeName(type)}`, item.at, 'meaning');
        for (const [k, v] of elements(x.v as ArrayView).entries())
          view.data[at + k] = convert({ type: x.type.base!, v } as Value, type.base!, false, this.hooks).v;
      }
    }
  }

  #alias(s: StatementOf<'alias'>, scope: Scope): Entry {
    const quantum = s.parts.map(p => this.expressionQubits(p, scope));
    if (quantum.every(q => q !== undefined)) {
      if (quantum.length === 1) return { kind: 'qubits', ...quantum[0] };
      const ids = Int32Array.from(quantum.flatMap(q => [...q.ids]));
      if (new Set(ids).size !== ids.length)
        this.stop('a register cannot be joined with a part of itself', s.at, 'meaning');
      return { kind: 'qubits', ids, scalar: false };
    }
    if (quantum.some(q => q !== undefined)) this.stop('qubits and classical bits cannot be joined', s.at, 'meaning');
    const stores: Int32Array[] = [];
    const index: number[] = [];
    for (const part of s.parts) {
      const [base, indices] = spine(part);
      const entry = base === undefined ? undefined : this.lookup(base, part.at, scope);
      this.at = part.at;
      const isBits = entry?.kind === 'variable' && entry.type.kind === 'bits';
      if (!entry || (!isBits && entry.kind !== 'bit-alias')) {
        // A value that is no register: the alias is a copy of it.
        if (s.parts.length > 1)
          return this.stop('only registers of bits or of qubits can be joined', part.at, 'meaning');
        const x = this.evaluate(part, scope);
        return { kind: 'variable', type: x.type, v: x.v, fixed: true, constant: false };
      }
      const length = entry.kind === 'variable' ? (entry.v as Int32Array).length : entry.index.length;
      for (const k of this.#places(indices, length, scope).at) {
        stores.push(entry.kind === 'variable' ? (entry.v as Int32Array) : entry.stores[k]);
        index.push(entry.kind === 'variable' ? k : entry.index[k]);
      }
    }
    return { kind: 'bit-alias', stores, index };
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

/** Where the elements of a window lie. */
function addresses(view: ArrayView): number[] {
  let out = [view.offset];
  for (const [d, size] of view.shape.entries())
    out = out.flatMap(k => Array.from({ length: size }, (_, i) => k + i * view.strides[d]));
  return out;
}
const elements = (view: ArrayView): Value['v'][] => addresses(view).map(k => view.data[k]);

/** The name at the bottom of an indexed expression, and its indices in order. */
function spine(e: Expression): [string | undefined, Index[]] {
  if (e.kind === 'name') return [e.name, []];
  if (e.kind === 'group') return spine(e.inner);
  if (e.kind !== 'index') return [undefined, []];
  const [name, indices] = spine(e.base);
  return [name, [...indices, e.index]];
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
