// `madang verify DIR` on a hub's folder and a member's copy, each changed in every way that a disk, an editor or a liar could: what is wrong is named.
import assert from 'node:assert/strict';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { before, describe, test } from 'node:test';
import { random } from '@madang/numerics';
import { cosignCheckpoint, mergeSignatures, openLog, parseCheckpoint, parseNote } from '@madang/trust';
import { folderStore } from '@madang/trust/folder';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { Fixture } from '../../../hub/src/testing/fixture.ts';
import { verifyFolder } from './folder.ts';

const ALL = ['alpha', 'beta', 'gamma', 'delta'];

describe('verify on a folder', () => {
  const home = tempFolder('madang-verify-');
  const f = new Fixture();
  const own = join(home, 'hub', 'log');
  const copy = join(home, 'nodes', 'alpha', 'log');
  let entries: Uint8Array[] = [];

  before(async () => {
    Object.assign(f, { folder: join(home, 'hub') });
    await f.founded();
    const candidate = (i: number) => ({
      org: `m-${i}`,
      name: 'M',
      seat: 'bank',
      home: 'DE',
      roles: [],
      root: 'ab'.repeat(32),
    });
    // Two bundles, so that there are full tiles and a level above them.
    const invitations = Array.from({ length: 260 }, (_, i) =>
      f.statement('alpha', 'member.invite', { candidates: [candidate(i)] }),
    );
    await Promise.all((await Promise.all(invitations)).map(s => f.client().submit(s)));
    await f.client('alpha').putBlob(f.bytes('a blob'));
    await f.cosign(ALL);
    entries = await Promise.all(Array.from({ length: f.hub.log.size }, (_, i) => f.hub.log.entry(i)));
    await f.hub.close();
    mkdirSync(copy, { recursive: true });
    cpSync(join(own, 'tile'), join(copy, 'tile'), { recursive: true });
    cpSync(join(own, 'checkpoint.final'), join(copy, 'checkpoint'));
  });

  /** The report with a file changed; the file is put back. */
  async function changed(file: string, change: (bytes: Buffer) => Buffer | undefined) {
    const bytes = readFileSync(file);
    const spoilt = change(Buffer.from(bytes));
    if (spoilt) writeFileSync(file, spoilt);
    else rmSync(file);
    const report = await verifyFolder(home, {});
    writeFileSync(file, bytes);
    return report;
  }
  const flip = (at: number) => (b: Buffer) => {
    b[at < 0 ? b.length + at : at] ^= 1 << (b.length % 8);
    return b;
  };
  const tiles = () => globSync(join(home, '**/tile/**')).filter(p => statSync(p).isFile());

  test('untouched it is whole', async () => {
    const report = await verifyFolder(home, {});
    assert.equal(report.exit, 0, report.reason);
    assert.deepEqual(
      report.items.map(i => i.outcome),
      report.items.map(() => 'checked'),
    );
    assert.ok(tiles().length >= 10);
  });

  test('a byte changed in any file of any tile folder is named', async () => {
    const r = random('bytes of tiles');
    for (const file of tiles()) {
      const size = statSync(file).size;
      for (const at of [0, r.below(size), -1]) {
        const report = await changed(file, flip(at));
        assert.equal(report.exit, 1, `${relative(home, file)} byte ${at}`);
        assert.ok(report.at && report.reason);
      }
    }
  });

  test('a file cut short, empty or gone is named', async () => {
    for (const file of [...globSync(join(copy, 'tile/*/000')), ...globSync(join(own, 'tile/*/000'))]) {
      assert.equal((await changed(file, b => b.subarray(0, 100))).exit, 1, `cut: ${file}`);
      assert.equal((await changed(file, () => undefined)).exit, 1, `gone: ${file}`);
    }
    const away = join(home, 'away');
    cpSync(join(copy, 'tile'), away, { recursive: true });
    rmSync(join(copy, 'tile'), { recursive: true });
    const report = await verifyFolder(home, {});
    cpSync(away, join(copy, 'tile'), { recursive: true });
    rmSync(away, { recursive: true });
    assert.deepEqual([report.exit, report.reason], [1, 'the file is missing']);
  });

  test('a file that nothing vouches for is named', async () => {
    for (const log of [own, copy])
      for (const path of ['tile/0/003', 'tile/0/x001/000', 'tile/0/stray', 'tile/0/000.p/3', 'tile/junk']) {
        const file = join(log, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, Buffer.alloc(96));
        const report = await verifyFolder(home, {});
        rmSync(file);
        assert.ok(report.exit === 1 || (log === own && report.exit === 3), `${file}: ${report.exit}`);
        assert.ok(report.at?.includes(path.split('/').at(-1)!), report.at);
      }
  });

  test('a copy whose node died before its checkpoint: what it had written already must be the hub’s', async () => {
    const early = join(home, 'nodes', 'gamma', 'log');
    cpSync(join(await forged(entries.slice(0, 200)), 'log'), early, { recursive: true });
    rmSync(join(early, 'checkpoint.final'));
    cpSync(join(own, 'tile/entries/000'), join(early, 'tile/entries/000'));
    assert.equal((await verifyFolder(home, {})).exit, 0);
    const report = await changed(join(early, 'tile/entries/000'), flip(-1));
    rmSync(early, { recursive: true });
    assert.deepEqual([report.exit, report.at], [1, 'nodes/gamma/log/tile/entries/000']);
  });

  test('checkpoints: changed, unsigned, with a spoilt cosignature, without witnesses', async () => {
    for (const file of [join(own, 'checkpoint'), join(own, 'checkpoint.final'), join(copy, 'checkpoint')]) {
      const text = readFileSync(file, 'latin1');
      for (const at of [
        0,
        text.indexOf('\n') + 1,
        text.indexOf('\n\n') + 12,
        text.indexOf('\n\n') + 200,
        text.length - 60,
      ]) {
        const report = await changed(file, flip(at));
        assert.equal(report.exit, 1, `${relative(home, file)} byte ${at}`);
      }
      assert.equal((await changed(file, () => Buffer.alloc(0))).exit, 1);
    }
    const alone = await changed(join(own, 'checkpoint.final'), () => undefined);
    assert.equal(alone.exit, 3, 'signed by the log, cosigned by nobody');
    assert.match(alone.reason ?? '', /0 of 3 needed witnesses/);
  });

  test('a blob that is not what its name says', async () => {
    const [blob] = globSync(join(home, 'hub/blobs/*/*'));
    const report = await changed(blob, flip(0));
    assert.deepEqual([report.exit, report.at], [1, relative(home, blob)]);
  });

  /** A log of other entries under the log's and all witnesses' own keys: everybody lies. */
  async function forged(list: readonly Uint8Array[]): Promise<string> {
    const other = tempFolder('madang-forged-');
    const log = await openLog({
      store: folderStore(join(other, 'log')),
      origin: f.hub.options.origin,
      signer: f.logNotes,
    });
    await log.append(list);
    const { note } = await log.publish();
    const checkpoint = parseCheckpoint(parseNote(note).text);
    const lines = ALL.flatMap(org => cosignCheckpoint(checkpoint, f.witnesses.get(org)!, f.clock));
    await log.storeFinal(mergeSignatures(note, lines));
    return other;
  }

  test('a statement dropped or two exchanged, under what a later signer had seen: found even if the log and every witness signed it', async () => {
    assert.equal((await verifyFolder(await forged(entries), {})).exit, 0);
    const dropped = await verifyFolder(await forged(entries.toSpliced(1, 1)), {});
    assert.deepEqual([dropped.exit, /other-history|not-fresh/.test(dropped.reason ?? '')], [1, true], dropped.reason);
    const exchanged = await verifyFolder(await forged(entries.toSpliced(1, 2, entries[2], entries[1])), {});
    assert.deepEqual([exchanged.exit, exchanged.at], [1, 'log/entry 1'], exchanged.reason);
    const twice = await verifyFolder(await forged([...entries, entries[2]]), {});
    assert.match(twice.reason ?? '', /replayed/);
  });

  test('a copy with another history than the hub is a fork, whoever signed it', async () => {
    const other = await forged(entries.slice(0, 200));
    const fork = join(home, 'nodes', 'beta', 'log');
    cpSync(join(other, 'log'), fork, { recursive: true });
    rmSync(join(fork, 'checkpoint.final'));
    assert.equal((await verifyFolder(home, {})).exit, 0, 'a beginning of the same history');
    rmSync(fork, { recursive: true });
    cpSync(join(await forged(entries.slice(0, 200).toSpliced(150, 1)), 'log'), fork, { recursive: true });
    rmSync(join(fork, 'checkpoint.final'));
    const report = await verifyFolder(home, {});
    rmSync(fork, { recursive: true });
    assert.deepEqual([report.exit, report.at], [1, 'nodes/beta/log/checkpoint']);
    assert.match(report.reason ?? '', /another history/);
  });
});
