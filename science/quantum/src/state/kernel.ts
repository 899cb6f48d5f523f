// The compiled kernel with its memory: places for matrices, tables, one cache block and the state, and calls for each kind of step.
import type { Matrix } from '../circuit/matrix.ts';
import { wasmBase64 } from '../generated/state.wasm.ts';
import type { Step } from './lower.ts';

type Exports = Readonly<Record<string, (...args: number[]) => number>>;

/** Qubits of a block that is worked on inside the cache: 2^14 amplitudes, 256 KiB. */
export const BLOCK_QUBITS = 14;
/** Bits of a chunk in a pass of phases: 2^8 amplitudes, 4 KiB. */
const CHUNK = 8;
const MATRIX = 2 ** 16;
const TABLES = 2 ** 16;

let compiled: WebAssembly.Module | undefined;

export interface Kernel {
  /** Where the state begins, and where a block is put. */
  readonly state: number;
  readonly block: number;
  /** Doubles of the whole memory; take it afresh after `reserve`. */
  doubles(): Float64Array;
  /** Does one step on 2^n amplitudes at an address. */
  step(step: Step, at: number, n: number): void;
  /** Does a run of phases on at most two bits each in one pass. */
  phases(run: readonly (Step & { kind: 'phase' })[], at: number, n: number): void;
  readonly call: Exports;
  /** Writes whole numbers for the kernel to read; gives their address. */
  numbers(list: ArrayLike<number>, slot: number): number;
}

/** A kernel with room for a state of n qubits. Throws RangeError where the memory is refused. */
export function kernel(qubits: number): Kernel {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(wasmBase64), c => c.charCodeAt(0)));
  const instance = new WebAssembly.Instance(compiled, {
    env: {
      abort() {
        throw new Error('the state vector kernel stopped');
      },
    },
  });
  const memory = instance.exports['memory'] as WebAssembly.Memory;
  const call = instance.exports as unknown as Exports;
  const matrix = call['base']();
  const lists = matrix + MATRIX;
  const tables = lists + MATRIX;
  const work = tables + TABLES;
  const block = work + TABLES;
  const state = block + 2 ** (BLOCK_QUBITS + 4);
  const bytes = state + 2 ** (qubits + 4);
  const pages = Math.ceil((bytes - memory.buffer.byteLength) / 65536);
  if (pages > 0) memory.grow(pages);
  let f64 = new Float64Array(memory.buffer);
  let u32 = new Uint32Array(memory.buffer);
  if (f64.byteLength === 0) {
    f64 = new Float64Array(memory.buffer);
    u32 = new Uint32Array(memory.buffer);
  }

  /** Up to four lists at a time, 16 KiB each. */
  function numbers(list: ArrayLike<number>, slot: number): number {
    const at = lists + slot * 16384;
    u32.set(list, at >> 2);
    return at;
  }
  const sortedBits = (bits: readonly number[]): number =>
    numbers(
      [...bits].sort((a, b) => a - b),
      0,
    );
  const mask = (on: readonly number[], wanted: number): number => {
    let m = 0;
    for (let i = 0; i < on.length; i++) if ((wanted >> i) & 1) m |= 1 << on[i];
    return m;
  };

  function put(m: Matrix): void {
    f64.set(m, matrix >> 3);
  }

  function step(s: Step, at: number, n: number): void {
    switch (s.kind) {
      case 'phase':
        call['applyPhase'](at, n, mask(s.on, s.wanted), sortedBits(s.on), s.on.length, s.re, s.im);
        return;
      case 'flip':
        call['applyFlip'](at, n, s.target, mask(s.on, s.wanted), sortedBits([s.target, ...s.on]), s.on.length + 1);
        return;
      case 'matrix': {
        put(s.matrix);
        if (s.targets.length === 1) {
          const [q] = s.targets;
          if (s.on.length > 0)
            call['applyControlled'](at, n, q, mask(s.on, s.wanted), sortedBits([q, ...s.on]), s.on.length + 1, matrix);
          else call[isReal(s.matrix) ? 'apply1real' : 'apply1'](at, n, q, matrix);
          return;
        }
        if (s.targets.length === 2 && s.on.length === 0) {
          call['apply2'](at, n, s.targets[0], s.targets[1], matrix);
          return;
        }
        const t = s.targets.length;
        const offsets = Array.from({ length: 2 ** t }, (_, r) =>
          s.targets.reduce((sum, q, i) => sum + ((r >> i) & 1) * 2 ** (q + 4), 0),
        );
        const bits = [...s.targets, ...s.on];
        call['applyMany'](
          at,
          n,
          t,
          mask(s.on, s.wanted),
          sortedBits(bits),
          bits.length,
          numbers(offsets, 1),
          matrix,
          work,
        );
      }
    }
  }

  function phases(run: readonly (Step & { kind: 'phase' })[], at: number, n: number): void {
    const linear = new Float64Array(2 * n);
    const pairs = new Float64Array(2 * n * n);
    for (let i = 0; i < linear.length; i += 2) linear[i] = 1;
    for (let i = 0; i < pairs.length; i += 2) pairs[i] = 1;
    const constant = Float64Array.of(1, 0);
    const by = (list: Float64Array, i: number, re: number, im: number) => {
      const x = list[2 * i];
      const y = list[2 * i + 1];
      list[2 * i] = x * re - y * im;
      list[2 * i + 1] = x * im + y * re;
    };
    for (const { on, wanted, re, im } of run) {
      if (on.length === 0) by(constant, 0, re, im);
      else if (on.length === 1) {
        // Where the bit is 0: everywhere, taken back where it is 1.
        if (wanted & 1) by(linear, on[0], re, im);
        else {
          by(constant, 0, re, im);
          by(linear, on[0], re, -im);
        }
      } else {
        const [a, b] = on;
        const pair = Math.min(a, b) * n + Math.max(a, b);
        if (wanted === 3) by(pairs, pair, re, im);
        else if (wanted === 0) {
          by(constant, 0, re, im);
          by(linear, a, re, -im);
          by(linear, b, re, -im);
          by(pairs, pair, re, im);
        } else {
          by(linear, wanted === 1 ? a : b, re, im);
          by(pairs, pair, re, -im);
        }
      }
    }
    const conjugates = pairs.map((v, i) => (i & 1 ? -v : v));
    const low = Math.min(n, CHUNK);
    // The matrix area holds the linear factors, then both tables of pairs: 2 n^2 complex numbers, 23 KiB at 27 qubits.
    const l = matrix;
    const p = l + 16 * n;
    const c = p + 16 * n * n;
    f64.set(linear, l >> 3);
    f64.set(pairs, p >> 3);
    f64.set(conjugates, c >> 3);
    call['fillTable'](n, low, p, tables);
    call['applyQuadratic'](at, n, low, l, p, c, tables, constant[0], constant[1]);
  }

  f64[state >> 3] = 1;
  return { state, block, doubles: () => f64, step, phases, call, numbers };
}

function isReal(m: Matrix): boolean {
  for (let i = 1; i < m.length; i += 2) if (m[i] !== 0) return false;
  return true;
}
