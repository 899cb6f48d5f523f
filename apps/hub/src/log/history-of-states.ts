// States at published sizes, kept until a final checkpoint has passed them: finality is judged by the state at the last final one.
import type { State } from '@madang/charter';

export class StatesBySize {
  private readonly states = new Map<number, State>();

  put(size: number, state: State): void {
    this.states.set(size, state);
  }

  get(size: number): State | undefined {
    return this.states.get(size);
  }

  forgetBelow(size: number): void {
    for (const s of this.states.keys()) if (s < size) this.states.delete(s);
  }
}
