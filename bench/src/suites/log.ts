// The log with both signatures of every statement verified: admission (open, verify, append, acknowledged only when synced to disk,
// a checkpoint every second), and verification of a whole log from its files. Held against the stated limits of the product.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  generateHybridKey,
  generateNoteKeys,
  type HybridPublicKey,
  type Log,
  openLog,
  openStatement,
  signStatement,
  softwareSigner,
  verifyStatementBeside,
  verifyTiles,
} from '@madang/trust';
import { folderStore } from '@madang/trust/folder';
import type { BenchSuite } from '../figure.ts';

/** Distinct statements, signed before the clock starts; the log repeats them, which costs the verifier the same. */
const signedCount = 1_000;
const entryCount = Number(process.env['BENCH_ENTRIES'] ?? 20_000);
const sendersAtOnce = 64;
const limitPerSecond = 1_000;
const limitSecondsFor100k = 60;

export const logSuite: BenchSuite = async function* () {
  const keys = Array.from({ length: 20 }, generateHybridKey);
  const keyOf = (id: string) => known.get(id);
  const known = new Map<string, HybridPublicKey>(keys.map(key => [key.keyId, key.publicKey]));
  const statements = await Promise.all(
    Array.from({ length: signedCount }, (_, i) =>
      signStatement(
        {
          kind: 'study.approve',
          org: `member-${i % keys.length}`,
          body: { study: 'ab'.repeat(32), rounds: i, budget: '0.060' },
          seen: { size: i, root: 'cd'.repeat(32) },
          until: 1_800_000_000 + i,
        },
        [softwareSigner(keys[i % keys.length])],
      ),
    ),
  );

  const folder = mkdtempSync(join(tmpdir(), 'madang-bench-log-'));
  try {
    const store = folderStore(folder);
    const signer = generateNoteKeys('bench/log', 'log');
    const log = await openLog({ store, origin: 'bench/log', signer });
    const admitted = await secondsOf(() => admit(log, statements, keyOf));
    yield {
      name: `statements admitted, both signatures verified, synced (${entryCount} from ${sendersAtOnce} senders)`,
      unit: '/s',
      ours: entryCount / admitted,
      against: { name: 'stated limit', value: limitPerSecond },
      smallerIsBetter: false,
      runs: 1,
    };

    const published = await log.publish();
    let verified = 0;
    const seconds = await secondsOf(async () => {
      const result = await verifyTiles(store, published, {
        async onBundle(first, entries) {
          const answers = await Promise.all(entries.map(entry => verifyStatementBeside(openStatement(entry), keyOf)));
          const bad = answers.findIndex(answer => !answer.ok);
          verified += answers.length;
          return bad < 0 ? undefined : { at: `entry ${first + bad}`, reason: 'a signature does not verify' };
        },
      });
      if (!result.ok || verified !== entryCount) throw new Error(`verified ${verified}: ${JSON.stringify(result)}`);
    });
    yield {
      name: `a log verified from its files, for 100,000 statements (measured on ${entryCount})`,
      unit: 's',
      ours: (seconds * 100_000) / entryCount,
      against: { name: 'stated limit', value: limitSecondsFor100k },
      smallerIsBetter: true,
      runs: 1,
    };
    const reopened = await secondsOf(async () => void (await openLog({ store, origin: 'bench/log', signer })));
    yield { name: 'opening that log', unit: 's', ours: reopened, smallerIsBetter: true, runs: 1 };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

async function secondsOf(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}

async function admit(
  log: Log,
  statements: readonly Uint8Array[],
  keyOf: (id: string) => HybridPublicKey | undefined,
): Promise<void> {
  let next = 0;
  const send = async () => {
    while (next < entryCount) {
      const bytes = statements[next++ % statements.length];
      if (!(await verifyStatementBeside(openStatement(bytes), keyOf)).ok)
        throw new Error('a good statement was refused');
      await log.append([bytes]);
    }
  };
  const publishing = setInterval(() => void log.publish(), 1000);
  await Promise.all(Array.from({ length: sendersAtOnce }, send));
  clearInterval(publishing);
  await log.publish();
}
