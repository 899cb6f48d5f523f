// `madang hub restore`: makes a hub's log anew from a member's copy, when members' nodes cannot give it back over the network. The hub must not be running.
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { audit } from '@madang/study/verify';
import { logReader, noteKeysFromSeed, openCheckpoint, toHex } from '@madang/trust';
import { folderStore } from '@madang/trust/folder';
import { readKeyFile } from '@madang/trust/keyfile';
import { lockFolder } from '@madang/trust/lock';
import { type Command, CommandError, type Io, type Options } from '../command.ts';

export const restore: Command = {
  name: 'restore',
  summary: "make the hub's log anew from a member's copy of it",
  description:
    'For a hub that lost its disk or was put back from a backup. DIR is a member’s folder or any copy of the log. The copy is verified whole (as `madang verify` does),\n' +
    'must be signed by this hub’s own keys and hold all that this hub’s folder still has. The old log is kept beside the new one. At its next start the hub asks\n' +
    'the members before it signs anything, and they send again what had lain beside the log.',
  options: [
    { flags: '--home <dir>', description: "the hub's folder, with config.json and keys/", required: true },
    { flags: '--from <dir>', description: "a member's folder, or a copy of the log", required: true },
  ],
  examples: ['npx madang hub restore --home ./hub --from ./member'],
  run: runRestore,
};

async function runRestore(_args: readonly unknown[], options: Options, io: Io) {
  const home = resolve(String(options['home']));
  const from = logUnder(String(options['from']));
  const { origin } = JSON.parse(await readFile(join(home, 'config.json'), 'utf8').catch(() => '{}')) as {
    origin?: string;
  };
  if (!origin) throw new CommandError(`${home} is no hub's folder: it has no config.json that names the log`, 2);
  const lock = lockFolder(home);
  try {
    const passphrase = process.env['MADANG_PASSPHRASE'];
    const seed = (await readKeyFile(join(home, 'keys', 'log-notes.json'), 'log-notes', passphrase)).secret;
    const { verifiers } = noteKeysFromSeed(origin, 'log', seed);
    const copy = folderStore(from);
    const note = await copy.read('checkpoint');
    if (!note) throw new CommandError(`${from} holds no checkpoint`, 2);
    const { size, root } = openCheckpoint(note, verifiers);
    const progress = io.progress('entries', size);
    let before = 0;
    const report = await audit({
      source: copy,
      blobs: async () => undefined,
      progress: done => {
        progress.tick(done - before);
        before = done;
      },
    });
    progress.done();
    if (report.exit === 1) throw new CommandError(`the copy is not good: ${report.at}: ${report.reason}`);
    const witnessed = report.items.find(i => i.what === 'witnesses');
    if (witnessed?.outcome !== 'checked')
      throw new CommandError(`the copy's checkpoint is not final: ${witnessed?.detail}. Take another member's`, 3);
    await holdsOurs(home, size, verifiers, from);
    const kept = await replaceLog(home, from, note);
    return {
      json: { home, from, size, root: toHex(root), kept: kept ?? null },
      text: `${home} has a log of ${size} entries again.${kept ? ` What was there is in ${kept}.` : ''} Start the hub: it asks the members before it signs.`,
    };
  } finally {
    lock.release();
  }
}

/** The copy must go on from what this hub's folder says it published; a folder too damaged to say so has nothing to lose. */
async function holdsOurs(home: string, size: number, verifiers: Parameters<typeof openCheckpoint>[1], from: string) {
  const note = await folderStore(join(home, 'log')).read('checkpoint');
  if (!note) return;
  const own = openCheckpoint(note, verifiers);
  if (own.size > size)
    throw new CommandError(
      `this hub published ${own.size} entries, the copy has ${size}: take a member's that has them`,
    );
  if (toHex(await logReader(folderStore(from)).root(own.size)) !== toHex(own.root))
    throw new CommandError(
      `at size ${own.size} the copy shows another history than this hub published: keep both, and let the members look`,
    );
}

/** Puts the copy in the place of HOME/log; returns where the old one is now. */
async function replaceLog(home: string, from: string, note: Uint8Array): Promise<string | undefined> {
  const target = join(home, 'log');
  const fresh = join(home, 'log.restoring');
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  await cp(join(from, 'tile'), join(fresh, 'tile'), { recursive: true });
  const store = folderStore(fresh);
  await store.write('checkpoint.final', note);
  await store.write('checkpoint', note);
  let kept: string | undefined;
  if (existsSync(target)) {
    for (let n = 1; kept === undefined; n++) if (!existsSync(`${target}.before-${n}`)) kept = `${target}.before-${n}`;
    await rename(target, kept);
  }
  await rename(fresh, target);
  await writeFile(join(home, 'restored.json'), `${JSON.stringify({ time: Math.floor(Date.now() / 1000) })}\n`);
  return kept;
}

function logUnder(where: string): string {
  const folder = resolve(where);
  const log = [folder, join(folder, 'log')].find(f => existsSync(join(f, 'tile')));
  if (!log) throw new CommandError(`${where} holds no log: there is no "tile" folder in it`, 2);
  return log;
}
