// madang carbon key: a key with which a party signs events of a register of removals.
import { type Command, CommandError } from '../command.ts';

/** What these key files are for: one key, one use. */
export const KEY_USE = 'removals';

export const key: Command = {
  name: 'key',
  summary: 'makes a key for signing events of a register of removals',
  description:
    'FILE: written once, readable by its owner alone, encrypted when MADANG_PASSPHRASE is set. Prints the public key, which the keeper puts into the event that names the party.',
  arguments: [['<file>', 'key file to make']],
  examples: ['madang carbon key kenya.json --json'],
  async run([file]) {
    const { encodePublicKey, generateHybridKey } = await import('@madang/trust');
    const { writeKeyFile } = await import('@madang/trust/keyfile');
    const made = generateHybridKey();
    const publicKey = encodePublicKey(made.publicKey);
    const stored = { use: KEY_USE, publicPart: made.keyId, secret: made.seed };
    await writeKeyFile(String(file), stored, process.env['MADANG_PASSPHRASE']).catch(cause => {
      throw new CommandError(cause instanceof Error ? cause.message : String(cause), 1, { cause });
    });
    return {
      json: { ok: true, keyId: made.keyId, publicKey },
      text: `key ${made.keyId}\n${JSON.stringify({ publicKey })}`,
    };
  },
};
