// madang carbon sign: puts a signed event at the end of a register of removals, or another party's signature to the last one.
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Json } from '@madang/trust';
import { type Command, CommandError } from '../command.ts';
import { KEY_USE } from './key.ts';
import { readJson, said } from './read.ts';

export const sign: Command = {
  name: 'sign',
  summary: 'signs an event into a register of removals',
  description: [
    'REGISTER: one signed event a line; made when it is not there. The first event is the keeper: {"kind":"party","id":…,"party":…,"role":"keeper","publicKey":…}.',
    'Without --event the last line gets another signature: a country signs that it counts what a holder retires. Who has to sign what: keeper: party, issue, reversal, key (with the party, unless its key was lost);',
    'every country that takes part: approach; the country: initial; host country: authorise, withdraw, adjust; holder: transfer, retire (with the country that counts it). Shares are decimals as texts ("0.2"). Nothing is judged here:',
    '`madang carbon register` does that.',
  ].join('\n'),
  arguments: [['<register>', 'the signed register']],
  options: [
    { flags: '--event <file>', description: 'the event as JSON' },
    { flags: '--party <name>', description: 'who signs, as the register names it', required: true },
    { flags: '--key <file>', description: 'the key file (madang carbon key)', required: true },
  ],
  examples: ['madang carbon sign register.jsonl --event authorise.json --party KE --key kenya.json'],
  async run([file], options) {
    const { readRemovalEvent } = await import('@madang/carbon');
    const { fromUtf8, hybridKeyFromSeed, preAuthEncoding, signStatement, softwareSigner, writeEnvelope } = await import(
      '@madang/trust'
    );
    const { readKeyFile } = await import('@madang/trust/keyfile');
    const { openLine } = await import('./signed-register.ts');
    const register = String(file);
    const stored = await readKeyFile(String(options['key']), KEY_USE, process.env['MADANG_PASSPHRASE']).catch(cause => {
      throw new CommandError(cause instanceof Error ? cause.message : String(cause), 1, { cause });
    });
    const signer = softwareSigner(hybridKeyFromSeed(stored.secret));
    const lines = existsSync(register)
      ? readFileSync(register, 'utf8')
          .split('\n')
          .filter(l => l.trim() !== '')
      : [];
    const last = lines.at(-1);
    const opened =
      last === undefined ? undefined : said(() => openLine(last, `${register}, line ${lines.length}`).opened);
    if (options['event'] !== undefined) {
      const event = readJson(String(options['event']), '--event') as Json;
      const { kind } = said(() => readRemovalEvent(event));
      const payload = {
        kind: `removal.${kind}`,
        org: String(options['party']),
        body: { event, previous: opened?.id ?? '' },
      };
      const line = await signStatement(payload, [signer]).catch(cause => {
        throw new CommandError(`${options['event']}: ${cause instanceof Error ? cause.message : cause}`, 1, { cause });
      });
      appendFileSync(register, `${fromUtf8(line)}\n`);
    } else {
      if (!opened) throw new CommandError(`${register} has no line to sign; give --event`, 2);
      const signature = { keyId: signer.keyId, ...(await signer.sign(preAuthEncoding(opened.payloadBytes))) };
      const line = said(() => writeEnvelope(opened.payloadBytes, [...opened.signatures, signature]));
      // Whole or not at all: a register cut short by a crash would have lost events.
      writeFileSync(`${register}.new`, `${[...lines.slice(0, -1), fromUtf8(line)].join('\n')}\n`);
      renameSync(`${register}.new`, register);
    }
    const count = lines.length + (options['event'] === undefined ? 0 : 1);
    return {
      json: { ok: true, register, lines: count, keyId: signer.keyId },
      text: `${register}: line ${count} signed by ${options['party']}`,
    };
  },
};
