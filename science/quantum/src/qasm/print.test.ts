// Printing and reading give the same tree: on handwritten programs of every statement kind, and on random expressions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { QuantumError } from '../error.ts';
import { parse } from './parse.ts';
import { print } from './print.ts';

/** A tree without positions. */
export function bare(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(bare);
  if (x === null || typeof x !== 'object') return x;
  return Object.fromEntries(
    Object.entries(x)
      .filter(([k]) => k !== 'at')
      .map(([k, v]) => [k, bare(v)]),
  );
}
function roundTrip(text: string): void {
  const tree = parse(text);
  const printed = print(tree);
  assert.deepEqual(bare(parse(printed)), bare(tree), printed);
  assert.equal(print(parse(printed)), printed);
}

test('every kind of statement', () => {
  roundTrip(`OPENQASM 3.1;
include "stdgates.inc"; include 'a"b'; defcalgrammar "openpulse";
pragma user.note some text
@first
@second.part with content
const uint[8] n = 2 * 3 ** 2;
input angle[32] a; output bit[4] r; qreg old[3]; creg c[2]; qreg one; qubit[n] q; qubit single;
int[8] i = -2; bool b = true; bit[3] s = "1_01"; complex[float[64]] z = 1.5im + 2; duration d = 1.5us + 3 dt; stretch st; float f = .5e-3;
array[int[8], 2, 2] m = {{1, 2}, {3, 4}}; array[float[32], 0] none = {};
let al = q[{0, 1}] ++ q[2:-1:0] ++ q[:1]; i += 1; m[0, 1] = 3; m[0:1][1] = m[1]; s[0] = measure q[0]; measure q[1] -> s[1]; measure q;
gate g(t, u) x, y { ctrl @ rx(t) x, y; inv @ pow(0.5) @ negctrl(2) @ z x, y, x; gphase(-t / 2); barrier x; nop; }
gate empty x {}
def f(int[8] k, qubit[2] p, qreg w[2], creg v[3], readonly array[int[8], #dim = 1] ar, mutable array[float, 2, 3] br) -> bit { return measure p[0]; }
def nothing() { return; }
extern e(int[8], readonly array[int[8], 3], creg[2]) -> float[64];
if (i == 1) x q[0]; else if (i < 2 && !b) { y q; } else z q;
for int j in [0:2:8] { continue; } for int j in {1, 2} h q[j]; for bit t in s {}
while (i < 3) { break; } switch (i + 1) { case 1, 2 { x q[0]; } default { } }
box[10ns] { delay[st] q[0]; delay[1dt]; } nop q[0], q; reset q; barrier; barrier q, single; end;
cal { anything { nested } } defcal rz(angle[20] t) $0 { x } defcal measure $1 -> bit { } defcal cx(pi / 2) $0, $1 {}
int[8] w = int[8](s) + durationof({ x $3; }) / 1ns; f(1, q[0:1]) c; s = f(2) q, old; { int inner = 1; } g(1, 2)[3ns] q[0], q[1];`);
});

test('random expressions keep their shape', () => {
  const leaf = fc.constantFrom(
    'a',
    '1',
    '2.5',
    '3im',
    'true',
    '"01"',
    '4ns',
    'b[1]',
    'f(x, 2)',
    'int[8](c)',
    'q[1:2]',
    '(a + b)',
  );
  const op = fc.constantFrom(
    '**',
    '*',
    '/',
    '%',
    '+',
    '-',
    '<<',
    '>>',
    '<',
    '<=',
    '==',
    '!=',
    '&',
    '^',
    '|',
    '&&',
    '||',
  );
  const chain = fc
    .array(fc.tuple(op, fc.constantFrom('', '-', '!', '~'), leaf), { minLength: 1, maxLength: 8 })
    .map(parts => `a ${parts.map(([o, u, l]) => `${o} ${u}${l}`).join(' ')}`);
  fc.assert(
    fc.property(chain, text => roundTrip(`r = ${text};`)),
    { numRuns: 400 },
  );
});

test('precedence: unary under power, left and right association', () => {
  const shape = (text: string) => JSON.stringify(bare(parse(`${text};`).body[0]));
  assert.equal(shape('-a ** b').includes('"kind":"unary","op":"-","operand":{"kind":"binary","op":"**"'), true);
  const left = bare(parse('a - b - c;').body[0]) as { value: { left: { kind: string } } };
  assert.equal(left.value.left.kind, 'binary');
  const power = bare(parse('a ** b ** c;').body[0]) as { value: { right: { kind: string } } };
  assert.equal(power.value.right.kind, 'binary');
});

test('bad text: never anything but a syntax error, however it is cut or changed', () => {
  const good =
    'OPENQASM 3.0; include "stdgates.inc"; qubit[3] q; bit[3] c = "010"; for int i in [0:1] { cx q[i], q[i + 1]; } if (c == 5) { c = measure q; }';
  fc.assert(
    fc.property(fc.nat(good.length), fc.nat(good.length), fc.string({ maxLength: 3 }), (a, b, s) => {
      const text = good.slice(0, Math.min(a, b)) + s + good.slice(Math.max(a, b));
      try {
        parse(text);
      } catch (e) {
        assert.ok(e instanceof QuantumError && e.code === 'syntax' && e.line !== undefined, String(e));
      }
    }),
    { numRuns: 2000 },
  );
  for (const hostile of [
    '('.repeat(100_000),
    '{'.repeat(100_000),
    '-'.repeat(100_000),
    'if(a)'.repeat(100_000),
    'x = {'.repeat(9),
    'cal {'.repeat(50_000),
    '/*',
    '"',
    '@',
    '$',
    '#',
  ])
    assert.throws(
      () => parse(hostile),
      (e: unknown) => e instanceof QuantumError && e.code === 'syntax',
      hostile.slice(0, 20),
    );
});
