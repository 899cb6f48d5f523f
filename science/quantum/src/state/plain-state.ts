// State vector in plain TypeScript: the readable twin of the compiled kernel, used as its oracle and where WebAssembly is forbidden.
import type { Matrix } from '../circuit/matrix.ts';
import type { State } from './state.ts';

export function plainState(qubits: number): State {
  const size = 2 ** qubits;
  const a = new Float64Array(2 * size);
  a[0] = 1;

  function apply(matrix: Matrix, targets: ArrayLike<number>, controls: ArrayLike<number>, polarity: number): void {
    const t = targets.length;
    const T = 2 ** t;
    let mask = 0;
    let wanted = 0;
    for (let i = 0; i < controls.length; i++) {
      mask |= 1 << controls[i];
      if ((polarity >> i) & 1) wanted |= 1 << controls[i];
    }
    let targetMask = 0;
    for (let i = 0; i < t; i++) targetMask |= 1 << targets[i];
    const offset = new Int32Array(T);
    for (let k = 0; k < T; k++) for (let i = 0; i < t; i++) if ((k >> i) & 1) offset[k] |= 1 << targets[i];
    const old = new Float64Array(2 * T);
    for (let base = 0; base < size; base++) {
      if ((base & targetMask) !== 0 || (base & mask) !== wanted) continue;
      for (let k = 0; k < T; k++) {
        old[2 * k] = a[2 * (base | offset[k])];
        old[2 * k + 1] = a[2 * (base | offset[k]) + 1];
      }
      for (let r = 0; r < T; r++) {
        let re = 0;
        let im = 0;
        for (let c = 0; c < T; c++) {
          const mr = matrix[2 * (r * T + c)];
          const mi = matrix[2 * (r * T + c) + 1];
          re += mr * old[2 * c] - mi * old[2 * c + 1];
          im += mr * old[2 * c + 1] + mi * old[2 * c];
        }
        a[2 * (base | offset[r])] = re;
        a[2 * (base | offset[r]) + 1] = im;
      }
    }
  }

  return {
    qubits,
    apply,
    applyDiagonal(entries, targets) {
      for (let j = 0; j < size; j++) {
        let k = 0;
        for (let i = 0; i < targets.length; i++) k |= ((j >> targets[i]) & 1) << i;
        const re = a[2 * j];
        const im = a[2 * j + 1];
        a[2 * j] = entries[2 * k] * re - entries[2 * k + 1] * im;
        a[2 * j + 1] = entries[2 * k] * im + entries[2 * k + 1] * re;
      }
    },
    probabilityOfOne(qubit) {
      let p = 0;
      for (let j = 0; j < size; j++) if ((j >> qubit) & 1) p += a[2 * j] ** 2 + a[2 * j + 1] ** 2;
      return p;
    },
    collapse(qubit, outcome, probability) {
      const scale = 1 / Math.sqrt(probability);
      for (let j = 0; j < size; j++) {
        const keep = ((j >> qubit) & 1) === outcome ? scale : 0;
        a[2 * j] *= keep;
        a[2 * j + 1] *= keep;
      }
    },
    norm() {
      let p = 0;
      for (let i = 0; i < a.length; i++) p += a[i] ** 2;
      return p;
    },
    sample(sorted) {
      const out = new Float64Array(sorted.length);
      let j = 0;
      let sum = a[0] ** 2 + a[1] ** 2;
      // Rounding may leave the total a hair under 1: the last state with any weight takes the rest.
      let last = 0;
      for (let i = 0; i < sorted.length; i++) {
        while (sum <= sorted[i] && j < size - 1) {
          j += 1;
          const p = a[2 * j] ** 2 + a[2 * j + 1] ** 2;
          if (p > 0) last = j;
          sum += p;
        }
        out[i] = sum <= sorted[i] ? last : j;
      }
      return out;
    },
    amplitudes: () => a,
    load: from => a.set(from),
    clear() {
      a.fill(0);
      a[0] = 1;
    },
  };
}
