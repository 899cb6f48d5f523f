// Energy's peers in Python. They run in the same run as we do, from the environments of MADANG_PEERS and MADANG_PEERS_FLOW (folders of
// virtual environments; pandapower and PyPSA ask for different versions of pandas); what is not installed is said.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from '../../figure.ts';

const FLOW_TASKS = new Set(['matpower', 'pandapower', 'lightsim2grid']);

/** The number that a task of peers.py prints, undefined with the reason when it does not. */
export async function peer(task: string, ...args: string[]): Promise<{ value: number | undefined; note: string }> {
  const folder = (FLOW_TASKS.has(task) ? process.env['MADANG_PEERS_FLOW'] : undefined) ?? process.env['MADANG_PEERS'];
  const python = join(folder ?? '/nowhere', 'bin/python');
  if (!existsSync(python))
    return { value: undefined, note: 'no Python peers: set MADANG_PEERS to a virtual environment' };
  const { out, code } = await output(python, [join(import.meta.dirname, 'peers.py'), task, ...args]);
  const last = out.trim().split('\n').pop() ?? '';
  const value = Number(last);
  return code === 0 && Number.isFinite(value)
    ? { value, note: '' }
    : { value: undefined, note: last.slice(0, 120) || `exit ${code}` };
}

/** A figure where less is better. */
export function figure(name: string, unit: string, ours: number, runs: number, against?: Figure['against']): Figure {
  return { name, unit, ours, runs, smallerIsBetter: true, ...(against ? { against } : {}) };
}

function output(command: string, args: readonly string[]): Promise<{ out: string; code: number }> {
  return new Promise(resolve => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (d: Buffer) => {
      out += d.toString();
    });
    child.stderr.on('data', (d: Buffer) => {
      err += d.toString();
    });
    child.on('error', e => resolve({ out: e.message, code: 1 }));
    child.on('close', code => resolve({ out: code === 0 ? out : err || out, code: code ?? 1 }));
  });
}
