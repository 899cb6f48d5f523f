// The demo's job of shared computing: one member offers a simulator of quantum circuits, another asks it for a run, and the log keeps the account.
import { join } from 'node:path';
import type { Job, State } from '@madang/charter';
import { formatProgram } from '@madang/compute';
import { folderMemory, type NodeConfig } from '@madang/node/setup';
import { fromUtf8 } from '@madang/trust';
import type { LiveList } from './live-list.ts';

const HANDLE = 'simulator';
const SHOTS = 1000;

/** What the computing member puts into its configuration. */
export const BACKENDS: NonNullable<NodeConfig['backends']> = [
  {
    handle: HANDLE,
    device: { type: 'simulator', qubits: 20 },
    maximum: { milliseconds: 60_000, shots: 10_000 },
    quotaMilliseconds: 600_000,
  },
];

/** Three qubits that all agree, whichever way they fall. */
const PROGRAM = `OPENQASM 3.0;
include "stdgates.inc";
qubit[3] q;
bit[3] c;
h q[0];
cx q[0], q[1];
cx q[1], q[2];
c = measure q;
`;

/** Leaves the job with a member's node folder; the node sends it once the backend is offered. */
export async function askJob(home: string): Promise<void> {
  const memory = folderMemory(join(home, 'work'));
  const program = fromUtf8(formatProgram({ format: 'openqasm3', program: PROGRAM, shots: SHOTS, seed: '1' }));
  await memory.putJson('asked/demo.json', {
    backend: HANDLE,
    program,
    maximum: { milliseconds: 10_000, units: SHOTS },
  });
}

/** Shows where the job is; true when it has ended. */
export function showJob(list: LiveList, state: State): boolean {
  const job: Job | undefined = Object.values(state.jobs ?? {})[0];
  if (!job) return false;
  const ended = job.usage !== undefined;
  const used = job.usage ? `, ${job.usage.units} shots in ${job.usage.milliseconds} ms, booked to who asked` : '';
  (ended ? list.done : list.set)('job', `Quantum job on a member's simulator: ${job.stage}${used}`);
  return ended;
}
