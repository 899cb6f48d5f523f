// node conformance/interop/torchwood.ts: our log read by torchwood (Go), torchwood's checkpoint read by us. Needs Go 1.27 and, the
// first time, the network. Not part of the test run: it checks that two independent readings of C2SP agree, types 0x01, 0x04, 0x06.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkpointPath,
  cosignCheckpoint,
  generateNoteKeys,
  mergeSignatures,
  openCheckpoint,
  openLog,
  utf8,
  verifyTiles,
} from '@madang/trust';
import { folderStore } from '@madang/trust/folder';
import { tlogSuite } from '../src/suites/tlog.ts';

const work = mkdtempSync(join(tmpdir(), 'madang-torchwood-'));
try {
  const binary = join(work, 'torchwood');
  run('go', ['build', '-o', binary, '.'], { cwd: join(import.meta.dirname, 'torchwood') });
  const vectors = join(work, 'tlog');
  mkdirSync(vectors);
  for (const size of [1, 255, 256, 257, 5_000, 70_000]) {
    const folder = join(work, `log-${size}`);
    const store = folderStore(folder);
    const [keys, witness] = [generateNoteKeys('demo/interop', 'log'), generateNoteKeys('demo/witness', 'witness')];
    const log = await openLog({ store, origin: 'demo/interop', signer: keys });
    for (let from = 0; from < size; from += 20_011) {
      await log.append(Array.from({ length: Math.min(20_011, size - from) }, (_, i) => utf8(`entry ${from + i}`)));
      await log.publish();
    }
    const checkpoint = openCheckpoint(log.checkpoint(), keys.verifiers);
    // With a witness's signatures beside the log's, where torchwood looks for it.
    const cosigned = mergeSignatures(log.checkpoint(), cosignCheckpoint(checkpoint, witness, 1_790_000_000));
    await store.write(checkpointPath, cosigned);
    const start = performance.now();
    const ours = await verifyTiles(store, checkpoint);
    const seconds = (performance.now() - start) / 1000;
    const vkeys = [...Object.values(keys.vkeys), ...Object.values(witness.vkeys)];
    const theirs = JSON.parse(run(binary, [folder, join(vectors, `${size}.json`), ...vkeys]));
    const agreed = ours.ok && theirs.size === size && theirs.entries === size && theirs.signatures === 4;
    if (!agreed) process.exitCode = 1;
    console.log(
      `${agreed ? 'ok  ' : 'FAIL'} ${size} entries; torchwood ${theirs.seconds.toFixed(3)} s, ours ${seconds.toFixed(3)} s`,
    );
  }
  const { passed, failed, unsupported, unreadable } = await tlogSuite(vectors);
  console.log(
    `torchwood's checkpoints: ${passed} passed, ${failed.length + unsupported.length + unreadable.length} failed`,
  );
  if (passed !== 6) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true });
}

function run(program: string, args: string[], options: { cwd?: string } = {}): string {
  const result = spawnSync(program, args, { encoding: 'utf8', ...options });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${program}: ${result.stderr}`);
  return result.stdout;
}
