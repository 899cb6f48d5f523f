// Runs a checked program statement by statement on a machine: a recorder (the whole circuit at once) or a simulator (one shot).
// What may not happen in good order is thrown as QuantumError with line and column; limits are asked before memory is taken.
import type { Machine } from '../circuit/circuit.ts';
import type { Expression, Statement } from './ast.ts';
import { ControlFlow } from './control.ts';
import { BREAK, CONTINUE, END, EndOfProgram, type Flow, NEXT, RETURN } from './flow.ts';
import type { Loaded } from './load.ts';
import { Scope, type Variable } from './scope.ts';
import { type Type, typeName, type Value } from './value.ts';

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

/** Runs a program once. */
export function execute(loaded: Loaded, machine: Machine, options: ExecuteOptions = {}): Executed {
  return new Executor(loaded, machine, options).run();
}

class Executor extends ControlFlow {
  readonly #loaded: Loaded;
  protected readonly options: ExecuteOptions;
  protected readonly maxOperations: number;
  protected readonly maxSteps: number;

  constructor(loaded: Loaded, machine: Machine, options: ExecuteOptions) {
    super(machine, loaded.sources);
    this.#loaded = loaded;
    this.options = options;
    this.maxOperations = options.maxOperations ?? DEFAULT_MAX_OPERATIONS;
    this.maxSteps = options.maxSteps ?? 50_000_000;
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
      const flow = this.do(s, scope);
      if (flow !== NEXT) return flow;
    }
    return NEXT;
  }

  protected do(s: Statement, scope: Scope): Flow {
    this.tick(s.at);
    this.at = s.at;
    switch (s.kind) {
      case 'gate-call':
        this.callGate(s, scope);
        return NEXT;
      case 'assign':
        this.assign(s, scope);
        return NEXT;
      case 'for':
        return this.forLoop(s, scope);
      case 'if':
        return this.ifElse(s, scope);
      case 'while':
        return this.whileLoop(s, scope);
      case 'switch':
        return this.switchCase(s, scope);
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
        this.returned = s.value ? this.right(s.value, scope) : undefined;
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

  /** Time stands still here, but it must be one. */
  #duration(e: Expression, scope: Scope): void {
    const { type } = this.evaluate(e, scope);
    if (type.kind !== 'duration')
      this.stop(`a duration such as 10ns is expected here, not ${typeName(type)}`, e.at, 'meaning');
  }
}
