// Problems that are found without running, also where a run would not come by; and that sound programs have none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './check.ts';
import { load } from './load.ts';

const problems = (text: string) => check(load(text, { file: 'f' })).map(p => `${p.line}:${p.column} ${p.message}`);

test('each problem is named with its place', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['qubit q;\nif (false) { h q; }', /^2:14 "h" is not declared; it is in stdgates\.inc/],
    ['int x = 1;\nint x = 2;', /^2:1 "x" is declared already/],
    ['qubit[2] q;\nU(1, 2) q[0];', /^2:1 U takes 3 angles, not 2/],
    ['qubit[2] q;\nU(1, 2, 3) q[0], q[1];', /^2:1 U acts on 1 qubit, not 2/],
    ['qubit[2] q;\nctrl(2) @ U(1, 2, 3) q[0], q[1];', /acts on 3 qubits, not 2/],
    ['qubit q;\nint x = q;', /^2:9 "q" is a qubit/],
    ['const int n = 1;\nn = 2;', /^2:1 "n" cannot be changed/],
    ['break;', /^1:1 break can only stand in a loop/],
    ['return 1;', /^1:1 return can only stand in a subroutine/],
    ['if (true) { qubit q; }', /^1:13 a qubit can only stand at the top/],
    ['gate g a { measure a; }', /gate may hold only gates/],
    ['gate g a { U(0, 0, 0) a[0]; }', /single qubit and has no parts/],
    ['gate g a { g a; }', /"g" is not declared: a gate cannot call itself/],
    ['int n = 2; qubit[n] q;', /^1:18 a size must be known before the program runs, and "n" is not const/],
    ['int[8] n = 2; const int[8] m = 2 * n;', /^1:36 the value of a constant must be known/],
    ['qubit q; const bit b = measure q;', /value of a constant must be an expression/],
    ['int i; switch (i) { case 1, 2 {} case 0x1 {} }', /the case 1 is there twice/],
    ['int i; switch (i) { default {} case 1 {} }', /default must be the last/],
    ['int i; switch (i) { case i {} }', /value of a case must be known/],
    ['def f() { return 1; }', /returns nothing/],
    ['def f() -> int { return; }', /must return a value/],
    ['array[bit, 3] a;', /cannot hold bits/],
    ['int x = 1; def f() -> int { return x; }', /"x" is not declared/],
    ['def f(int a) {} f(1, 2);', /f takes 1 argument, not 2/],
    ['float x = sin(1, 2);', /sin takes 1 argument, not 2/],
    ['int i; switch (i) { default {} }', /at least one case/],
    ['qubit q; gate g a, b {} g q, q;', /"q" is given twice/],
  ];
  for (const [text, words] of cases) {
    const found = problems(text);
    assert.equal(found.length, 1, `${text}: ${found.join('; ')}`);
    assert.match(found[0], words, text);
  }
});

test('all problems are listed, not only the first', () => {
  assert.equal(problems('a = 1; b = 2; qubit q; c q;').length, 3);
});

test('sound programs have none', () => {
  const sound = `include "stdgates.inc"; const uint n = 3; qubit[n] q; bit[n] c; input float w;
    gate g(a) x, y { for int i in [0:2] { rx(a * i) x; ctrl @ h x, y; } }
    def f(qubit[2] d, angle[8] a, bit[2] m) -> bit { rx(a) d[0]; for bit b in m { if (b) break; } return measure d[1]; }
    g(w) q[0], q[1]; bit r = f(q[0:1], 0.5, c[0:1]); f(0.5, c[0:1]) q[{0, 1}]; let e = q[1:2] ++ q[{0}]; x e; cx e[0], $7;
    while (c[0] == 1) { c[0] = measure q[0]; continue; } array[int[8], 2] a = {1, 2}; uint k = sizeof(a); measure q -> c; end;`;
  assert.deepEqual(problems(sound), []);
});
