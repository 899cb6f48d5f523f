// Programs end to end: counts, methods, keys, feedback, limits. Statistical checks use fixed seeds and five standard deviations.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import fc from 'fast-check';
import { processorMs } from '../../../../scripts/processor-time.ts';
import { QuantumError } from '../error.ts';
import { load } from '../qasm/load.ts';
import type { SimulateOptions } from './options.ts';
import { simulate } from './simulate.ts';

const head = 'OPENQASM 3.0; include "stdgates.inc"; ';
function run(text: string, options: Partial<SimulateOptions> = {}) {
  return simulate(load(head + text), { shots: 1000, random: random(1), ...options });
}
const refused = (text: string, code: string, words: RegExp, options: Partial<SimulateOptions> = {}) =>
  assert.throws(
    () => run(text, options),
    (e: unknown) => e instanceof QuantumError && e.code === code && words.test(e.message),
  );

test('three qubits entangled by a loop', () => {
  const r = run('qubit[3] q; bit[3] c; h q[0]; for int i in [0:1] { cx q[i], q[i + 1]; } c = measure q;');
  assert.deepEqual(Object.keys(r.counts).sort(), ['000', '111']);
  assert.equal(r.method, 'stabiliser');
  assert.ok(Math.abs(r.counts['000'] - 500) < 80);
});

test('keys: highest bit first, last register first, single bits together', () => {
  const key = (text: string) => Object.keys(run(text).counts)[0];
  assert.equal(key('qubit[3] q; bit[3] c; x q[0]; c = measure q;'), '001');
  assert.equal(
    key('qubit[3] q; bit[2] a; bit[1] b; x q[1]; a[0] = measure q[0]; a[1] = measure q[1]; b[0] = measure q[2];'),
    '0 10',
  );
  assert.equal(
    key('qubit[3] q; bit a; bit b; bit c; x q[1]; a = measure q[0]; b = measure q[1]; c = measure q[2];'),
    '010',
  );
  assert.equal(key('output bit[2] o; bit[3] hidden; qubit q; x q; o[1] = measure q;'), '10');
  assert.equal(key('output uint[4] n; bit hidden; n = 5;'), '0101');
  assert.equal(key('qubit q; x q;'), '');
});

test('both methods agree on random Clifford programs with measurements on the way and feedback', () => {
  const step = fc.oneof(
    fc.constantFrom('h', 's', 'sdg', 'x', 'y', 'z', 'sx').chain(g => fc.nat(3).map(q => `${g} q[${q}];`)),
    fc
      .constantFrom('cx', 'cz', 'cy', 'swap')
      .chain(g =>
        fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 3 })).map(([a, d]) => `${g} q[${a}], q[${(a + d) % 4}];`),
      ),
    fc.tuple(fc.nat(3), fc.nat(3)).map(([q, c]) => `c[${c}] = measure q[${q}];`),
    fc.nat(3).map(q => `reset q[${q}];`),
    fc.tuple(fc.nat(3), fc.nat(3)).map(([q, c]) => `if (c[${c}]) { x q[${q}]; }`),
    fc.tuple(fc.nat(3), fc.nat(3)).map(([q, c]) => `if (!c[${c}]) { y q[${q}]; } else z q[${q}];`),
    fc.tuple(fc.nat(3), fc.nat(3)).map(([q, c]) => `if (c[${c}] != 1) for int i in [1:3] { z q[i]; x q[${q}]; }`),
    fc.oneof(
      { weight: 5, arbitrary: fc.constant('barrier q;') },
      { weight: 1, arbitrary: fc.nat(3).map(q => `if (c[0] == 1) { h q[${q}]; }`) },
    ),
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 25 }), steps => {
      const text = `qubit[4] q; bit[4] c; bit[4] d; ${steps.join(' ')} d = measure q;`;
      const shots = 2000;
      const a = run(text, { shots, method: 'stabiliser' }).counts;
      const b = run(text, { shots, method: 'statevector', random: random(2) }).counts;
      let chi = 0;
      let cells = 0;
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
        const [x, y] = [a[key] ?? 0, b[key] ?? 0];
        chi += (x - y) ** 2 / (x + y);
        cells += 1;
      }
      // Two samples of one distribution: chi squared of cells - 1 degrees; a wrong sign gives values in the hundreds.
      assert.ok(chi < cells + 6 * Math.sqrt(2 * cells) + 10, `${text}: chi squared ${chi} over ${cells} cells`);
    }),
    { numRuns: 60, seed: 7 },
  );
});

test('a thousand Clifford qubits', () => {
  const r = run('qubit[1000] q; bit[1000] c; h q[0]; for int i in [0:998] { cx q[i], q[i + 1]; } c = measure q;', {
    shots: 100,
  });
  assert.deepEqual(Object.keys(r.counts).sort(), ['0'.repeat(1000), '1'.repeat(1000)]);
  assert.equal(r.method, 'stabiliser');
});

test('feedback: teleportation brings every state over', () => {
  const r = run(
    'qubit[3] q; bit a; bit b; bit[1] out; ry(1.1) q[0]; rz(0.4) q[0]; h q[1]; cx q[1], q[2]; cx q[0], q[1]; h q[0];' +
      'a = measure q[0]; b = measure q[1]; if (b) x q[2]; if (a) z q[2]; rz(-0.4) q[2]; ry(-1.1) q[2]; out[0] = measure q[2];',
    { shots: 4000 },
  );
  assert.equal(r.method, 'statevector');
  for (const key of Object.keys(r.counts)) assert.match(key, /^0 /);
  assert.equal(Object.keys(r.counts).length, 4);
});

test('a loop until success ends, and its outcome is right', () => {
  const r = run(
    'qubit q; bit c = 1; int[32] n = 0; while (c == 1) { h q; c = measure q; n += 1; reset q; } bit[1] d; d[0] = measure q;',
  );
  assert.deepEqual(r.counts, { '0 0': 1000 });
});

test('gates under a condition on one bit run by frames, with noise too', () => {
  // Bits that are read wrongly steer the feedback; a gate that does not act brings no noise.
  const text =
    'qubit[3] q; bit[3] c; h q[0]; cx q[0], q[1]; c[0] = measure q[0]; if (c[0] == 1) x q[1]; if (!c[0]) { y q[2]; } c = measure q;';
  assert.equal(run(text).method, 'stabiliser');
  assert.deepEqual(Object.keys(run(text).counts).sort(), ['001', '100']);
  const noise = { one: 0.2, readout: 0.1 };
  const shots = 20_000;
  const a = run(text, { shots, noise });
  const b = run(text, { shots, noise, method: 'statevector', random: random(4) });
  assert.deepEqual([a.method, b.method], ['stabiliser', 'trajectories']);
  for (let i = 0; i < 8; i++) {
    const [x, y] = [a, b].map(r => r.counts[i.toString(2).padStart(3, '0')] ?? 0);
    assert.ok(x > 0 && Math.abs(x - y) < 5 * Math.sqrt(x + y), `${i}: ${x} and ${y}`);
  }
});

test('a chain of 300 teleportations on the stabiliser, 10,000 shots at once', () => {
  const r = run(
    'qubit[601] q; bit a; bit b; bit[1] out; h q[0]; s q[0]; for int i in [0:2:598] { h q[i+1]; cx q[i+1], q[i+2]; cx q[i], q[i+1]; h q[i];' +
      'a = measure q[i]; b = measure q[i+1]; if (b) x q[i+2]; if (a) z q[i+2]; } sdg q[600]; h q[600]; out[0] = measure q[600];',
    { shots: 10_000 },
  );
  assert.equal(r.method, 'stabiliser');
  assert.equal(Object.keys(r.counts).length, 4);
  for (const key of Object.keys(r.counts)) assert.match(key, /^0 /);
});

test('the same seed gives the same counts, another seed others', () => {
  const text = 'qubit[5] q; bit[5] c; h q; t q; h q; c = measure q;';
  assert.deepEqual(run(text).counts, run(text).counts);
  assert.notDeepEqual(run(text).counts, run(text, { random: random(2) }).counts);
});

test('too large is refused before memory is taken', async () => {
  refused('qubit[60] q; bit[60] c; h q; t q; c = measure q;', 'too-large', /60 qubits.*EiB|60 qubits.*TiB/);
  // Few of many gates may be what needs the state vector; they are named.
  refused(
    'qubit[60] q; bit[60] c; h q; cx q[0], q[1]; t q; rz(0.1) q[3]; c = measure q;',
    'too-large',
    /60 qubits.*Clifford gates alone.*prevented by t, rz/,
  );
  const before = process.memoryUsage().arrayBuffers;
  refused(
    'qubit[60] q; bit c; h q; t q; for int i in [0:58] cx q[i], q[i + 1]; c = measure q[0]; if (c) x q[1];',
    'too-large',
    /60 qubits.*prevented by t/,
  );
  assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 27);
  refused('qubit q; for int i in [1:10000000] { h q; }', 'too-large', /10000000 times/);
  refused('qubit q; for int i in [1:10000] for int j in [1:10000] { h q; }', 'too-large', /operations/);
  refused('qubit q; while (true) { int[32] i = 0; }', 'too-large', /not ended/, { maxSteps: 100_000 });
  refused('qubit[4000000000] q;', 'too-large', /limit/);
  refused('bit[4000000000] c;', 'too-large', /limit/);
  refused('array[int[32], 100000, 100000] a;', 'too-large', /elements/);
  const long = `qubit q;${' x q;'.repeat(5_000_001)}`;
  const took = await processorMs(() => assert.throws(() => load(long), /5000002 statements/));
  assert.ok(took < 2000, `${took} ms to refuse it`);
});

test('errors name line and column', () => {
  const at = (text: string) => {
    try {
      simulate(load(text, { file: 'f.qasm' }), { shots: 1, random: random(1) });
    } catch (e) {
      return (e as Error).message;
    }
    return 'no error';
  };
  assert.match(at('qubit[2] q;\n\n  U(0, 0, 0) q[2];'), /^f\.qasm:3:\d+: the index 2 is outside 0 to 1/);
  assert.match(at('qubit q;\nh q;'), /^f\.qasm:2:1: "h" is not declared/);
  assert.match(
    at('include "stdgates.inc";\nqubit[2] q;\ncx q[0], q[0];'),
    /^f\.qasm:3:10: the same qubit is given twice/,
  );
  assert.match(at('include "stdgates.inc";\nqubit[2] q;\nrx q[0];'), /takes 1 angle, not 0/);
  assert.match(at('include "stdgates.inc";\nqubit[2] a; qubit[3] b;\ncx a, b;'), /different lengths: 2 and 3/);
  assert.match(at('int[8] i = 1;\ni = i / 0;'), /^f\.qasm:2:\d+: division by zero/);
  assert.match(at('const int n = 2;\nn = 3;'), /^f\.qasm:2:1: "n" cannot be changed/);
  assert.match(at('include "other.qasm";'), /^f\.qasm:1:1: "other\.qasm" cannot be read/);
  assert.match(at('OPENQASM 4.0;\nqreg q[2];'), /versions 2 and 3/);
  assert.match(at('extern f(int[8]) -> int[8];\nint[8] x = f(1);'), /^f\.qasm:2:12: f is linked from outside/);
});

test('includes: found beside the program, cycles named', () => {
  const files: Record<string, string> = {
    'a.qasm': 'include "b.qasm";',
    'b.qasm': 'include "c.qasm";',
    'c.qasm': 'include "a.qasm";',
    'gates.qasm': 'OPENQASM 3.0; include "stdgates.inc"; gate bell a, b { h a; cx a, b; }',
  };
  const include = (path: string) => ({ name: path, text: files[path] });
  assert.throws(
    () => load(files['a.qasm'], { file: 'a.qasm', include }),
    /^QuantumError|a\.qasm -> b\.qasm -> c\.qasm -> a\.qasm/,
  );
  const r = simulate(load('include "gates.qasm"; qubit[2] q; bit[2] c; bell q[0], q[1]; c = measure q;', { include }), {
    shots: 100,
    random: random(1),
  });
  assert.deepEqual(Object.keys(r.counts).sort(), ['00', '11']);
});

test('noise: both methods give the same distribution, feedback is refused', () => {
  const text = 'qubit[3] q; bit[3] c; h q[0]; cx q[0], q[1]; s q[1]; cx q[1], q[2]; c = measure q;';
  const noise = { one: 0.05, two: 0.08, readout: 0.03 };
  const shots = 20_000;
  const a = run(text, { shots, noise });
  const b = run(text, { shots, noise, method: 'statevector', random: random(4) });
  assert.equal(a.method, 'stabiliser');
  assert.equal(b.method, 'trajectories');
  for (let i = 0; i < 8; i++) {
    const key = i.toString(2).padStart(3, '0');
    const [x, y] = [a.counts[key] ?? 0, b.counts[key] ?? 0];
    assert.ok(x > 0 && Math.abs(x - y) < 5 * Math.sqrt(x + y), `${key}: ${x} and ${y}`);
  }
  refused('qubit q; bit c; h q; c = measure q; while (c) { h q; c = measure q; }', 'unsupported', /under a condition/, {
    noise,
  });
  refused(text, 'argument', /probability/, { noise: { one: 2 } });
});
