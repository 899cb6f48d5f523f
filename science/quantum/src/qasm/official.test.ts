// The official repository's own cases: examples and grammar references must parse and print back to the same tree, invalid lines must not.
// Read in place from a checkout of github.com/openqasm/openqasm named by MADANG_OPENQASM; nothing of it is kept here.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { QuantumError } from '../error.ts';
import { parse } from './parse.ts';
import { print } from './print.ts';

const root = process.env['MADANG_OPENQASM'];
const skip = root ? false : 'optional: set MADANG_OPENQASM to a checkout of github.com/openqasm/openqasm';

function printsBack(text: string, file: string): void {
  const tree = parse(text, { file });
  assert.deepEqual(bare(parse(print(tree), { file: `${file}, printed` })), bare(tree));
}
const bare = (x: unknown): unknown => JSON.parse(JSON.stringify(x, (key, value) => (key === 'at' ? undefined : value)));

test('official examples parse', { skip }, () => {
  const files = globSync(join(root!, 'examples/*.{qasm,inc}'));
  assert.ok(files.length >= 21, `${files.length} examples`);
  for (const f of files) printsBack(readFileSync(f, 'utf8'), f);
});

test('official grammar cases parse', { skip }, () => {
  const files = globSync(join(root!, 'source/grammar/tests/reference/**/*.yaml'));
  assert.ok(files.length >= 35, `${files.length} cases`);
  for (const f of files) {
    const source = /^source: \|\n([\s\S]*?)^reference:/m.exec(readFileSync(f, 'utf8'));
    assert.ok(source, f);
    printsBack(source[1].replaceAll(/^ {2}/gm, ''), f);
  }
});

test('official invalid lines are refused', { skip }, () => {
  const files = globSync(join(root!, 'source/grammar/tests/invalid/**/*.qasm'));
  assert.ok(files.length >= 11, `${files.length} files`);
  for (const f of files)
    for (const line of readFileSync(f, 'utf8')
      .split('\n')
      .map(l => l.trim()))
      if (line !== '' && !line.startsWith('//'))
        assert.throws(
          () => parse(line),
          (e: unknown) => e instanceof QuantumError && e.code === 'syntax' && e.line === 1,
          line,
        );
});
