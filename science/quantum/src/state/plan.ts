// Runs a long list of steps on a large state in few passes over memory. Memory traffic is the limit past the cache, so steps are put together
// by the qubits they mix: blocks of 2^14 amplitudes are copied into the cache, all steps of the group done there, and copied back. Phases and
// controls on qubits outside the block are constants for a block (as in Doi and Horii, IEEE QCE 2020, "cache blocking", with a gather in place
// of swapped qubits). Before that, matrices on one qubit are multiplied together as far as nothing stands between them.
import { multiply } from '../circuit/matrix.ts';
import { BLOCK_QUBITS, type Kernel } from './kernel.ts';
import type { Step } from './lower.ts';

/** Lowest qubits that always belong to a block: runs of 2^5 amplitudes are contiguous. */
const LOW = 5;
/** How far ahead a group may pick steps past others. */
const WINDOW = 4096;
/** Runs of at least this many phases are done in one pass. */
const LONG_RUN = 4;

type Phase = Step & { kind: 'phase' };

/** Joins matrices on one qubit, and phases into them. */
export function fuse(steps: readonly Step[]): Step[] {
  const out: Step[] = [];
  const pending = new Map<number, Step & { kind: 'matrix' }>();
  const flush = (q: number): void => {
    const p = pending.get(q);
    if (!p) return;
    out.push(p);
    pending.delete(q);
  };
  const diagonal = (s: Phase) =>
    Float64Array.of(...(s.wanted ? [1, 0, 0, 0, 0, 0, s.re, s.im] : [s.re, s.im, 0, 0, 0, 0, 1, 0]));
  for (const s of steps) {
    if (s.kind === 'matrix' && s.on.length === 0 && s.targets.length === 1) {
      const [q] = s.targets;
      const before = pending.get(q);
      pending.set(q, before ? { ...s, matrix: multiply(s.matrix, before.matrix) } : s);
      continue;
    }
    if (s.kind === 'phase' && s.on.length === 1) {
      const before = pending.get(s.on[0]);
      if (before) {
        pending.set(s.on[0], { ...before, matrix: multiply(diagonal(s), before.matrix) });
        continue;
      }
    }
    for (const q of qubitsOf(s)) flush(q);
    out.push(s);
  }
  for (const q of [...pending.keys()]) flush(q);
  return out;
}

/** CX, phases on its target, the same CX: phases on the parity of two bits, which is how compilers write rzz. They become phases on bits. */
export function joinParities(steps: readonly Step[]): Step[] {
  const out: (Step | undefined)[] = [];
  /** By target: where its open CX stands, its control, and the phases since. */
  const open = new Map<number, { at: number; control: number; phases: number[] }>();
  const close = (q: number): void => {
    open.delete(q);
    for (const [t, o] of open) if (o.control === q) open.delete(t);
  };
  for (const s of steps) {
    const at = out.push(s) - 1;
    if (s.kind === 'flip' && s.on.length === 1 && s.wanted === 1) {
      const t = s.target;
      const [c] = s.on;
      const o = open.get(t);
      // Whoever takes this target as control sees it mixed here.
      for (const [other, x] of open) if (x.control === t) open.delete(other);
      if (o?.control !== c) {
        close(t);
        // The control is read here, which would not commute with phases of its own open parity.
        open.delete(c);
        open.set(t, { at, control: c, phases: [] });
        continue;
      }
      open.delete(t);
      out[o.at] = undefined;
      out[at] = undefined;
      for (const i of o.phases) {
        const { re, im } = out[i] as Phase;
        out[i] = { kind: 'phase', on: [t], wanted: 1, re, im };
        out.push({ kind: 'phase', on: [c], wanted: 1, re, im });
        out.push({ kind: 'phase', on: [c, t], wanted: 3, re: re * re - im * im, im: -2 * re * im });
      }
      continue;
    }
    if (s.kind === 'phase') {
      if (s.on.length === 1 && s.wanted === 1) open.get(s.on[0])?.phases.push(at);
      else for (const q of s.on) open.delete(q);
      continue;
    }
    for (const q of mixed(s)) close(q);
    for (const q of s.on) open.delete(q);
  }
  return out.filter(s => s !== undefined);
}

function mixed(s: Step): readonly number[] {
  return s.kind === 'phase' ? [] : s.kind === 'flip' ? [s.target] : s.targets;
}
function qubitsOf(s: Step): readonly number[] {
  return s.kind === 'phase' ? s.on : s.kind === 'flip' ? [s.target, ...s.on] : [...s.targets, ...s.on];
}

/** Does all steps, in order as far as they do not commute. */
export function runSteps(k: Kernel, n: number, steps: readonly Step[]): void {
  const fused = fuse(joinParities(steps));
  if (n <= BLOCK_QUBITS) {
    runInside(k, k.state, n, fused);
    return;
  }
  let left = fused;
  while (left.length > 0) {
    const { inside, group, rest } = nextGroup(left, n);
    if (group.length < 2) for (const s of group) k.step(s, k.state, n);
    else runGroup(k, n, inside, group);
    left = rest;
  }
}

/** The steps that can be done next in one block, the qubits of the block, and what is left. */
function nextGroup(steps: readonly Step[], n: number): { inside: number[]; group: Step[]; rest: Step[] } {
  const inside = new Set<number>(Array.from({ length: LOW }, (_, i) => i));
  const group: Step[] = [];
  const rest: Step[] = [];
  // Qubits of steps left behind: those mixed, and those only read (phases and controls, which commute among themselves).
  const behindMixed = new Set<number>();
  const behindRead = new Set<number>();
  for (let i = 0; i < steps.length; i++) {
    const s = steps[i];
    if (i >= WINDOW || behindMixed.size === n) {
      for (let j = i; j < steps.length; j++) rest.push(steps[j]);
      break;
    }
    const mix = mixed(s);
    const all = qubitsOf(s);
    const reads = s.kind === 'phase' ? s.on : s.on;
    const free = mix.every(q => !behindMixed.has(q) && !behindRead.has(q)) && reads.every(q => !behindMixed.has(q));
    const added = mix.filter(q => !inside.has(q));
    // A matrix on several targets with a control outside would need its own variant for each block; keep it whole.
    if (free && inside.size + added.length <= BLOCK_QUBITS) {
      for (const q of added) inside.add(q);
      group.push(s);
      continue;
    }
    rest.push(s);
    for (const q of mix) behindMixed.add(q);
    for (const q of all) if (!mix.includes(q)) behindRead.add(q);
  }
  for (let q = 0; inside.size < BLOCK_QUBITS && q < n; q++) inside.add(q);
  return { inside: [...inside].sort((a, b) => a - b), group, rest };
}

function runGroup(k: Kernel, n: number, inside: readonly number[], group: readonly Step[]): void {
  const place = new Int32Array(n).fill(-1);
  for (const [i, q] of inside.entries()) place[q] = i;
  const outside = Array.from({ length: n }, (_, q) => q).filter(q => place[q] < 0);
  // Contiguous run: the lowest inside qubits that follow one another from 0.
  let low = 0;
  while (low < inside.length && inside[low] === low) low += 1;
  const runs = 2 ** (inside.length - low);
  const offsets = Uint32Array.from({ length: runs }, (_, r) => {
    let at = 0;
    for (let i = low; i < inside.length; i++) if ((r >> (i - low)) & 1) at += 2 ** (inside[i] + 4);
    return at;
  });
  const list = k.numbers(offsets, 2);
  const runBytes = 2 ** (low + 4);
  const local = group.map(s => localise(s, place));
  for (let b = 0; b < 2 ** outside.length; b++) {
    let outer = 0;
    for (let i = 0; i < outside.length; i++) if ((b >> i) & 1) outer += 2 ** outside[i];
    const steps: Step[] = [];
    for (const { step, read, wanted } of local) {
      if (read !== 0 && (outer & read) !== wanted) continue;
      steps.push(step);
    }
    k.call['gather'](k.state, outer, list, runs, runBytes, k.block);
    runInside(k, k.block, inside.length, steps);
    k.call['scatter'](k.state, outer, list, runs, runBytes, k.block);
  }
}

/** A step in the numbering of the block, and what the qubits outside must read for it to happen at all. */
function localise(s: Step, place: Int32Array): { step: Step; read: number; wanted: number } {
  const on: number[] = [];
  let wantedInside = 0;
  let read = 0;
  let wanted = 0;
  for (const [i, q] of s.on.entries()) {
    const bit = (s.wanted >> i) & 1;
    if (place[q] >= 0) {
      wantedInside |= bit << on.length;
      on.push(place[q]);
    } else {
      read |= 1 << q;
      wanted |= bit << q;
    }
  }
  const step: Step =
    s.kind === 'phase'
      ? { ...s, on, wanted: wantedInside }
      : s.kind === 'flip'
        ? { ...s, on, wanted: wantedInside, target: place[s.target] }
        : { ...s, on, wanted: wantedInside, targets: s.targets.map(q => place[q]) };
  return { step, read, wanted };
}

/** All steps in order on amplitudes that are in the cache; long runs of phases in one pass. */
function runInside(k: Kernel, at: number, n: number, steps: readonly Step[]): void {
  let run: Phase[] = [];
  const touched = new Set<number>();
  const flush = (): void => {
    if (run.length >= LONG_RUN) k.phases(run, at, n);
    else for (const p of run) k.step(p, at, n);
    run = [];
    touched.clear();
  };
  for (const s of steps) {
    if (s.kind === 'phase' && s.on.length <= 2) {
      run.push(s);
      for (const q of s.on) touched.add(q);
      continue;
    }
    // Steps on other qubits, and phases and controls on these, pass a run of phases freely.
    if (run.length > 0 && mixed(s).some(q => touched.has(q))) flush();
    k.step(s, at, n);
  }
  flush();
}
