// Runs a long list of steps on a large state in few passes over memory. Memory traffic is the limit past the cache, so steps are put together
// by the qubits they mix: blocks of 2^14 amplitudes are copied into the cache, all steps of the group done there, and copied back. Phases and
// controls on qubits outside the block are constants for a block (as in Doi and Horii, IEEE QCE 2020, "cache blocking", with a gather in place
// of swapped qubits). Before that, matrices on one qubit are multiplied together as far as nothing stands between them.
import { multiply } from '../circuit/matrix.ts';
import { PassWriter, type Phase, type Work } from './encode.ts';
import { BLOCK_QUBITS, type Kernel } from './kernel.ts';
import type { Step } from './lower.ts';

/** Lowest qubits that always belong to a block: runs of 2^5 amplitudes are contiguous. */
const LOW = 5;
/** How far ahead a group may pick steps past others. */
const WINDOW = 4096;
/** Runs of at least this many phases are done in one pass. */
const LONG_RUN = 4;

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
      const [t] = s.targets;
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
  return s.kind === 'phase' ? [] : s.targets;
}
function qubitsOf(s: Step): readonly number[] {
  return s.kind === 'phase' ? s.on : [...s.targets, ...s.on];
}

/** Does all steps, in order as far as they do not commute. */
export function runSteps(k: Kernel, n: number, steps: readonly Step[]): void {
  const writer = new PassWriter(k, n);
  const everywhere = Array.from({ length: n }, (_, q) => q);
  let left = fuse(joinParities(steps));
  while (left.length > 0) {
    const { inside, group, rest } =
      n <= BLOCK_QUBITS ? { inside: everywhere, group: left, rest: [] } : nextGroup(left, n);
    // A single step is done in place: copying blocks would cost more than it.
    writer.pass(group.length < 2 ? everywhere : inside, joinPhases(group));
    left = rest;
  }
  writer.flush();
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
    const free = mix.every(q => !behindMixed.has(q) && !behindRead.has(q)) && s.on.every(q => !behindMixed.has(q));
    const added = mix.filter(q => !inside.has(q));
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

/** Long runs of phases on one and two bits, which are done in one pass; other steps stay as they are. */
function joinPhases(steps: readonly Step[]): Work[] {
  const out: Work[] = [];
  let run: Phase[] = [];
  const touched = new Set<number>();
  const close = (): void => {
    if (run.length >= LONG_RUN) out.push({ kind: 'phases', run });
    else out.push(...run);
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
    if (run.length > 0 && mixed(s).some(q => touched.has(q))) close();
    out.push(s);
  }
  close();
  return out;
}
