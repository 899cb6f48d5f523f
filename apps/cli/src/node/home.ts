// The files through which a steward speaks to a node on the same machine: no port is open, no request can come from elsewhere.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Decision, folderMemory, type PendingRequest, readNodeConfig } from '@madang/node/setup';
import { CommandError, type Options } from '../command.ts';

export const HOME_OPTION = {
  flags: '--home <dir>',
  description: "the node's folder (config.json, keys/, data/)",
  required: true,
} as const;

export function openHome(options: Options) {
  const home = resolve(String(options['home']));
  if (!existsSync(join(home, 'config.json')))
    throw new CommandError(`${home} is not the folder of a node: it has no config.json`, 2);
  return { home, config: readNodeConfig(home), memory: folderMemory(join(home, 'work')) };
}

export type NodeHome = ReturnType<typeof openHome>;

/** A study's whole id. Throws with exit 2: what a beginning names can change while a study is acted on. */
export function wholeStudyId(argument: unknown): string {
  const study = String(argument);
  if (!/^[0-9a-f]{64}$/.test(study)) throw new CommandError('give the whole id of the study: 64 hexadecimal digits', 2);
  return study;
}

/** Requests that wait for a person, oldest first by id. */
export async function pendingRequests(node: NodeHome): Promise<PendingRequest[]> {
  const out: PendingRequest[] = [];
  for (const path of await node.memory.list('steward/pending/')) {
    const request = path.endsWith('.json') ? await node.memory.json<PendingRequest>(path) : undefined;
    if (request) out.push(request);
  }
  return out;
}

/** Finds a request by the beginning of its study's id. */
export async function findRequest(node: NodeHome, start: string): Promise<PendingRequest> {
  const found = (await pendingRequests(node)).filter(r => r.study.startsWith(start));
  if (found.length === 1) return found[0];
  throw new CommandError(
    found.length === 0
      ? `no pending study begins with ${start}; "madang node pending" lists them`
      : `${found.length} pending studies begin with ${start}; give more of the id`,
  );
}

export async function leaveDecision(node: NodeHome, study: string, decision: Decision): Promise<void> {
  await node.memory.putJson(`steward/decisions/${study}.json`, decision);
}
