// What an integration of a column did, kept in the kernel's memory (assembly/column/tape.ts), so that a small difference of its start can be led to its end.
import { ALPHA, GAMMA, type Recorder } from '../stiff/bdf.ts';
import type { Column } from './column.ts';
import { age, type Kernel, kernelOf } from './kernel.ts';

/** A stretch of the kernel's memory; it is there until tapes are forgotten or a column of other cells is laid out. */
export interface Tape extends Recorder {
  readonly age: number;
  readonly from: number;
  to: number;
}

/** A tape that takes down an integration of the column in `kernel`; without one, that of a step that is left out. */
export function tapeOf(kernel?: () => Kernel): Tape {
  const start = kernel?.().k.mark() ?? 0;
  return {
    age: age(),
    from: start,
    to: start,
    change(order, matrix) {
      const { k, at } = kernel!();
      at.record.set(matrix);
      k.keepChange(order);
      this.to = k.mark();
    },
    step(order, c) {
      const { k, at } = kernel!();
      for (let i = 1; i <= order; i++) at.record[i] = GAMMA[i] / ALPHA[order];
      k.keepStep(order, c);
      this.to = k.mark();
    },
  };
}

/** Overwrites `y`, a small difference of the unknowns of `c` at the start of the tape, with that at its end; `source` is added to their derivatives all the way. */
export function propagate(c: Column, tape: Tape, y: Float64Array, source?: Float64Array): void {
  const { k, at } = kernelOf(c, { kind: 'closed' }, { kind: 'closed' })();
  if (tape.age !== age()) throw new Error('this tape has been forgotten');
  at.difference.set(y);
  if (source) at.source.set(source);
  k.propagate(tape.from, tape.to, source ? 1 : 0);
  y.set(at.difference);
}
