// Signed notes, checkpoints and cosignatures (types 0x01, 0x04, 0x06), tile paths and geometry, origin lengths, as C2SP states them.
// Whatever in a file has a note and verifier keys is checked as a note; with an origin or a size, also as a checkpoint.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  levelLength,
  type NoteVerifier,
  type OpenedNote,
  openNote,
  parseCheckpoint,
  parseNote,
  parseTilePath,
  parseVerifierKey,
  TrustError,
  tilePath,
  tileWidth,
  toBase64,
  toHex,
} from '@madang/trust';
import { type SuiteResult, Tally } from '../suite.ts';

interface Fields {
  readonly [name: string]: unknown;
}

export async function tlogSuite(folder: string): Promise<SuiteResult> {
  const tally = new Tally();
  for (const file of readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .sort()) {
    let content: unknown;
    try {
      content = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    } catch {
      tally.unreadable.push(file);
      continue;
    }
    const before = countOf(tally);
    await walk(content, file, tally);
    if (countOf(tally) === before) tally.unreadable.push(`${file}: no case of a known form`);
  }
  return tally;
}

function countOf(tally: Tally): number {
  return tally.passed + tally.failed.length + tally.unsupported.length + tally.unreadable.length;
}

async function walk(value: unknown, name: string, tally: Tally): Promise<void> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) await walk(item, `${name}[${i}]`, tally);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const fields = value as Fields;
  if (typeof fields['note'] === 'string') return checkNote(fields, name, tally);
  if (typeof fields['n'] === 'number' && typeof fields['path'] === 'string') return checkPath(fields, name, tally);
  if (typeof fields['origin_utf8_bytes'] === 'number') return checkOrigin(fields, name, tally);
  for (const [key, item] of Object.entries(fields)) {
    const tree = /^tree_(\d+)$/.exec(key);
    if (tree) await checkGeometry(Number(tree[1]), item as Fields, `${name}.${key}`, tally);
    else await walk(item, `${name}.${key}`, tally);
  }
}

async function checkNote(fields: Fields, name: string, tally: Tally): Promise<void> {
  const keys = [fields['vkeys'], fields['vkey']].flat().filter(key => typeof key === 'string');
  const source = typeof fields['source'] === 'string' ? `${name} (${fields['source']})` : name;
  if (keys.length === 0) {
    tally.unreadable.push(`${source}: no verifier keys`);
    return;
  }
  const good = fields['verifies'] !== false;
  try {
    const verifiers = keys.map(parseVerifierKey);
    const note = openNote(fields['note'] as string, verifiers);
    tally.check(source, good && allSignersVerified(note, verifiers) && isAsStated(fields, keys));
  } catch (error) {
    if (error instanceof TrustError && error.code === 'unsupported')
      tally.unsupported.push(`${source}: ${error.message}`);
    else if (!good && error instanceof TrustError) tally.passed += 1;
    else tally.failed.push(`${source}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A key may have signed nothing here, but no line of a known name may go unverified. */
function allSignersVerified(note: OpenedNote, verifiers: readonly NoteVerifier[]): boolean {
  const verified = note.verified.map(result => result.verifier);
  return verifiers.every(
    v => verified.includes(v) || !note.signatures.some(line => line.name === v.name && line.keyId === v.keyId),
  );
}

/** Our own writing gives the same bytes, and the checkpoint says what the case says. */
function isAsStated(fields: Fields, keys: readonly string[]): boolean {
  const note = parseNote(fields['note'] as string);
  const sameNote = new TextDecoder().decode(formatNote(note)) === fields['note'];
  const sameKeys = keys.every(key => formatVerifierKey(parseVerifierKey(key)) === key);
  if (!sameNote || !sameKeys) return false;
  if (fields['origin'] === undefined && fields['size'] === undefined) return true;
  const checkpoint = parseCheckpoint(note.text);
  const roots = [toBase64(checkpoint.root), toHex(checkpoint.root)];
  const stated = ['root', 'root_hash', 'rootHash'].map(key => fields[key]).filter(root => typeof root === 'string');
  return (
    (fields['origin'] === undefined || checkpoint.origin === fields['origin']) &&
    (fields['size'] === undefined || checkpoint.size === Number(fields['size'])) &&
    stated.every(root => roots.includes(root)) &&
    formatCheckpoint(checkpoint) === note.text
  );
}

async function checkPath(fields: Fields, name: string, tally: Tally): Promise<void> {
  const [n, path] = [fields['n'] as number, fields['path'] as string];
  await tally.try(name, () => {
    const full = tilePath({ level: 0, index: n, width: tileWidth });
    return full === `tile/0/${path}` && parseTilePath(full)?.index === n;
  });
}

async function checkOrigin(fields: Fields, name: string, tally: Tally): Promise<void> {
  const length = fields['origin_utf8_bytes'] as number;
  // Two-byte letters and one plain one where the length is odd: the limit counts bytes of UTF-8, not letters.
  for (const origin of ['a'.repeat(length), 'é'.repeat(length >> 1) + 'a'.repeat(length & 1)]) {
    let valid = true;
    try {
      valid =
        parseCheckpoint(formatCheckpoint({ origin, size: 1, root: new Uint8Array(32), extensions: [] })).origin ===
        origin;
    } catch {
      valid = false;
    }
    tally.check(`${name} ${length}`, valid === (fields['valid'] === true));
  }
}

/** Fields `level<L>_full` and `level<L>_partial_width`; what is not stated must be zero. */
async function checkGeometry(size: number, stated: Fields, name: string, tally: Tally): Promise<void> {
  for (const key of Object.keys(stated)) {
    const match = /^level(\d+)_(full|partial_width)$/.exec(key);
    if (!match) {
      tally.unsupported.push(`${name}.${key}`);
      continue;
    }
    const length = levelLength(size, Number(match[1]));
    const expected = match[2] === 'full' ? Math.floor(length / tileWidth) : length % tileWidth;
    tally.check(`${name}.${key}`, stated[key] === expected);
  }
}
