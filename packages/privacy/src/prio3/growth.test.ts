// Memory that grows in the middle of an operation detaches every earlier view of it. Each type is run with its arena a few bytes before the
// end of the memory, so that growth falls on every allocation in turn; the bytes must be those of a roomy arena.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Arena } from '../kernel/arena.ts';
import { wasmKernel } from '../kernel/wasm.ts';
import type { Circuit } from './circuit.ts';
import { prio3 } from './prio3.ts';
import { histogramCircuit, multihotCircuit, sumVecCircuit } from './range.ts';
import { countCircuit, sumCircuit } from './scalar.ts';
import { higherDegreeCircuit } from './testing/higher-degree.ts';

const cases: readonly [string, Circuit<never>, unknown][] = [
  ['Count', countCircuit(), 1],
  ['Sum', sumCircuit(300), 299],
  ['SumVec', sumVecCircuit('Field64', 3, 20, 4), [20, 0, 7]],
  ['Histogram', histogramCircuit(9, 3), 5],
  ['MultihotCountVec', multihotCircuit(6, 2, 3), [0, 1, 0, 0, 1, 0]],
  ['HigherDegree', higherDegreeCircuit, 2],
];
const ctx = new Uint8Array(5);
const nonce = new Uint8Array(16).fill(3);
const key = new Uint8Array(32).fill(4);

for (const [name, circuit, measurement] of cases)
  test(`${name}: memory may grow at any allocation`, () => {
    const run = (room: number | undefined) => {
      const arena = new Arena(wasmKernel());
      const v = prio3(arena, circuit, { name, id: 1, shares: 2, proofs: 1 });
      const fill = () => {
        if (room === undefined) return;
        const here = arena.scope(() => arena.allocate(0));
        arena.allocate(arena.kernel.bytes().length - here - room);
      };
      const rand = Uint8Array.from({ length: v.randSize }, (_, i) => i);
      const size = () => arena.kernel.bytes().length;
      fill();
      const before = size();
      const report = v.shard(ctx, measurement as never, nonce, rand);
      fill();
      const made = report.inputShares.map((s, j) => v.verifyInit(key, ctx, j, nonce, report.publicShare, s));
      fill();
      const message = v.verifierSharesToMessage(
        ctx,
        made.map(m => m.verifierShare),
      );
      const total = v.aggregateInit();
      fill();
      for (const m of made) v.aggregateUpdate(total, v.verifyNext(m.state, message));
      return { report, made, message, total, grew: size() > before };
    };
    const { grew: _, ...want } = run(undefined);
    let growths = 0;
    for (let room = 0; room < 4096; room += room < 512 ? 16 : 112) {
      const { grew, ...got } = run(room);
      assert.deepEqual(got, want, `${room} bytes of room`);
      growths += grew ? 1 : 0;
    }
    assert.ok(growths > 0);
  });
