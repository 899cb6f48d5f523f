import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromUtf8, toBase64, utf8 } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { mergeSignatures } from './merge.ts';
import { formatNote, parseNote } from './note.ts';
import { countCosignatures, quorum } from './quorum.ts';
import { cosignCheckpoint, type NoteKeys, noteKeysFromSeed, parseNoteVkeys, signCheckpoint } from './signer.ts';
import {
  cosignatureMessage,
  formatVerifierKey,
  noteVerifier,
  openCheckpoint,
  openNote,
  parseVerifierKey,
  subtreeMessage,
} from './verifier.ts';

const seed = (byte: number) => new Uint8Array(32).fill(byte);
const log = noteKeysFromSeed('hub.example/log', 'log', seed(1));
const witnesses = [2, 3, 4, 5].map(byte => noteKeysFromSeed(`member-${byte}.example`, 'witness', seed(byte)));
const known = witnesses.map(keys => ({ id: keys.name, vkeys: keys.vkeys }));
const checkpoint = { origin: log.name, size: 20_852_163, root: seed(7), extensions: [] };
const note = signCheckpoint(checkpoint, log, 0);
const cosigned = (keys: readonly NoteKeys[]) =>
  mergeSignatures(
    note,
    keys.flatMap(k => cosignCheckpoint(checkpoint, k, 1_679_315_147)),
  );

test('the example of the signed-note standard', () => {
  const verifier = parseVerifierKey('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
  const text =
    'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
  assert.equal(openNote(text, [verifier]).text, 'This is an example message.\n');
  assert.equal(fromUtf8(formatNote(parseNote(text))), text);
  assert.equal(formatVerifierKey(verifier), 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
  assert.throws(() => openNote(text.replace('example message', 'exemple message'), [verifier]), {
    code: 'bad-signature',
  });
});

test('the cosigned messages are those of the standard, byte for byte', () => {
  const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
  assert.equal(fromUtf8(cosignatureMessage(text, 1_679_315_147n)), `cosignature/v1\ntime 1679315147\n${text}`);
  const message = subtreeMessage('w1', 258n, 'log', 513, seed(9));
  const expected = [
    ...utf8('subtree/v1\n\0'),
    2,
    ...utf8('w1'),
    0,
    0,
    0,
    0,
    0,
    0,
    1,
    2,
    3,
    ...utf8('log'),
    ...new Uint8Array(8),
    0,
    0,
    0,
    0,
    0,
    0,
    2,
    1,
    ...seed(9),
  ];
  assert.deepEqual([...message], expected);
});

test('a checkpoint signed by the log opens, with types 0x01 and 0x06', () => {
  const opened = openCheckpoint(note, log.verifiers);
  assert.deepEqual(
    { origin: opened.origin, size: opened.size, root: [...opened.root] },
    { origin: log.name, size: checkpoint.size, root: [...checkpoint.root] },
  );
  assert.deepEqual(
    log.verifiers.map(({ type }) => type),
    [1, 6],
  );
  assert.deepEqual(
    witnesses[0].verifiers.map(({ type }) => type),
    [4, 6],
  );
  const one = formatNote({ ...parseNote(note), signatures: parseNote(note).signatures.slice(0, 1) });
  assert.throws(() => openCheckpoint(one, log.verifiers), { code: 'bad-signature' });
  assert.throws(() => openCheckpoint(note, witnesses[0].verifiers), { code: 'bad-signature' });
});

test('a cosignature states its time; a changed time does not verify', () => {
  const opened = openNote(cosigned(witnesses.slice(0, 1)), witnesses[0].verifiers);
  assert.deepEqual(
    opened.verified.map(({ time }) => time),
    [1_679_315_147, 1_679_315_147],
  );
  for (const which of [0, 1]) {
    const signatures = cosignCheckpoint(checkpoint, witnesses[0], 1_679_315_147);
    const changed = signatures.map((s, i) => ({
      ...s,
      signature: i === which ? s.signature.with(7, s.signature[7] ^ 1) : s.signature,
    }));
    assert.throws(() => openNote(mergeSignatures(note, changed), witnesses[0].verifiers), { code: 'bad-signature' });
    const future = signatures.map((s, i) => ({
      ...s,
      signature: i === which ? s.signature.with(0, 0x80) : s.signature,
    }));
    assert.throws(() => openNote(mergeSignatures(note, future), witnesses[0].verifiers), { code: 'bad-signature' });
  }
});

test('a byte changed anywhere in a cosigned checkpoint is seen', () => {
  const bytes = cosigned(witnesses.slice(0, 1));
  const all = [...log.verifiers, ...witnesses[0].verifiers];
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Uint8Array.from(bytes);
      changed[at] ^= flip;
      try {
        // A changed name or key id makes a signature one by an unknown key: then one is missing.
        assert.ok(openNote(changed, all).verified.length < 4);
      } catch (error) {
        assert.ok(error instanceof TrustError, String(error));
      }
    }),
    { numRuns: 400 },
  );
});

test('malformed notes, checkpoints and keys are refused', () => {
  const text = fromUtf8(note);
  const lines = text.split('\n');
  const badNotes = [
    '',
    '\n',
    'text\n',
    'text\n\n',
    text.slice(0, -1),
    text.replace('\n\n', '\n'),
    `${text}\n`,
    text.replace('—', '-'),
    text.replace('— ', '—  '),
    text.replace(/\n— .*\n/, '\n— name AAAA\n'),
    `\0${text}`,
    text.replace('\n', '\r\n'),
    `${text}— a+b AAAAAAAA\n`,
    `${text}— name  AAAAAAAA\n`,
  ];
  for (const bad of badNotes)
    assert.throws(() => parseNote(bad), { code: 'bad-note' }, JSON.stringify(bad.slice(0, 60)));
  const [origin, size, root] = lines;
  const badTexts = [
    `${origin}\n${size}\n`,
    `\n${size}\n${root}\n`,
    `${origin}\n0${size}\n${root}\n`,
    `${origin}\n-1\n${root}\n`,
    `${origin}\n1e3\n${root}\n`,
    `${origin}\n99999999999999999999\n${root}\n`,
    `${origin}\n${size}\n${toBase64(seed(1).subarray(1))}\n`,
    `${origin}\n${size}\n?\n`,
    `${origin}\n${size}\n${root}`,
    `${origin}\n${size}\n${root}\n\n`,
    `${'é'.repeat(128)}\n${size}\n${root}\n`,
  ];
  for (const bad of badTexts)
    assert.throws(() => parseCheckpoint(bad), { code: 'bad-note' }, JSON.stringify(bad.slice(0, 60)));
  const extended = `${origin}\n${size}\n${root}\nextension\n`;
  assert.deepEqual(parseCheckpoint(extended).extensions, ['extension']);
  assert.equal(formatCheckpoint(parseCheckpoint(extended)), extended);

  const vkey = log.vkeys.mldsa44;
  assert.equal(formatVerifierKey(parseVerifierKey(vkey)), vkey);
  assert.throws(() => parseVerifierKey(vkey.replace(/^./, 'X')), { code: 'bad-key' });
  assert.throws(() => parseVerifierKey(vkey.slice(0, -4)), { code: 'bad-key' });
  assert.throws(() => parseVerifierKey('name+00000000'), { code: 'bad-note' });
  assert.throws(() => parseVerifierKey(`name+00000000+${toBase64(Uint8Array.of(2, ...seed(1)))}`), {
    code: 'unsupported',
  });
  assert.throws(() => noteVerifier('two words', 1, seed(1)), { code: 'bad-note' });
});

test('roles do not mix: a log cannot cosign, a witness cannot sign, vkeys must be the right pair', () => {
  assert.throws(() => cosignCheckpoint(checkpoint, log, 5), { code: 'bad-key' });
  assert.throws(() => signCheckpoint(checkpoint, witnesses[0], 5), { code: 'bad-key' });
  assert.throws(() => cosignCheckpoint(checkpoint, witnesses[0], 0), { code: 'bad-shape' });
  assert.throws(() => parseNoteVkeys(log.vkeys, 'witness'), { code: 'bad-key' });
  assert.throws(() => parseNoteVkeys({ ...known[0].vkeys, mldsa44: known[1].vkeys.mldsa44 }, 'witness'), {
    code: 'bad-key',
  });
  const [asLog, asWitness] = [noteKeysFromSeed('x', 'log', seed(1)), noteKeysFromSeed('x', 'witness', seed(1))];
  assert.notDeepEqual(asLog.verifiers[1].publicKey, asWitness.verifiers[1].publicKey);
});

test('quorum is floor(2n/3) + 1, all of them below 4, never nothing', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7, 14, 15].map(quorum), [1, 1, 2, 3, 3, 4, 5, 5, 10, 11]);
});

test('only witnesses with both cosignatures count; faults are named', () => {
  assert.deepEqual(countCosignatures(cosigned(witnesses), known), { good: known.map(({ id }) => id), faults: [] });
  assert.deepEqual(countCosignatures(note, known), { good: [], faults: [] });
  const [a, b, c, d] = witnesses.map(keys => cosignCheckpoint(checkpoint, keys, 9));
  const other = cosignCheckpoint({ ...checkpoint, size: 1 }, witnesses[2], 9);
  const mixed = mergeSignatures(note, [...a, b[0], c[0], other[1], d[1]]);
  const { good, faults } = countCosignatures(mixed, known);
  assert.deepEqual(good, [known[0].id]);
  assert.deepEqual(
    faults.map(({ id }) => id),
    [known[1].id, known[2].id, known[3].id],
  );
  assert.match(faults[0].why, /ML-DSA-44 cosignature is missing/);
  assert.match(faults[1].why, /ML-DSA-44 cosignature does not verify/);
  assert.match(faults[2].why, /Ed25519 cosignature is missing/);
  // A signature copied under another witness's name is that witness's fault to nobody's gain.
  const stolen = a.map((s, i) => ({ ...s, name: known[1].id, keyId: witnesses[1].verifiers[i].keyId }));
  assert.deepEqual(countCosignatures(mergeSignatures(note, stolen), known).good, []);
});

test('merging keeps one line for each key', () => {
  const twice = mergeSignatures(
    cosigned(witnesses.slice(0, 1)),
    cosignCheckpoint(checkpoint, witnesses[0], 1_700_000_000),
  );
  assert.equal(parseNote(twice).signatures.length, 4);
  assert.equal(openNote(twice, witnesses[0].verifiers).verified[0].time, 1_700_000_000);
});
