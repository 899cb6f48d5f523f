// The algorithms of examples/, run as anyone would, and the surface code on the stabiliser simulator.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { random } from '@madang/numerics';
import { check } from '../qasm/check.ts';
import { load } from '../qasm/load.ts';
import { simulate } from '../run/simulate.ts';
import { referenceRun, sampleFrames } from '../stabiliser/frames.ts';
import { memoryCircuit, memoryFailureRate, surfaceCode } from './surface-code.ts';

function example(name: string, shots = 1000) {
  const loaded = load(readFileSync(join(import.meta.dirname, '../../examples', name), 'utf8'), { file: name });
  assert.deepEqual(check(loaded), []);
  return simulate(loaded, { shots, random: random(3) });
}

test('teleportation: the state arrives, the two sent bits are random', () => {
  const { counts } = example('teleportation.qasm', 4000);
  for (const [key, n] of Object.entries(counts)) {
    assert.match(key, /^0 /);
    assert.ok(Math.abs(n - 1000) < 150);
  }
});

test('Grover finds the marked number with the probability of theory', () => {
  const { counts } = example('grover.qasm', 20_000);
  // sin^2((2 k + 1) asin(1 / sqrt 32)), k = 4.
  const p = Math.sin(9 * Math.asin(1 / Math.sqrt(32))) ** 2;
  assert.ok(Math.abs(counts['01011'] / 20_000 - p) < 5 * Math.sqrt((p * (1 - p)) / 20_000) + 1e-9);
});

test('phase estimation reads an exact phase without error', () => {
  assert.deepEqual(example('phase-estimation.qasm').counts, { '0101': 1000 });
});

test('surface code: checks commute, are independent, and repeat without noise', () => {
  for (const d of [3, 5, 7]) {
    const code = surfaceCode(d);
    assert.equal(code.zChecks.length, (d * d - 1) / 2);
    assert.equal(code.xChecks.length, (d * d - 1) / 2);
    for (const x of code.xChecks)
      for (const z of code.zChecks) assert.equal(x.filter(q => z.includes(q)).length % 2, 0);
    const circuit = memoryCircuit(code, 3);
    const reference = referenceRun(circuit);
    const shots = 64;
    const flips = sampleFrames(circuit, shots, random(d));
    const checks = d * d - 1;
    for (let s = 0; s < shots; s++) {
      const bit = (m: number) => reference[m] ^ ((flips[m * 2 + (s >>> 5)] >>> (s & 31)) & 1);
      for (let i = 0; i < code.zChecks.length; i++) assert.equal(bit(i), 0, 'Z checks of the start are 0');
      for (let i = 0; i < checks; i++)
        for (let r = 1; r < 3; r++) assert.equal(bit(i), bit(r * checks + i), 'a check repeats');
      let logical = 0;
      for (let q = 0; q < d; q++) logical ^= bit(3 * checks + q);
      assert.equal(logical, 0);
    }
  }
});

test('surface code: below threshold a larger distance is better, above it is worse', () => {
  const rate = (d: number, p: number) => memoryFailureRate(d, p, 60_000, random(`${d} ${p}`));
  const [small, large] = [rate(3, 0.02), rate(5, 0.02)];
  assert.ok(small < 0.01 && large < small / 2, `${small} ${large}`);
  assert.ok(rate(5, 0.2) > rate(3, 0.2));
});

test('surface code of distance 3: the rate is that of counting all 512 patterns', () => {
  const code = surfaceCode(3);
  const p = 0.1;
  // A pattern fails when it and the lightest pattern of its syndrome differ by a logical flip; counted here by weights alone.
  const best = new Map<number, { weight: number; parity: number }>();
  const patterns = Array.from({ length: 512 }, (_, e) => {
    let syndrome = 0;
    for (const [i, c] of code.zChecks.entries()) if (c.reduce((s, q) => s ^ ((e >> q) & 1), 0)) syndrome |= 1 << i;
    const weight = e.toString(2).replaceAll('0', '').length;
    const parity = (e & 1) ^ ((e >> 1) & 1) ^ ((e >> 2) & 1);
    const b = best.get(syndrome);
    if (!b || weight < b.weight) best.set(syndrome, { weight, parity });
    return { syndrome, weight, parity };
  });
  let exact = 0;
  for (const { syndrome, weight, parity } of patterns)
    if (parity !== best.get(syndrome)!.parity) exact += p ** weight * (1 - p) ** (9 - weight);
  const measured = memoryFailureRate(3, p, 100_000, random(9));
  // Two lightest patterns of one weight may differ in their class; they are equally likely, so the choice does not matter.
  assert.ok(
    Math.abs(measured - exact) < 5 * Math.sqrt((exact * (1 - exact)) / 100_000),
    `${measured} against ${exact}`,
  );
});
