// kill -9 of a hub's process, and of its PostgreSQL server, in the middle of a stream of statements: every receipt is kept, and no size has two roots.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { hubClient, type Receipt } from '@madang/api';
import { Replay } from '@madang/charter';
import {
  encodePublicKey,
  generateHybridKey,
  generateNoteKeys,
  type Json,
  parseCheckpoint,
  parseNote,
  signStatement,
  softwareSigner,
  splitBundle,
  toHex,
} from '@madang/trust';
import { tempFolder } from '../../../scripts/temp-folder.ts';
import { createHub } from './setup.ts';
import { type Postgres, postgresPrograms, startPostgres } from './testing/postgres.ts';

const origin = 'test/kill';
const program = join(import.meta.dirname, 'main.ts');
const key = generateHybridKey();
const programs = postgresPrograms();

for (const engine of ['embedded', 'server'] as const) {
  const skip = engine === 'server' && !programs ? 'PostgreSQL is not installed (Debian package postgresql)' : false;
  describe(`a hub that dies on ${engine === 'embedded' ? 'the embedded engine' : 'a PostgreSQL server'}`, {
    skip,
  }, () => {
    const home = tempFolder('madang-kill-');
    const receipts: Receipt[] = [];
    let server: Postgres | undefined;
    let hub: ChildProcess;
    let url = '';
    const client = () => hubClient(url, fetch);

    async function start(): Promise<void> {
      // Nobody else holds this log: the disk alone must be enough.
      hub = spawn(process.execPath, [program, home, '--trust-disk'], {
        env: { ...process.env, ...(server ? { DATABASE_URL: server.url } : {}) },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      url = await new Promise<string>((resolve, reject) => {
        hub.stdout!.on('data', (d: Buffer) => resolve(String(d).replace('listening ', '').trim()));
        hub.once('exit', code => reject(new Error(`the hub ended with ${code}`)));
      });
    }
    const gone = async (signal: NodeJS.Signals) => {
      const ended = new Promise(resolve => hub.once('exit', resolve));
      hub.kill(signal);
      await ended;
    };

    before(async () => {
      if (engine === 'server') server = await startPostgres(programs!);
      const identity = await createHub(home, { origin, operator: 'hub', host: '127.0.0.1', port: 0 });
      await start();
      receipts.push(await client().submit(await founding(identity)));
    });
    after(async () => {
      await gone('SIGTERM');
      await server?.stop();
    });

    /** Members send, each its next statement when the last is answered, until told to stop; an answer that never came is sent again. */
    function stream(name: string): { stop: () => Promise<void> } {
      let on = true;
      const senders = Array.from({ length: 8 }, async (_, sender) => {
        for (let i = 0; on; i++) {
          const bytes = await invite(`${name}-${sender}-${i}`, receipts[0]);
          while (on && hub.exitCode === null) {
            const receipt = await client()
              .submit(bytes)
              .catch(() => undefined);
            if (receipt) receipts.push(receipt);
            if (receipt) break;
            await delay(20);
          }
        }
      });
      return {
        async stop() {
          on = false;
          await Promise.all(senders);
        },
      };
    }
    const more = async (count: number) => {
      const least = receipts.length + count;
      while (receipts.length < least) {
        assert.equal(hub.exitCode, null, 'the hub has ended by itself');
        await delay(10);
      }
    };

    test('the hub, three times', async () => {
      for (let round = 0; round < 3; round++) {
        const flow = stream(`h${round}`);
        await more(10 + 7 * round);
        await gone('SIGKILL');
        await flow.stop();
        await start();
      }
      await everyReceiptHolds();
    });

    if (engine === 'server')
      test('the database server, while the hub goes on', async () => {
        const flow = stream('s');
        for (let round = 0; round < 5; round++) {
          await more(20);
          await server!.crash();
          await server!.again();
        }
        await more(20);
        await flow.stop();
        await everyReceiptHolds();
      });

    async function everyReceiptHolds(): Promise<void> {
      const replay = new Replay();
      const { size } = await client().status();
      while (replay.past.size < size)
        for (const entry of splitBundle(await client().entries(replay.past.size, size), 1024)) replay.push(entry);
      for (const r of receipts) {
        assert.equal(replay.indexOf(r.id), r.index);
        const checkpoint = parseCheckpoint(parseNote(r.checkpoint).text);
        assert.equal(replay.past.rootAt(checkpoint.size), toHex(checkpoint.root));
      }
    }
  });
}

async function founding(identity: { logKey: unknown; logNotes: unknown }): Promise<Uint8Array> {
  const root = encodePublicKey(key.publicKey);
  const witness = { ...generateNoteKeys('alpha/replay-witness', 'witness').vkeys };
  const founders = [{ org: 'alpha', name: 'Alpha', seat: 'organisation', home: 'CH', roles: [], root, witness }];
  const time = Math.floor(Date.now() / 1000);
  const { logKey, logNotes } = identity;
  const body = { origin, rules: 1, operator: 'hub', logKey, logNotes, time, founders };
  return signStatement({ kind: 'root.found', org: 'alpha', body: body as unknown as { [key: string]: Json } }, [
    softwareSigner(key),
  ]);
}

function invite(org: string, first: Receipt): Promise<Uint8Array> {
  const { size, root } = parseCheckpoint(parseNote(first.checkpoint).text);
  const body = { candidates: [{ org, name: 'M', seat: 'bank', home: 'DE', roles: [], root: 'ab'.repeat(32) }] };
  const until = Math.floor(Date.now() / 1000) + 3600;
  return signStatement({ kind: 'member.invite', org: 'alpha', body, seen: { size, root: toHex(root) }, until }, [
    softwareSigner(key),
  ]);
}
