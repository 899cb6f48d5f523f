// What is done once before a hub's first start: its folder, keys and configuration. Used by the command line.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type EncodedPublicKey,
  encodePublicKey,
  hybridKeyFromSeed,
  type NoteVkeys,
  noteKeysFromSeed,
  randomBytes,
} from '@madang/trust';
import { writeKeyFile } from '@madang/trust/keyfile';
import type { HubConfig } from './config.ts';

export interface HubIdentity {
  readonly logKey: EncodedPublicKey;
  readonly logNotes: NoteVkeys;
}

/** Makes HOME with fresh keys; returns the public halves for the founding statement. Throws when HOME has keys already. */
export async function createHub(home: string, config: HubConfig, passphrase?: string): Promise<HubIdentity> {
  await mkdir(join(home, 'keys'), { recursive: true, mode: 0o700 });
  await writeFile(join(home, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  const log = randomBytes(32);
  const notes = randomBytes(32);
  const key = hybridKeyFromSeed(log);
  const { vkeys } = noteKeysFromSeed(config.origin, 'log', notes);
  await writeKeyFile(join(home, 'keys', 'log.json'), { use: 'log', publicPart: key.keyId, secret: log }, passphrase);
  await writeKeyFile(
    join(home, 'keys', 'log-notes.json'),
    { use: 'log-notes', publicPart: vkeys.ed25519, secret: notes },
    passphrase,
  );
  return { logKey: encodePublicKey(key.publicKey), logNotes: vkeys };
}
