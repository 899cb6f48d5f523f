// The commands of `madang statement`: kinds, show, and relay by any member: a hub that holds a statement back can be bypassed with a file.
import { writeFileSync } from 'node:fs';
import { type HubClient, HubError, hubClient, type Receipt } from '@madang/api';
import { statementTypes } from '@madang/charter';
import { fromUtf8, openStatement } from '@madang/trust';
import { type Command, CommandError } from '../command.ts';
import { checkRefusal } from './check-refusal.ts';
import { openFile, readStatement } from './files.ts';

const kinds: Command = {
  name: 'kinds',
  summary: 'everything anyone can do at a hub: each kind of statement, who signs it, what refuses it',
  async run() {
    const list = statementTypes.map(t => ({
      kind: t.kind,
      summary: t.summary,
      signers: t.signers,
      body: t.body.json,
      refusals: t.refusals,
    }));
    return {
      json: { kinds: list },
      text: list.map(k => `${k.kind.padEnd(18)} ${k.summary} Signed by: ${k.signers.join(', ')}.`).join('\n'),
    };
  },
};

function hubAt(url: string): HubClient {
  if (!/^https?:\/\/[^/]/.test(url)) throw new CommandError(`"${url}" is not the URL of a hub`, 2);
  return hubClient(url, fetch);
}

const exportCommand: Command = {
  name: 'export',
  summary: 'write one entry of a log as a file that anyone can submit elsewhere',
  arguments: [
    ['<hub>', 'URL of the hub'],
    ['<index>', 'index of the entry'],
    ['<file>', 'file to write'],
  ],
  async run(args) {
    const [url, index, file] = args.map(String);
    if (!/^\d{1,15}$/.test(index)) throw new CommandError(`an entry is named by its index, not "${index}"`, 2);
    const bytes = await hubAt(url).read(`entry/${index}`);
    if (!bytes) throw new CommandError(`the hub has no entry ${index}`);
    const { entry } = JSON.parse(fromUtf8(bytes)) as { entry: string };
    writeFileSync(file, entry);
    const { id, kind } = openStatement(new TextEncoder().encode(entry));
    return { json: { id, kind, file }, text: `${kind} ${id} written to ${file}` };
  },
};

const submit: Command = {
  name: 'submit',
  summary: "submit a signed statement from a file, one's own or another member's",
  arguments: [
    ['<hub>', 'URL of the hub'],
    ['<file>', 'DSSE envelope'],
  ],
  options: [{ flags: '--refusal <file>', description: 'where to keep the signed refusal, if there is one' }],
  async run(args, options) {
    const [url, file] = args.map(String);
    let receipt: Receipt;
    try {
      receipt = await hubAt(url).submit(readStatement(file));
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      const kept = error.refusal !== undefined && options['refusal'] !== undefined;
      if (kept) writeFileSync(String(options['refusal']), error.refusal!);
      throw new CommandError(
        `refused: ${error.code}: ${error.message}${kept ? ` (signed by the log: ${options['refusal']})` : ''}`,
        1,
        { cause: error },
      );
    }
    return { json: receipt, text: `entry ${receipt.index}, under a checkpoint of size ${receipt.size}` };
  },
};

const show: Command = {
  name: 'show',
  summary: 'print a statement file in words: kind, organisation, body, signers',
  arguments: [['<file>', 'DSSE envelope']],
  async run(args) {
    const s = openFile(String(args[0]));
    const json = {
      id: s.id,
      kind: s.kind,
      org: s.org,
      seen: s.seen ?? null,
      until: s.until ?? null,
      body: s.body,
      signers: s.signatures.map(x => x.keyId),
      bytes: s.bytes.length,
    };
    return { json, text: JSON.stringify(json, null, 2) };
  },
};

export const commands: readonly Command[] = [kinds, show, exportCommand, submit, checkRefusal];
