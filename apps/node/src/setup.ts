// What is done once before a node's first start, and the files through which a steward and a researcher speak to their running node.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeConfig } from './config.ts';
import { createKey, type KeyName } from './keys.ts';

export { type NodeConfig, policyDigest, readNodeConfig, type StandingPolicy } from './config.ts';
export { createKey, type KeyName, loadSigner, loadWitnessKeys } from './keys.ts';
export { folderMemory } from './store/memory.ts';
export type { AskedJob } from './work/ask.ts';
export type { Decline } from './work/declines.ts';
export { MODELS } from './work/forecasters.ts';
export { releasePath } from './work/release.ts';
export type { ProposalFile } from './work/research.ts';
export type { Decision, PendingRequest } from './work/steward.ts';

/** Makes HOME with its configuration and fresh keys, each for one use. */
export async function createNode(
  home: string,
  config: NodeConfig,
  keys: readonly KeyName[],
  passphrase?: string,
): Promise<void> {
  await mkdir(join(home, 'data'), { recursive: true, mode: 0o700 });
  await Promise.all(keys.map(name => createKey(home, config.org, name, passphrase)));
  await writeFile(join(home, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
}
