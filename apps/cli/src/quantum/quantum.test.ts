// The quantum commands as typed: exit codes, JSON fields, errors with places.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { localBackend } from '@madang/quantum';
import { tempFolder } from '../../../../scripts/temp-folder.ts';

const bin = join(import.meta.dirname, '../../bin/madang.js');
const folder = tempFolder('madang-quantum-');

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
function madang(...args: string[]): Promise<{ exit: number; out: string; err: string }> {
  return new Promise(done => {
    execFile(process.execPath, [bin, 'quantum', ...args], { maxBuffer: 2 ** 26 }, (error, out, err) =>
      done({ exit: error ? Number(error.code) : 0, out, err }),
    );
  });
}
const ghz = (n: number) =>
  `OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[${n}] q;\nbit[${n}] c;\nh q[0];\nfor int i in [0:${n - 2}] { cx q[i], q[i + 1]; }\nc = measure q;\n`;

test('run: counts, qubits, method; the same seed twice; a thousand qubits', async () => {
  const path = file('ghz.qasm', ghz(3));
  const a = await madang('run', path, '--shots', '1000', '--seed', '1', '--json');
  assert.equal(a.exit, 0);
  const r = JSON.parse(a.out);
  assert.deepEqual(Object.keys(r.counts).sort(), ['000', '111']);
  assert.equal(r.counts['000'] + r.counts['111'], 1000);
  assert.equal(r.qubits, 3);
  assert.equal(r.method, 'stabiliser');
  const b = JSON.parse((await madang('run', path, '--shots', '1000', '--seed', '1', '--json')).out);
  assert.deepEqual(b.counts, r.counts);
  const big = JSON.parse((await madang('run', file('big.qasm', ghz(1000)), '--shots', '100', '--json')).out);
  assert.deepEqual(Object.keys(big.counts).sort(), ['0'.repeat(1000), '1'.repeat(1000)]);
});

test('run: wrong use is 2, a refused program is 1, both in plain words', async () => {
  const path = file('ghz.qasm', ghz(3));
  assert.equal((await madang('run', path, '--shots', '0')).exit, 2);
  assert.equal((await madang('run', path, '--method', 'magic')).exit, 2);
  assert.equal((await madang('run', join(folder, 'absent.qasm'))).exit, 2);
  const bad = await madang('run', file('bad.qasm', 'qubit q;\n  hh q;\n'));
  assert.equal(bad.exit, 1);
  assert.match(bad.err, /bad\.qasm:2:3: "hh" is not declared/);
  file('one.qasm', 'include "two.qasm";');
  file('two.qasm', 'include "one.qasm";');
  assert.match((await madang('run', join(folder, 'one.qasm'))).err, /includes itself/);
  const large = await madang(
    'run',
    file('large.qasm', 'include "stdgates.inc"; qubit[60] q; bit[60] c; h q; t q; c = measure q;'),
  );
  assert.equal(large.exit, 1);
  assert.match(large.err, /60 qubits/);
});

test('run: inputs and noise', async () => {
  const path = file(
    'input.qasm',
    'include "stdgates.inc"; input angle[32] a; input uint[4] n; qubit q; bit[1] c; for uint i in [1:n] rx(a) q; c = measure q;',
  );
  const r = JSON.parse(
    (await madang('run', path, '--input', 'a=0.5235987755982988', 'n=6', '--shots', '50', '--json')).out,
  );
  assert.deepEqual(r.counts, { '1': 50 });
  assert.match((await madang('run', path)).err, /no value is given for the input "a"/);
  const noisy = JSON.parse(
    (await madang('run', file('ghz.qasm', ghz(3)), '--noise', 'two=0.2', '--seed', '2', '--json')).out,
  );
  assert.ok(Object.keys(noisy.counts).length > 2);
});

test('check and format', async () => {
  const path = file('two-problems.qasm', 'a = 1;\nqubit q;\nx q;\n');
  const r = await madang('check', path, '--json');
  assert.equal(r.exit, 1);
  assert.equal(JSON.parse(r.out).problems.length, 2);
  assert.equal((await madang('check', file('ghz.qasm', ghz(3)))).exit, 0);
  assert.match((await madang('check', '--format', path)).out, /^a = 1;\nqubit q;\nx q;\n/);
});

test('bench: every method at every size, with value, seconds and gap', async () => {
  const r = JSON.parse((await madang('bench', 'uc', '--sizes', '4,8', '--json')).out);
  assert.deepEqual(
    r.rows.map((row: { size: number; method: string }) => `${row.size} ${row.method}`),
    ['4 HiGHS', '4 annealing', '4 qaoa', '8 HiGHS', '8 annealing', '8 qaoa'],
  );
  for (const row of r.rows) {
    assert.ok(Number.isFinite(row.value) && row.seconds >= 0 && row.gap >= -1e-9);
    if (row.method === 'HiGHS') assert.ok(row.gap === 0 && row.feasible);
  }
  assert.equal(r.crossover.length, 2);
  assert.equal((await madang('bench', 'sudoku')).exit, 2);
});

test('run on a device over HTTP, includes put in place', async () => {
  const device = localBackend();
  const server = createServer(async (req, res) => {
    const [, what, id, part] = (req.url ?? '').split('/');
    const send = (body: unknown) => res.end(JSON.stringify(body));
    if (what === 'target') send(await device.target());
    else if (req.method === 'POST') {
      let text = '';
      for await (const chunk of req) text += chunk;
      send({ id: await device.start(JSON.parse(text)) });
    } else send(part ? await device.result(id) : await device.status(id));
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  file('gates.qasm', 'include "stdgates.inc"; gate bell a, b { h a; cx a, b; }');
  const path = file('remote.qasm', 'include "gates.qasm"; qubit[2] q; bit[2] c; bell q[0], q[1]; c = measure q;');
  const r = await madang(
    'run',
    path,
    '--backend',
    `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    '--seed',
    '1',
    '--json',
  );
  server.close();
  assert.equal(r.exit, 0, r.err);
  const { counts, backend } = JSON.parse(r.out);
  assert.deepEqual(Object.keys(counts).sort(), ['00', '11']);
  assert.equal(backend.name, 'madang simulator');
});
