// A member's keys, one file and one use each, under HOME/keys. The root key is read only for acts that need it.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  hybridKeyFromSeed,
  type NoteKeys,
  noteKeysFromSeed,
  randomBytes,
  type Signer,
  softwareSigner,
} from '@madang/trust';
import { readKeyFile, writeKeyFile } from '@madang/trust/keyfile';

export type KeyName = 'root' | 'steward' | 'researcher' | 'node' | 'aggregator' | 'replay-witness';

const path = (home: string, name: KeyName) => join(home, 'keys', `${name}.json`);

export function hasKey(home: string, name: KeyName): boolean {
  return existsSync(path(home, name));
}

/** Makes a key unless it is there; `org` becomes part of a witness's name. */
export async function createKey(home: string, org: string, name: KeyName, passphrase?: string): Promise<void> {
  if (hasKey(home, name)) return;
  await mkdir(join(home, 'keys'), { recursive: true, mode: 0o700 });
  const secret = randomBytes(32);
  const publicPart =
    name === 'replay-witness' ? witnessKeys(org, secret).vkeys.ed25519 : hybridKeyFromSeed(secret).keyId;
  await writeKeyFile(path(home, name), { use: name, publicPart, secret }, passphrase);
}

async function secretOf(home: string, name: KeyName): Promise<Uint8Array> {
  const key = await readKeyFile(path(home, name), name, process.env['MADANG_PASSPHRASE']);
  return key.secret;
}

export async function loadSigner(home: string, name: Exclude<KeyName, 'replay-witness'>): Promise<Signer> {
  return softwareSigner(hybridKeyFromSeed(await secretOf(home, name)));
}

export async function loadWitnessKeys(home: string, org: string): Promise<NoteKeys> {
  return witnessKeys(org, await secretOf(home, 'replay-witness'));
}

function witnessKeys(org: string, secret: Uint8Array): NoteKeys {
  return noteKeysFromSeed(`${org}/replay-witness`, 'witness', secret);
}
