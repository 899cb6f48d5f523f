// A real process is killed with SIGKILL in the middle of appends and publications, again and again on the same folder. After each
// death everything that it acknowledged is there, and no two checkpoints contradict each other.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { fromUtf8, toHex } from '../bytes/bytes.ts';
import { noteKeysFromSeed } from '../checkpoint/signer.ts';
import { folderStore } from '../store/folder.ts';
import { openLog } from './log.ts';
import { verifyConsistency } from './merkle.ts';
import { verifyTiles } from './verify-tiles.ts';

const origin = 'demo/crash';
const signer = noteKeysFromSeed(origin, 'log', new Uint8Array(32).fill(3));

/** Runs the writer until it has published `checkpoints` times and printed `lines` lines more, kills it, and returns what it printed. */
async function runAndKill(folder: string, checkpoints: number, lines: number): Promise<string[]> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../testing/log-writer.ts'), folder, origin, toHex(signer.seed)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exited = new Promise(resolve => child.once('exit', (_, signal) => resolve(signal)));
  const printed: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(line);
    if (line.startsWith('checkpoint')) checkpoints -= 1;
    if (checkpoints <= 0 && lines-- === 0) child.kill('SIGKILL');
  }
  assert.equal(await exited, 'SIGKILL');
  return printed;
}

test('kill -9 in the middle of appends', async () => {
  const folder = tempFolder('madang-crash-');
  const acknowledged = new Map<number, string>();
  const checkpoints: { size: number; root: string }[] = [];
  const rounds = process.env['SLOW'] ? 40 : 6;
  for (let round = 0; round < rounds; round++) {
    for (const line of await runAndKill(folder, 1 + (round % 4), (round * 37) % 90)) {
      const [what, number, value] = line.split(' ');
      if (what === 'ack') {
        assert.equal(acknowledged.has(Number(number)), false, `index ${number} was given twice`);
        acknowledged.set(Number(number), value);
      } else if (what === 'checkpoint') checkpoints.push({ size: Number(number), root: value });
    }
  }
  assert.ok(
    acknowledged.size > 50 && checkpoints.length > 5,
    `${acknowledged.size} entries, ${checkpoints.length} checkpoints`,
  );

  const store = folderStore(folder);
  const log = await openLog({ store, origin, signer });
  const last = await log.publish();
  for (const [index, text] of acknowledged) assert.equal(fromUtf8(await log.entry(index)), text);
  assert.equal((await verifyTiles(store, last)).ok, true);
  for (const { size, root } of checkpoints) {
    assert.equal(toHex(await log.reader.root(size)), root, `the checkpoint of ${size} still holds`);
    if (size === 0) continue;
    const proof = await log.consistency(size);
    assert.ok(verifyConsistency(size, last.size, proof, await log.reader.root(size), last.root));
  }
});
