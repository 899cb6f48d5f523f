// `madang statement check-refusal`: is a hub's refusal really under the log's key, does it speak of this log's history, and do the rules refuse as well?
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { hubClient } from '@madang/api';
import { isRefusal, type Refusal, Replay, readRefusal, type SignedRefusal, type State } from '@madang/charter';
import { type BlobSource, logReader, type Opened, parseCheckpoint, parseNote } from '@madang/trust';
import { folderStore } from '@madang/trust/folder';
import { type Command, CommandError, type Io, type Options } from '../command.ts';
import { openFile } from './files.ts';

export const checkRefusal: Command = {
  name: 'check-refusal',
  summary: "check a hub's signed refusal against a copy of the log, and judge it by the rules",
  description:
    'Works without the hub: any member’s copy of the log will do. Ends 0 when the refusal is genuine and, with --statement, the rules refuse it too; 1 when it is not\n' +
    'genuine, speaks of another history, or turned away what the rules admit; 3 when the copy ends too early to judge. Temporary answers (busy, waiting, a full disk)\n' +
    'and bytes that are no statement are not signed: there is nothing to hold against anyone.',
  arguments: [
    [
      '<file>',
      'the refusal: a DSSE envelope, as `madang statement submit --refusal` or a node’s work/refused/ keeps it',
    ],
  ],
  options: [
    { flags: '--log <where>', description: 'a copy of the log (folder), or the URL of a hub', required: true },
    { flags: '--statement <file>', description: 'the refused statement, to judge it by the rules' },
  ],
  examples: ['npx madang statement check-refusal refusal.json --statement approval.json --log ./node/log'],
  run: runCheck,
};

async function runCheck(args: readonly unknown[], options: Options, io: Io) {
  const file = String(args[0]);
  const statement = options['statement'] === undefined ? undefined : openFile(String(options['statement']));
  const { seen, body, bytes } = openFile(file);
  const size = seen?.size ?? 0;
  const run = await replayTo(String(options['log']), size, Math.min(size, Number(body['at'] ?? 0)), statement, io);
  const refusal = readRefusal(bytes, run.state);
  if (isRefusal(refusal)) throw new CommandError(`not a genuine refusal: ${refusal.code}: ${refusal.why}`);
  if (run.past.rootAt(refusal.seen.size) !== refusal.seen.root)
    throw new CommandError(
      `the hub refused from another history: at size ${refusal.seen.size} it signed another root than this copy of the log has. Keep both and show them to the members`,
    );
  if (statement && statement.id !== refusal.statement)
    throw new CommandError(`the refusal is of ${refusal.statement}, the statement is ${statement.id}`);
  const { verdict } = run;
  const deserved = verdict === undefined ? null : isRefusal(verdict);
  return {
    json: {
      ok: deserved !== false,
      genuine: true,
      deserved,
      ...refusal,
      ...(verdict && isRefusal(verdict) ? { rules: verdict } : {}),
    },
    text: inWords(refusal, verdict),
    exit: deserved === false ? (1 as const) : (0 as const),
  };
}

function inWords(r: SignedRefusal, verdict: State | Refusal | undefined): string {
  const lines = [
    `The log refused ${r.statement} at entry ${r.at}, ${new Date(r.time * 1000).toISOString()}, under its own key:`,
    `${r.code}: ${r.reason}`,
  ];
  if (verdict === undefined) lines.push('Give --statement to judge it by the rules.');
  else if (isRefusal(verdict)) lines.push(`The rules refuse it too: ${verdict.code}.`);
  else lines.push('WRONG: by the rules of this log it should have been admitted. Show this to the other members.');
  return lines.join('\n');
}

/** The log replayed to `size`, and what its rules said to the statement when it had `at` entries. */
async function replayTo(where: string, size: number, at: number, statement: Opened | undefined, io: Io) {
  const source = sourceOf(where);
  const note = await source.read('checkpoint');
  if (!note) throw new CommandError(`${where} holds no checkpoint`, 3);
  const has = parseCheckpoint(parseNote(note).text).size;
  if (has < size) throw new CommandError(`this copy of the log has ${has} entries; the refusal rests on ${size}`, 3);
  const run = new Replay();
  const progress = io.progress('entries', size);
  const reader = logReader(source);
  const push = async (begin: number, end: number) => {
    for (let start = begin; start < end; start += 256) {
      const batch: Uint8Array[] = [];
      for await (const { entry } of reader.entries(start, Math.min(end, start + 256)))
        batch.push(Uint8Array.from(entry));
      await run.pushAll(batch);
      progress.tick(batch.length);
    }
  };
  await push(0, at);
  const verdict = statement && run.consider(statement);
  await push(at, size);
  progress.done();
  return { state: run.state, past: run.past, verdict };
}

function sourceOf(where: string): BlobSource {
  if (/^https?:\/\//.test(where)) {
    const hub = hubClient(where, fetch);
    return { read: path => hub.read(path) };
  }
  const folder = resolve(where);
  const log = [folder, join(folder, 'log')].find(f => existsSync(join(f, 'tile')));
  if (!log) throw new CommandError(`${where} holds no log: there is no "tile" folder in it`, 2);
  return folderStore(log);
}
