// Anything at all as a program: it runs within its limits or is refused with a QuantumError; nothing else may be thrown, and no memory taken first.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Random, random } from '@madang/numerics';
import { QuantumError } from '../error.ts';
import { simulate } from '../run/simulate.ts';
import { check } from './check.ts';
import { load } from './load.ts';
import { parse } from './parse.ts';
import { print } from './print.ts';

const RUNS = process.env['SLOW'] ? 20_000 : 600;
const bare = (x: unknown): string => JSON.stringify(x, (key, value) => (key === 'at' ? undefined : value));

function tried(text: string, limits: object = { maxStateQubits: 12, maxOperations: 5000, maxSteps: 20_000 }): string {
  try {
    const loaded = load(text);
    const tree = parse(text);
    assert.equal(bare(parse(print(tree))), bare(tree), text);
    check(loaded);
    simulate(loaded, { shots: 2, random: random(1), ...limits });
    return 'ran';
  } catch (error) {
    if (!(error instanceof QuantumError)) throw new Error(`on ${JSON.stringify(text.slice(0, 500))}`, { cause: error });
    return error.code;
  }
}

const examples = globSync(join(import.meta.dirname, '../../examples/*.qasm')).map(f => readFileSync(f, 'utf8'));
const words =
  'OPENQASM include gate def extern cal defcal qubit bit int uint float angle bool complex duration stretch array const let if else for while switch case default ' +
  'return break continue end measure reset barrier delay box nop ctrl negctrl inv pow gphase U x h cx q c a i 0 1 2 3.5 0b1 0x2 "01" 10ns pi true sizeof durationof ' +
  '; ; ; ( ) [ ] { } , : = == + - * / ** % << & | ^ ! ~ -> @ ++ += // /* */ # $0';
const tokens = words.split(' ');
const pick = <T>(r: Random, list: readonly T[]): T => list[r.below(list.length)];

test('bytes, words, and examples with pieces changed', () => {
  const r = random('fuzz');
  const outcomes = new Set<string>();
  for (let i = 0; i < RUNS; i++) {
    outcomes.add(
      tried(String.fromCharCode(...Array.from({ length: r.below(80) }, () => r.below(i % 2 ? 0x250 : 127)))),
    );
    outcomes.add(tried(Array.from({ length: r.below(40) }, () => pick(r, tokens)).join(' ')));
    let text = pick(r, examples);
    for (let k = r.below(6); k > 0; k--) {
      const at = r.below(text.length);
      text = text.slice(0, at) + (r.below(2) ? ` ${pick(r, tokens)} ` : '') + text.slice(at + r.below(6));
    }
    outcomes.add(tried(text));
  }
  for (const expected of ['ran', 'syntax', 'meaning']) assert.ok(outcomes.has(expected), expected);
});

test('deep and long', () => {
  const many = 100_000;
  assert.equal(tried(`int x = ${'('.repeat(many)}1${')'.repeat(many)};`), 'syntax');
  assert.equal(tried(`${'{'.repeat(many)}${'}'.repeat(many)}`), 'syntax');
  assert.equal(tried(`int x = ${'-'.repeat(many)}1;`), 'syntax');
  assert.equal(tried(`int x = 1${'+1'.repeat(many)};`), 'syntax');
  assert.equal(tried(`bit[2] b; int x = b${'[0]'.repeat(many)};`), 'syntax');
  assert.equal(tried(`int x = 1${'+1'.repeat(1000)};`), 'ran');
  const chain = Array.from({ length: 190 }, (_, i) =>
    i === 0 ? 'def f0() -> int { return 1; }' : `def f${i}() -> int { return f${i - 1}()${'+1'.repeat(900)}; }`,
  );
  assert.match(tried(`${chain.join(' ')} int x = f189();`), /^(ran|too-large)$/);
});

test('too much is refused at once', () => {
  const head = 'include "stdgates.inc"; ';
  for (const [text, limits] of [
    [`${head}qubit q; for int i in [1:10000000] x q;`, {}],
    [`${head}qubit[60] q; for int i in [0:59] { h q[i]; t q[i]; } bit[60] c; c = measure q;`, {}],
    [
      `${head}qubit[60] q; bit[60] c; for int i in [0:59] { h q[i]; t q[i]; } c[0] = measure q[0]; if (c[0]) x q[1]; c = measure q;`,
      {},
    ],
    ['qubit[1000000000] q;', {}],
    ['array[float[64], 100000, 100000] a;', {}],
    ['while (true) { }', { maxSteps: 1000 }],
  ] as const) {
    const before = process.memoryUsage().rss;
    assert.equal(tried(text, limits), 'too-large', text);
    assert.ok(process.memoryUsage().rss - before < 2 ** 28, text);
  }
});

test('what is not run is said with its place', () => {
  const text =
    'defcalgrammar "openpulse";\ncal { port d; }\ngate foo q { U(pi, 0, pi) q; }\ndefcal foo $0 { play(d); }\nqubit q;\nfoo q;\nbit c = measure q;\n';
  const r = simulate(load(text), { shots: 5, random: random(1) });
  assert.deepEqual(r.counts, { 1: 5 });
  assert.deepEqual(
    r.notRun?.map(p => `${p.line}:${p.column} ${p.message.split(' ').slice(0, 3).join(' ')}`),
    ['1:1 calibrations in openpulse', '2:1 this cal block', '4:1 this calibration of'],
  );
  assert.match(check(load('defcal foo $0 { } foo $0;'))[0].message, /only a calibration/);
});
