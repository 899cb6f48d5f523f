// Names in a program that is being checked: what they stand for, where they can be seen.
import { standardGates } from '../circuit/standard.ts';
import { type Loaded, STANDARD_FILE } from './load.ts';
import type { Position } from './source.ts';

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** What a name stands for, as far as it is known without running. */
export type Known =
  | { readonly kind: 'classical'; readonly fixed: boolean; readonly constant: boolean }
  | { readonly kind: 'qubits'; readonly parts: boolean }
  | { readonly kind: 'alias' }
  | { readonly kind: 'gate'; readonly angles: number; readonly qubits: number; readonly standard?: boolean }
  | { readonly kind: 'def' | 'extern'; readonly parameters: number };

export interface Where {
  readonly names: Map<string, Known>;
  readonly outer?: Where;
  readonly kind: 'global' | 'block' | 'gate' | 'def';
  readonly loop: boolean;
  /** Of a gate: its name, which its body may not call. Of a subroutine: whether it returns a value. */
  readonly gate?: string;
  readonly returns?: boolean;
}

/** "1 angle", "2 angles". */
export const several = (n: number | string, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

export abstract class NameChecker {
  protected readonly loaded: Loaded;
  protected readonly most: number;
  protected readonly problems: Problem[] = [];
  /** Gates that have a calibration; a call of one that has nothing else is told so. */
  protected readonly calibrated = new Set<string>();

  constructor(loaded: Loaded, most: number) {
    this.loaded = loaded;
    this.most = most;
  }

  protected say(message: string, at: Position): void {
    if (this.problems.length < this.most) this.problems.push({ ...this.loaded.sources.place(at), message });
  }

  /** The closest gate or subroutine body, or the program. */
  protected body(where: Where): Where {
    let w = where;
    while (w.kind === 'block' && w.outer) w = w.outer;
    return w;
  }

  protected home(where: Where): 'global' | 'block' | 'gate' | 'def' {
    return this.body(where).kind;
  }

  protected find(name: string, where: Where): Known | undefined {
    let closed = false;
    for (let w: Where | undefined = where; w; w = w.outer) {
      const k = w.names.get(name);
      if (
        k &&
        (!closed ||
          k.kind === 'gate' ||
          k.kind === 'def' ||
          k.kind === 'extern' ||
          (k.kind === 'classical' && k.constant))
      )
        return k;
      if (w.kind === 'gate' || w.kind === 'def') closed = true;
    }
    return undefined;
  }

  protected introduce(name: string, known: Known, at: Position, where: Where): void {
    const before = where.names.get(name);
    if (!before) where.names.set(name, known);
    else
      this.say(
        `"${name}" is declared already${before.kind === 'gate' && before.standard ? ` by ${STANDARD_FILE}` : ''}`,
        at,
      );
  }

  protected undeclaredGate(name: string, at: Position, where: Where): void {
    const hint =
      this.body(where).gate === name
        ? ': a gate cannot call itself'
        : this.calibrated.has(name)
          ? ' as a gate: it has only a calibration (defcal), which is not run here; give it a gate definition too'
          : standardGates[name]
            ? `; it is in ${STANDARD_FILE}: include "${STANDARD_FILE}";`
            : '';
    this.say(`"${name}" is not declared${hint}`, at);
  }
}
