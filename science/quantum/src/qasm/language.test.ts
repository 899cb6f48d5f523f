// The classical half of the language: types, conversions, operators, control flow, subroutines; values from the examples of the standard.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recorder } from '../circuit/circuit.ts';
import { execute } from './execute.ts';
import { load } from './load.ts';
import { type ArrayView, bitsOfWhole, type Value } from './value.ts';

/** Final value of `r`, and of bits as text, highest first. */
function result(text: string): unknown {
  const { outputs } = execute(load(`include "stdgates.inc"; ${text}`), new Recorder());
  const r = outputs.find(o => o.name === 'r');
  assert.ok(r, 'the program sets r');
  if (r.v instanceof Int32Array) return Array.from(r.v).reverse().join('');
  return (r.v as ArrayView).data ?? r.v;
}
const bits = (v: unknown, n: number) =>
  Array.from(bitsOfWhole(v as number, n))
    .reverse()
    .join('');
const fails = (text: string, words: RegExp) => assert.throws(() => result(text), words);

test('integers: widths, overflow, order of operations', () => {
  assert.equal(result('int[32] a = 2; int[32] b = 3; int[32] r = b / a + b % a * a ** b;'), 9);
  assert.equal(result('uint[4] r = 15; r += 1;'), 0);
  assert.equal(result('int[8] r = 127; r += 1;'), -128);
  assert.equal(result('int r = -2 ** 2;'), -4);
  assert.equal(result('int r = 2 ** 3 ** 2;'), 512);
  assert.equal(result('uint[64] r = 2 ** 64 - 1;'), 0xffffffffffffffffn);
  assert.equal(result('int r = -7 / 2;'), -3);
  assert.equal(result('int r = 1 + 2 << 3;'), 24);
  assert.equal(result('int r = 0xFF_00 + 0b1010 + 0o17;'), 0xff00 + 10 + 15);
  // A negative int beside a uint of its width or more is a large number, as in C.
  assert.equal(result('uint[8] a = 3; int[8] b = -1; bit r = a < b;'), 1);
  assert.equal(result('uint[8] a = 200; int[8] b = -3; int r = a / b;'), 0);
  assert.equal(result('int[16] a = -1; uint[8] b = 1; bit r = a < b;'), 1);
  fails('int[8] r = 2.5;', /float\[64\] cannot be assigned to int\[8\]/);
  assert.equal(result('int[8] r = int[8](2.9);'), 2);
});

test('registers of bits: the examples of the standard', () => {
  const a = 'bit[8] a = "10001111"; bit[8] b = "01110000"; ';
  assert.equal(result(`${a} bit[8] r = a << 1;`), '00011110');
  assert.equal(result(`${a} bit[8] r = rotl(a, 2);`), '00111110');
  assert.equal(result(`${a} bit[8] r = a | b;`), '11111111');
  assert.equal(result(`${a} bit[8] r = a & b;`), '00000000');
  assert.equal(bits(result('uint[6] b = 37; uint[6] r = rotl(b, 3);'), 6), '101100');
  assert.equal(result('uint[6] b = 37; uint r = popcount(b);'), 3);
  assert.equal(result('int[32] i = 15; i[4:7] = "1010"; int[32] r = i;'), 0xaf);
  assert.equal(result('int[32] i = 15; bit[1] r; r[0] = i[-1];'), '0');
  assert.equal(
    result('bit[4] a = "0011"; bit[4] b = "0101"; let c = a ++ b; c[0] = 0; c[7] = 1; bit[8] r = c;'),
    '11010010',
  );
  assert.equal(result('bit[3] c = "101"; int[8] r = 0; if (c == 5) r = 1;'), 1);
  assert.equal(result('bit[4] c = "0110"; int[4] r = int[4](c);'), 6);
  assert.equal(result('bit[3] c = "111"; bool r = (c ^ 5) == 2;'), 1);
  assert.equal(result('bit[3] c = "111"; uint[8] r = 6 & c;'), 6);
  fails('bit[3] c; bit[3] d; uint[8] r = c + d;', /cast them/);
  fails('bit[3] r = "10";', /bit\[2\] cannot be assigned to bit\[3\]/);
  fails('bit[3] c; int[8] r = int[8](c);', /widths differ/);
  assert.equal(result('bit[3] r = -1;'), '111');
  fails('bit[2] r = 5;', /5 does not fit/);
});

test('angles: the examples of the standard', () => {
  const a = 'angle[4] a = 7 * (pi / 8); angle[4] b = pi / 8; angle[4] c = 5 * (pi / 4); uint[4] two = 2; ';
  const angle = (e: string) => bits(result(`${a} angle[4] r = ${e};`), 4);
  assert.equal(angle('a + b'), '1000');
  assert.equal(angle('b - a'), '1010');
  assert.equal(angle('a / two'), '0011');
  assert.equal(angle('two * c'), '0100');
  assert.equal(result(`${a} uint[4] r = c / b;`), 10);
  assert.equal(bits(result('angle[4] a = pi / 4; angle[4] r = -a;'), 4), '1110');
  assert.equal(bits(result('angle[4] a = 9 * (pi / 8); angle[4] r = a << 2;'), 4), '0100');
  assert.equal(bits(result('angle[6] r = pi / 2;'), 6), '010000');
  // Ties go to the even neighbour: 2 pi 127 / 512 lies between 63 and 64 of 256.
  assert.equal(result('angle[8] r = 6.283185307179586 * (127. / 512.);'), 64);
});

test('complex numbers, functions, durations', () => {
  const near = (text: string, re: number, im: number) => {
    const z = result(text) as { re: number; im: number };
    assert.ok(Math.abs(z.re - re) < 1e-12 && Math.abs(z.im - im) < 1e-12, `${text}: ${z.re} ${z.im}`);
  };
  const ab = 'complex[float[64]] a = 10.0 + 5.0im; complex[float[64]] b = -2.0 - 7.0im; ';
  near(`${ab} complex[float[64]] r = a * b;`, 15, -80);
  near(`${ab} complex[float[64]] r = a / b;`, -55 / 53, 60 / 53);
  near(`${ab} complex[float[64]] r = a ** b;`, 0.10694695640729072, 0.17536481119721312);
  assert.equal(result('float r = real(2.0 + sin(π/2) + 3.1 * 5.5 im);'), 3);
  assert.equal(result('float r = 500ns / 1ns;'), 500);
  assert.equal(result('float r = mod(7.5, 2.0);'), 1.5);
  fails('float r = arccos(2.0);', /not defined/);
});

test('arrays: views, slices, copies, arguments by reference', () => {
  assert.deepEqual(result('array[int[8], 3] r = {1, 2, 3}; r[-1] = 9; r[0:1] = r[1:2];'), [2, 9, 9]);
  assert.equal(
    result('array[float[32], 3, 2] m = {{1.1, 1.2}, {2.1, 2.2}, {3.1, 3.25}}; float[32] r = m[-1, -1];'),
    3.25,
  );
  assert.deepEqual(
    result('def f(mutable array[int[8], #dim = 1] a) { a[2] = 10; } array[int[8], 5] r = {0, 1, 2, 3, 4}; f(r[1:3]);'),
    [0, 1, 2, 10, 4],
  );
  assert.equal(result('array[int[32], 5] a = {0, 1, 2, 3, 4}; a[0][0] = 1; int r = a[0] + int(sizeof(a));'), 6);
  fails('array[int[8], 2] a = {1, 2, 3}; int r;', /3 values for a dimension of 2/);
  fails('def f(readonly array[int[8], 2] a) { a[0] = 1; } array[int[8], 2] r = {1, 2}; f(r);', /cannot be changed/);
});

test('control flow', () => {
  assert.equal(result('int r = 0; for int i in {1, 5, 10} { r += i; }'), 16);
  assert.equal(result('int r = 0; for int i in [10:-3:0] { if (i == 4) continue; if (i < 2) break; r += i; }'), 17);
  assert.equal(result('int r = 0; for int i in [5:1] { r = 1; }'), 0);
  assert.equal(result('int r = 0; for uint i in [18446744073709551610:2:18446744073709551615] { r += 1; }'), 3);
  assert.equal(result('uint r; for uint i in [9007199254740995:-2:9007199254740990] { r = i; }'), 9007199254740991);
  assert.equal(result('int r = 0; int i = 0; while (i < 10) { i += 1; if (i % 2 == 0) continue; r += i; }'), 25);
  assert.equal(
    result('int i = 15; int r; switch (i) { case 1, 3 { r = 1; } case 15 { r = 2; } default { r = 3; } }'),
    2,
  );
  assert.equal(result('int r = 1; { int r = 5; r = 6; } r += 1;'), 2);
  assert.equal(result('int r = 1; end; r = 2;'), 1);
  assert.equal(result('bit[3] c = "110"; int r = 0; for bit b in c { r = 2 * r + b; }'), 3);
  assert.equal(
    result(
      'def f(int[8] n) -> int[8] { if (n > 3) return 1; for int i in [0:9] { if (i == n) return i; } return 9; } int r = f(2) + f(7);',
    ),
    3,
  );
  assert.equal(result('def f(int n) -> int { if (n < 2) return 1; return n * f(n - 1); } int r = f(5);'), 120);
  fails('def f(int n) -> int { return f(n); } int r = f(1);', /deep/);
  fails('qubit q; delay[3] q; int r;', /duration such as 10ns is expected here, not int/);
  fails('int k = 1; def f() -> int { return k; } int r = f();', /not declared/);
});

test('gates of the program, modifiers, aliases, broadcasting', () => {
  const ops = (text: string) => {
    const recorder = new Recorder();
    execute(load(`include "stdgates.inc"; ${text}`), recorder);
    return recorder.circuit().operations;
  };
  assert.equal(ops('qubit[3] q; h q; let e = q[{0, 2}]; x e;'), 5);
  assert.equal(
    ops('gate g(t) a, b { for int i in [0:2] { rx(t * i) a; cx a, b; } } qubit[3] q; g(0.1) q[0], q[1];'),
    1,
  );
  assert.equal(ops('gate g a, b, c { h a; cx a, b; ccx a, b, c; } qubit[3] q; inv @ g q[0], q[1], q[2];'), 3);
  assert.equal(ops('qubit[4] q; ctrl(2) @ negctrl @ x q[0], q[1], q[2], q[3];'), 1);
  assert.equal(ops('qubit q; gphase(pi); x $3;'), 2);
  assert.equal(
    ops(
      'def f(qubit[2] d, angle[8] t, qubit a) { rx(t) a; cx d[0], d[1]; } qubit[3] q; f(q[0:1], pi, q[2]); f(pi) q[0:1], q[2];',
    ),
    4,
  );
  fails('gate g a { measure a; } qubit q; g q; int r;', /gate cannot measure/);
  fails('qubit[2] q; int r = q[0];', /only be had by measuring/);
});

export type { Value };
