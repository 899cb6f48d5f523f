import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from './random.ts';

const M = 0xffffffffn;
const rotl = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & M;

/** xoshiro128** as its authors write it, in whole numbers of any size, from the same seeding. */
function* twin(seed: string): Generator<bigint, never> {
  let h = 0x811c9dc5n;
  for (const c of seed) h = ((h ^ BigInt(c.charCodeAt(0))) * 0x01000193n) & M;
  const mix = () => {
    h = (h + 0x9e3779b9n) & M;
    let z = h;
    z = ((z ^ (z >> 16n)) * 0x85ebca6bn) & M;
    z = ((z ^ (z >> 13n)) * 0xc2b2ae35n) & M;
    return z ^ (z >> 16n);
  };
  const s = [mix(), mix(), mix(), mix() | 1n];
  for (;;) {
    yield (rotl((s[1] * 5n) & M, 7n) * 9n) & M;
    const t = (s[1] << 9n) & M;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 11n);
  }
}

test('the numbers are those of xoshiro128**, and stay so: studies name their seeds for ever', () => {
  for (const seed of ['1', '', 'madang', '7/fork']) {
    const [r, t] = [random(seed), twin(seed)];
    for (let i = 0; i < 1000; i++) assert.equal(BigInt(r.uint32()), t.next().value, `${seed}, number ${i}`);
  }
  const first = random(1);
  assert.deepEqual([first.uint32(), first.uint32(), first.uint32()], [350175097, 640680501, 3603964963]);
});

test('a fork is a stream of its own, whatever was drawn before', () => {
  const [a, b] = [random('s'), random('s')];
  for (let i = 0; i < 7; i++) a.normal();
  assert.equal(a.fork('x').uint32(), b.fork('x').uint32());
  assert.notEqual(b.fork('x').uint32(), b.fork('y').uint32());
});

test('below is even over its range, also where 2^32 is no multiple of it', () => {
  const r = random('below');
  const n = 3;
  const counts = new Array<number>(n).fill(0);
  for (let i = 0; i < 30_000; i++) counts[r.below(n)] += 1;
  // Five standard deviations of a count of 10,000.
  for (const c of counts) assert.ok(Math.abs(c - 10_000) < 5 * Math.sqrt(10_000 * (2 / 3)), counts.join(' '));
  assert.equal(r.below(1), 0);
  // A range above 2^31: three quarters of all numbers, so one of four draws is thrown away.
  for (let i = 0; i < 1000; i++) assert.ok(r.below(3 * 2 ** 30) < 3 * 2 ** 30);
});

/** Mean and variance of `count` draws. */
function moments(count: number, draw: () => number): { mean: number; variance: number } {
  const x = Float64Array.from({ length: count }, draw);
  const mean = x.reduce((s, v) => s + v, 0) / count;
  return { mean, variance: x.reduce((s, v) => s + (v - mean) ** 2, 0) / count };
}

test('moments of uniform, normal and Poisson', () => {
  const r = random('moments');
  const n = 40_000;
  const near = (value: number, wanted: number, error: number, what: string) =>
    assert.ok(Math.abs(value - wanted) < 5 * error, `${what}: ${value}, not ${wanted}`);
  const u = moments(n, () => r.uniform());
  near(u.mean, 0.5, Math.sqrt(1 / 12 / n), 'mean of uniform');
  near(u.variance, 1 / 12, Math.sqrt(1 / 180 / n), 'variance of uniform');
  const z = moments(n, () => r.normal());
  near(z.mean, 0, 1 / Math.sqrt(n), 'mean of normal');
  near(z.variance, 1, Math.sqrt(2 / n), 'variance of normal');
  // Below, at and above one chunk of 30.
  for (const mean of [0.3, 30, 75.5]) {
    const p = moments(n, () => r.poisson(mean));
    near(p.mean, mean, Math.sqrt(mean / n), `mean of Poisson ${mean}`);
    near(p.variance, mean, Math.sqrt((mean + 2 * mean ** 2) / n), `variance of Poisson ${mean}`);
  }
  assert.equal(r.poisson(0), 0);
  assert.throws(() => r.poisson(-1), /at least 0, not -1/);
});
