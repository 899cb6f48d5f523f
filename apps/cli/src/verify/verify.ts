// `madang verify URL|DIR`: checks every signature, tile, checkpoint, cosignature, rule and public result, with the same code as everyone else.
import { HubError, hubClient } from '@madang/api';
import { type AuditReport, audit } from '@madang/study/verify';
import { readFingerprint } from '@madang/trust';
import { type Command, CommandError, type Io, type Options } from '../command.ts';
import { verifyFolder } from './folder.ts';

export const verify: Command = {
  name: 'verify',
  summary: 'checks a log: every signature, tile, checkpoint, cosignature, rule, result',
  description:
    'Takes the address of a hub or a folder (a demo home, a hub, a copy of a log). Ends 0 when all is checked, 1 with the first thing that is wrong, where, and\n' +
    'what it means, 3 when something could not be checked. It does not prove that aggregators added honestly or that data were true (see SECURITY.md).',
  arguments: [['<where>', 'URL of a hub, or a folder']],
  options: [
    {
      flags: '--root <root>',
      description:
        'root that you trust, from another source: the founding one or any later, as eight words or 64 hexadecimal digits',
    },
  ],
  examples: ['npx madang verify http://127.0.0.1:8080', 'npx madang verify ./home --json'],
  run: runVerify,
};

async function runVerify(args: readonly unknown[], options: Options, io: Io) {
  const where = String(args[0]);
  const given = options['root'] as string | undefined;
  const root = given === undefined ? undefined : readFingerprint(given);
  if (given !== undefined && root === undefined)
    throw new CommandError(
      '--root takes a fingerprint of eight words (in quotes) or an id of 64 hexadecimal digits',
      2,
    );
  let progress: ReturnType<Io['progress']> | undefined;
  let before = 0;
  const step = (done: number, total: number) => {
    progress ??= io.progress('entries', total);
    progress.tick(done - before);
    before = done;
  };
  const more = { progress: step, ...(root === undefined ? {} : { root }) };
  const report = /^https?:\/\//.test(where) ? await verifyHub(where, more) : await verifyFolder(where, more);
  progress?.done();
  return { json: documentOf(report), text: textOf(report), exit: report.exit };
}

async function verifyHub(
  url: string,
  options: { root?: string; progress: (done: number, total: number) => void },
): Promise<AuditReport> {
  const hub = hubClient(url, fetch);
  try {
    return await audit({ source: { read: path => hub.read(path) }, blobs: digest => hub.blob(digest), ...options });
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    // A hub that does not answer has not been found wrong.
    throw new CommandError(`could not check: ${error.message}`, 3, { cause: error });
  }
}

function documentOf(r: AuditReport) {
  return {
    ok: r.exit === 0,
    statements: r.statements,
    origin: r.origin,
    witnesses: r.witnesses,
    results: r.results,
    root: r.rootId,
    fingerprint: r.root.join(' '),
    ...(r.at === undefined ? {} : { at: r.at, reason: r.reason }),
    checks: r.items,
  };
}

const MARK = { checked: 'checked     ', wrong: 'WRONG       ', 'not-checked': 'not checked ' } as const;

function textOf(r: AuditReport): string {
  const lines = r.items.map(i => `${MARK[i.outcome]} ${i.what}: ${i.detail}`);
  lines.push('', `Starts from the root ${r.rootId.slice(0, 16)}…: ${r.root.join(' ')}`);
  lines.push('Compare these words with what a member publishes elsewhere; a hub can only vouch for itself.');
  if (r.exit === 0) lines.push(`ok: ${r.statements} statements of ${r.origin}`);
  else lines.push(`${r.exit === 1 ? 'wrong' : 'could not check'}: ${r.at}: ${r.reason}`);
  return lines.join('\n');
}
