// Writes passes over a state vector as the kernel reads them (assembly/state/passes.ts): words of 32 bits and doubles in one memory.
// A pass works on blocks of 2^k amplitudes whose k `inside` qubits may be any; what it holds on qubits outside is a condition or a constant of a block.
import type { Matrix } from '../circuit/matrix.ts';
import type { Kernel } from './kernel.ts';
import type { Step } from './lower.ts';

export type Phase = Step & { readonly kind: 'phase' };
/** A step, or a run of phases on at most two bits each that is done at once. */
export type Work = Step | { readonly kind: 'phases'; readonly run: readonly Phase[] };

const CODE = { phase: 0, exchange: 1, one: 2, oneReal: 3, oneCross: 4, controlled: 5, two: 6, many: 7, phases: 8 };
/** Bits of a chunk in a run of phases: 2^9 amplitudes, 8 KiB. */
const CHUNK = 9;
const OUTSIDE = 48;
const OFFSETS = 176;
const align = (x: number) => Math.ceil(x / 16) * 16;

/** An operation in the numbering of a block. */
interface Operation {
  readonly code: number;
  readonly x?: number;
  readonly y?: number;
  /** Bits outside that are read, and what they must be, in the numbering of the state. */
  readonly read: number;
  readonly must: number;
  /** Sorted places inside that are read or moved, and the values of those that are read. */
  readonly places: readonly number[];
  readonly wanted: number;
  readonly words?: readonly number[];
  readonly doubles?: ArrayLike<number>;
}

/** Collects passes and runs them when told, or when its room is full. */
export class PassWriter {
  readonly #k: Kernel;
  readonly #n: number;
  #at: number;
  #first = 0;
  #last = 0;

  constructor(k: Kernel, n: number) {
    this.#k = k;
    this.#n = n;
    this.#at = k.program.from;
  }

  /** Adds a pass over blocks of the sorted qubits `inside`; all n of them: one block, in place. */
  pass(inside: readonly number[], works: readonly Work[]): void {
    const place = new Int32Array(this.#n);
    const outside: number[] = [];
    for (let q = 0, i = 0; q < this.#n; q++) {
      if (inside[i] === q) place[q] = i++;
      else place[q] = inside.length + outside.push(q) - 1;
    }
    let open = false;
    for (const w of works) {
      const op = w.kind === 'phases' ? this.#phases(w.run, place, inside.length) : localise(w, place, inside.length);
      const bytes = sizeOf(op);
      if (open && this.#at + bytes > this.#k.program.to) {
        this.flush();
        open = false;
      }
      if (!open) {
        this.#header(inside, outside, bytes);
        open = true;
      }
      this.#write(op, bytes);
      if (w.kind === 'phases') this.#table(inside.length);
      this.#k.u32[(this.#last + 28) >> 2] = this.#at;
    }
  }

  /** Does all passes written so far. */
  flush(): void {
    if (this.#first !== 0) this.#k.run(this.#first);
    this.#at = this.#k.program.from;
    this.#first = 0;
    this.#last = 0;
  }

  #header(inside: readonly number[], outside: readonly number[], more: number): void {
    let low = 0;
    while (low < inside.length && inside[low] === low) low += 1;
    const whole = inside.length === this.#n;
    const runs = whole ? 0 : 2 ** (inside.length - low);
    const bytes = align(OFFSETS + 4 * runs);
    if (this.#at + bytes + more > this.#k.program.to) this.flush();
    const { u32 } = this.#k;
    const pass = this.#at;
    const words = [
      0,
      0,
      2 ** outside.length,
      inside.length,
      2 ** (low + 4),
      runs,
      pass + bytes,
      pass + bytes,
      0,
      this.#n,
    ];
    u32.set(words, pass >> 2);
    u32.set(outside, (pass + OUTSIDE) >> 2);
    for (let r = 0; r < runs; r++) {
      let at = 0;
      for (let i = low; i < inside.length; i++) if ((r >> (i - low)) & 1) at += 2 ** (inside[i] + 4);
      u32[((pass + OFFSETS) >> 2) + r] = at;
    }
    if (this.#last !== 0) u32[(this.#last + 32) >> 2] = pass;
    else this.#first = pass;
    this.#last = pass;
    this.#at = pass + bytes;
  }

  #write(op: Operation, bytes: number): void {
    const { u32, f64 } = this.#k;
    const w = this.#at >> 2;
    u32[w] = op.code;
    u32[w + 1] = bytes;
    u32[w + 2] = op.read;
    u32[w + 3] = op.must;
    u32[w + 4] = op.x ?? 0;
    u32[w + 5] = op.y ?? 0;
    u32[w + 6] = op.wanted;
    u32[w + 7] = op.places.length;
    u32.set(op.places, w + 8);
    let data = this.#at + 32 + align(4 * op.places.length);
    if (op.words) {
      u32.set(op.words, data >> 2);
      data += align(4 * op.words.length);
    }
    if (op.doubles) f64.set(op.doubles, data >> 3);
    this.#at += bytes;
  }

  /** The products of the pairs within a chunk, at the end of the operation just written. */
  #table(k: number): void {
    const low = Math.min(k, CHUNK);
    const table = this.#at - 2 ** (low + 4);
    this.#k.call['fillTable'](this.#n, low, table - 16 * this.#n * this.#n, table);
  }

  /** A run of phases: a constant, a factor for each bit, one for each pair of bits. */
  #phases(run: readonly Phase[], place: Int32Array, k: number): Operation {
    const n = this.#n;
    const low = Math.min(k, CHUNK);
    const data = new Float64Array(2 * (1 + n + n * n + 2 ** low));
    for (let i = 0; i < 2 * (1 + n + n * n); i += 2) data[i] = 1;
    let dense = 0;
    const by = (i: number, re: number, im: number) => {
      const x = data[2 * i];
      const y = data[2 * i + 1];
      data[2 * i] = x * re - y * im;
      data[2 * i + 1] = x * im + y * re;
    };
    const pair = (a: number, b: number, re: number, im: number) => {
      if (a < low && b < low) dense = 1;
      by(1 + n + a * n + b, re, im);
      by(1 + n + b * n + a, re, im);
    };
    for (const { on, wanted, re, im } of run) {
      const [a, b] = on.map(q => place[q]);
      if (on.length === 0) by(0, re, im);
      else if (on.length === 1) {
        // Where the bit is 0: everywhere, taken back where it is 1.
        if (!wanted) by(0, re, im);
        by(1 + a, re, wanted ? im : -im);
      } else if (wanted === 3) pair(a, b, re, im);
      else if (wanted === 0) {
        by(0, re, im);
        by(1 + a, re, -im);
        by(1 + b, re, -im);
        pair(a, b, re, im);
      } else {
        by(1 + (wanted === 1 ? a : b), re, im);
        pair(a, b, re, -im);
      }
    }
    return { code: CODE.phases, x: low, y: dense, read: 0, must: 0, places: [], wanted: 0, doubles: data };
  }
}

function sizeOf(op: Operation): number {
  return 32 + align(4 * op.places.length) + align(4 * (op.words?.length ?? 0)) + align(8 * (op.doubles?.length ?? 0));
}

/** A step in the numbering of the block, and what the qubits outside must read for it to happen at all. */
function localise(s: Step, place: Int32Array, k: number): Operation {
  let wanted = 0;
  let read = 0;
  let must = 0;
  const places: number[] = [];
  for (const [i, q] of s.on.entries()) {
    const bit = (s.wanted >> i) & 1;
    if (place[q] < k) {
      wanted |= bit << place[q];
      places.push(place[q]);
    } else {
      read |= 1 << q;
      must |= bit << q;
    }
  }
  const targets = s.kind === 'phase' ? [] : s.targets.map(q => place[q]);
  const all = { read, must, wanted, places: [...places, ...targets].sort((a, b) => a - b) };
  const [a, b] = targets;
  if (s.kind === 'phase') return { ...all, code: CODE.phase, doubles: [s.re, s.im] };
  if (s.kind === 'flip') return { ...all, code: CODE.exchange, x: 2 ** (a + 4) };
  // Where a reads 1 and b 0, and where they read the other way round.
  if (s.kind === 'swap')
    return { ...all, code: CODE.exchange, x: 2 ** (b + 4) - 2 ** (a + 4), wanted: wanted | (1 << a) };
  const doubles = s.matrix;
  if (targets.length === 1) {
    if (places.length > 0) return { ...all, code: CODE.controlled, x: a, doubles };
    return { ...all, places: [], code: shapeOf(s.matrix), x: a, doubles };
  }
  if (targets.length === 2 && places.length === 0) return { ...all, places: [], code: CODE.two, x: a, y: b, doubles };
  const words = Array.from({ length: 2 ** targets.length }, (_, r) =>
    targets.reduce((sum, t, i) => sum + ((r >> i) & 1) * 2 ** (t + 4), 0),
  );
  return { ...all, code: CODE.many, x: targets.length, words, doubles };
}

function shapeOf(m: Matrix): number {
  if (m[1] === 0 && m[3] === 0 && m[5] === 0 && m[7] === 0) return CODE.oneReal;
  return m[1] === 0 && m[2] === 0 && m[4] === 0 && m[7] === 0 ? CODE.oneCross : CODE.one;
}
