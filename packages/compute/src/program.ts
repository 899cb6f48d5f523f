// The blobs of a quantum job: JSON with its members in one order, so that the same program has the same digest wherever it is made.
import { fromUtf8, utf8 } from '@madang/trust';

/** The kind that backends name, and what they count. */
export const QUANTUM = { kind: 'quantum', unit: 'shot' } as const;
const MAX_SHOTS = 100_000_000;

export interface QuantumProgram {
  readonly format: 'openqasm3';
  /** The text, with everything it included in place. */
  readonly program: string;
  readonly shots: number;
  /** For simulators: the same seed gives the same counts. */
  readonly seed: string;
}

export type JobResult =
  | {
      readonly job: string;
      readonly outcome: 'done';
      /** Shots by key, the highest bit of a register first. */
      readonly counts: Readonly<Record<string, number>>;
      /** Name of the device, as it says itself. */
      readonly device: string;
      readonly simulator: boolean;
    }
  | { readonly job: string; readonly outcome: 'failed'; readonly why: string };

/** A blob that is not what it should be; the message names the member at fault. */
export class BadDocument extends Error {}

export function formatProgram({ format, program, shots, seed }: QuantumProgram): Uint8Array {
  return utf8(JSON.stringify({ format, program, seed, shots }));
}

/** Throws BadDocument. */
export function parseProgram(bytes: Uint8Array): QuantumProgram {
  const d = record(bytes, 'the program');
  if (d['format'] !== 'openqasm3') throw new BadDocument('format must be "openqasm3"');
  if (typeof d['program'] !== 'string') throw new BadDocument('program must be a text');
  const shots = d['shots'];
  if (!Number.isInteger(shots) || (shots as number) < 1 || (shots as number) > MAX_SHOTS)
    throw new BadDocument(`shots must be a whole number from 1 to ${MAX_SHOTS}`);
  if (typeof d['seed'] !== 'string' || d['seed'].length > 100)
    throw new BadDocument('seed must be a text of at most 100 characters');
  return { format: 'openqasm3', program: d['program'], shots: shots as number, seed: d['seed'] };
}

export function formatResult(r: JobResult): Uint8Array {
  if (r.outcome === 'failed') return utf8(JSON.stringify({ job: r.job, outcome: r.outcome, why: r.why }));
  const counts = Object.fromEntries(Object.entries(r.counts).sort(([a], [b]) => (a < b ? -1 : 1)));
  const { device, job, outcome, simulator } = r;
  return utf8(JSON.stringify({ counts, device, job, outcome, simulator }));
}

/** Throws BadDocument. */
export function parseResult(bytes: Uint8Array): JobResult {
  const d = record(bytes, 'the result');
  if (typeof d['job'] !== 'string') throw new BadDocument('job must be the id of a job');
  if (d['outcome'] === 'failed') {
    if (typeof d['why'] !== 'string') throw new BadDocument('why must be a text');
    return { job: d['job'], outcome: 'failed', why: d['why'] };
  }
  if (d['outcome'] !== 'done') throw new BadDocument('outcome must be done or failed');
  const { counts, device, simulator } = d;
  if (typeof device !== 'string' || typeof simulator !== 'boolean')
    throw new BadDocument('device must be a text, simulator true or false');
  if (typeof counts !== 'object' || counts === null || Array.isArray(counts))
    throw new BadDocument('counts must be an object');
  for (const [key, n] of Object.entries(counts))
    if (!/^[01 ]*$/.test(key) || !Number.isInteger(n) || (n as number) < 0)
      throw new BadDocument(`count "${key.slice(0, 80)}" is not a number of shots by bits`);
  return { job: d['job'], outcome: 'done', counts: counts as Record<string, number>, device, simulator };
}

function record(bytes: Uint8Array, what: string): Record<string, unknown> {
  let d: unknown;
  try {
    d = JSON.parse(fromUtf8(bytes));
  } catch (cause) {
    throw new BadDocument(`${what} is not JSON`, { cause });
  }
  if (typeof d !== 'object' || d === null || Array.isArray(d)) throw new BadDocument(`${what} is not an object`);
  return d as Record<string, unknown>;
}
