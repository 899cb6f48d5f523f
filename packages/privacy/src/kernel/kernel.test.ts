// The compiled kernel and its twin give the same bytes for every function of the port, also where numbers are extreme and luck is bad.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type FieldName, fieldParameters, power, rootOfUnity, writeElement } from '../field/field.ts';
import { Arena } from './arena.ts';
import { type FieldKernel, xofStateBytes } from './kernel.ts';
import { twinKernel } from './twin.ts';
import { wasmKernel } from './wasm.ts';

const arenas = [new Arena(wasmKernel()), new Arena(twinKernel())] as const;
const fieldNames = ['Field64', 'Field128'] as const;

/** Elements that catch carries and borrows, and any others. */
function element(name: FieldName): fc.Arbitrary<bigint> {
  const { modulus } = fieldParameters[name];
  const near = [0n, 1n, 2n, 1n << 32n, (1n << 32n) - 1n, 1n << 64n, (1n << 64n) - 1n, 27n << 64n, 28n << 64n];
  const edges = near.flatMap(x => [x % modulus, (modulus - x) % modulus]);
  return fc.oneof(fc.constantFrom(...edges), fc.bigInt(0n, modulus - 1n));
}

function vector(name: FieldName, length: number): fc.Arbitrary<bigint[]> {
  return fc.array(element(name), { minLength: length, maxLength: length });
}

/** Runs the same call on both kernels and compares `outs` elements of output, and what it returned. */
function both(
  name: FieldName,
  inputs: readonly (readonly bigint[])[],
  outs: number,
  call: (f: FieldKernel, pointers: number[], out: number, arena: Arena) => unknown,
): { bytes: Uint8Array; returned: unknown } {
  const f = fieldParameters[name];
  const [a, b] = arenas.map(arena =>
    arena.scope(() => {
      const pointers = inputs.map(values => {
        const pointer = arena.allocate(values.length * f.encodedSize);
        values.forEach((x, i) => {
          writeElement(f, arena.kernel.bytes(), pointer + i * f.encodedSize, x);
        });
        return pointer;
      });
      const out = arena.allocate(outs * f.encodedSize);
      const returned = call(arena.kernel.fields[name], pointers, out, arena);
      return { bytes: arena.take(out, outs * f.encodedSize), returned };
    }),
  );
  assert.deepEqual(a, b);
  return a;
}

for (const name of fieldNames) {
  const f = fieldParameters[name];

  test(`${name}: sums, dot products and weighted bits agree`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }).chain(n => fc.tuple(vector(name, 2 * n), vector(name, 2 * n))),
        ([a, b]) => {
          const n = a.length;
          both(name, [a, b], n, (k, [x, y], out, arena) => {
            k.add(x, y, n);
            arena.kernel.bytes().copyWithin(out, x, x + n * f.encodedSize);
          });
          both(name, [a, b], n, (k, [x, y], out, arena) => {
            k.sub(x, y, n);
            arena.kernel.bytes().copyWithin(out, x, x + n * f.encodedSize);
          });
          both(name, [a], 1, (k, [x], out) => k.sum(out, x, n));
          both(name, [a, b], 1, (k, [x, y], out) => k.dot(out, x, y, n));
          both(name, [a], 1, (k, [x], out) => k.pairDot(out, x, n / 2));
          both(name, [a, b], 2, (k, [x, y], out) => k.weighBits(out, x, 2, n / 2, y));
          both(name, [a, b], 1, (k, [x], out) => {
            k.sum(out, x, n);
            return k.reduced(x, n);
          });
        },
      ),
    );
  });

  test(`${name}: numbers at or above the modulus are seen`, () => {
    for (const excess of [0n, 1n]) {
      const bytes = new Uint8Array(2 * f.encodedSize);
      const view = new DataView(bytes.buffer);
      view.setBigUint64(f.encodedSize, (f.modulus + excess) & 0xffffffffffffffffn, true);
      if (f.encodedSize === 16) view.setBigUint64(f.encodedSize + 8, (f.modulus + excess) >> 64n, true);
      for (const arena of arenas)
        arena.scope(() => {
          const pointer = arena.put(bytes);
          assert.equal(arena.kernel.fields[name].reduced(pointer, 1), 1);
          assert.equal(arena.kernel.fields[name].reduced(pointer, 2), 0);
        });
    }
  });

  test(`${name}: products of polynomials and queries at a point agree, and a product is one`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }).chain(log => {
          const p = 2 ** log;
          return fc.tuple(fc.constant(p), vector(name, 4 * p), vector(name, 2 * p - 1), element(name));
        }),
        ([p, wires, gadget, point]) => {
          const tables = arenas.map(arena => arena.table(name, p));
          const tableOf = (arena: Arena) => tables[arenas.indexOf(arena as never)];
          const made = both(name, [wires], 2 * p, (k, [w], out, arena) => k.product(w, 2, p, tableOf(arena), out));
          const query = (values: readonly bigint[], x: bigint) =>
            both(name, [wires, values, [x]], 5, (k, [w, g, t], out, arena) => {
              arena.fill(out, 5 * f.encodedSize);
              return k.query(w, 4, p, g, t, tableOf(arena), arena.allocate(4 * p * f.encodedSize), out);
            });
          query(gadget, point);
          // The product of the wires, as a gadget polynomial, is at a point what the wires' values give there.
          const values = Array.from({ length: 2 * p - 1 }, (_, i) => {
            const v = new DataView(made.bytes.buffer, i * f.encodedSize);
            return v.getBigUint64(0, true) | (f.encodedSize === 16 ? v.getBigUint64(8, true) << 64n : 0n);
          });
          const { bytes, returned } = query(values, point);
          if (returned === 0) {
            assert.equal(power(point, BigInt(p), f.modulus), 1n);
            return;
          }
          const [a, b, c, d, e] = Array.from({ length: 5 }, (_, i) => {
            const v = new DataView(bytes.buffer, i * f.encodedSize);
            return v.getBigUint64(0, true) | (f.encodedSize === 16 ? v.getBigUint64(8, true) << 64n : 0n);
          });
          assert.equal((a * b + c * d) % f.modulus, e);
        },
      ),
      { numRuns: 40 },
    );
  });

  test(`${name}: a p-th root of unity is refused as test point, an odd 2p-th root is not`, () => {
    for (const log of [1, 2, 3]) {
      const p = 2 ** log;
      const tables = arenas.map(arena => arena.table(name, p));
      const run = (x: bigint) =>
        both(name, [new Array(2 * p).fill(3n), new Array(2 * p - 1).fill(5n), [x]], 3, (k, [w, g, t], out, arena) => {
          arena.fill(out, 3 * f.encodedSize);
          const table = tables[arenas.indexOf(arena as never)];
          const good = k.query(w, 2, p, g, t, table, arena.allocate(4 * p * f.encodedSize), out);
          if (good === 0) arena.fill(out, 3 * f.encodedSize);
          return good;
        }).returned;
      const w = rootOfUnity(f, log + 1);
      for (let i = 0; i < 2 * p; i++) assert.equal(run(power(w, BigInt(i), f.modulus)), i % 2);
    }
  });

  test(`${name}: the fused range check agrees`, () => {
    const shape = fc.record({ length: fc.integer({ min: 1, max: 24 }), chunk: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(
        shape.chain(({ length, chunk }) => {
          const calls = Math.ceil(length / chunk);
          const p = 2 ** Math.ceil(Math.log2(1 + calls));
          return fc.tuple(
            fc.constant({ length, chunk, calls, p }),
            vector(name, length),
            vector(name, 2 * chunk),
            vector(name, calls),
            vector(name, 2 * p - 1),
            vector(name, 2),
          );
        }),
        ([{ length, chunk, calls, p }, meas, seeds, joint, gadget, [shift, point]]) => {
          const tables = arenas.map(arena => arena.table(name, p));
          const size = f.encodedSize;
          both(name, [meas, [shift], seeds, joint], 2 * p, (k, [m, s, w, r], out, arena) => {
            const table = tables[arenas.indexOf(arena as never)];
            k.proveRange(m, length, chunk, calls, s, w, r, p, table, arena.allocate((3 * p + calls) * size), out);
          });
          both(
            name,
            [meas, [shift], seeds, joint, gadget, [point]],
            2 * chunk + 1,
            (k, [m, s, w, r, g, t], out, arena) => {
              arena.fill(out, (2 * chunk + 1) * size);
              const table = tables[arenas.indexOf(arena as never)];
              const scratch = arena.allocate(4 * p * size);
              const good = k.queryRange(m, length, chunk, calls, s, w, r, p, g, t, table, scratch, out);
              if (good === 0) arena.fill(out, (2 * chunk + 1) * size);
              return good;
            },
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test(`${name}: sponge output that is not below the modulus is dropped, and what follows moves up`, () => {
    // A state whose next output is given: the draft's vectors never meet this case, its probability is 2^-32 or 2^-59 an element.
    const size = f.encodedSize;
    const block = new Uint8Array(xofStateBytes);
    for (let i = 0; i < 168; i++) block[i] = (i * 37) % 251;
    for (const i of [0, 2, 3]) block.fill(0xff, i * size, (i + 1) * size);
    const n = 30;
    const outputs = arenas.map(arena =>
      arena.scope(() => {
        const state = arena.put(block);
        const out = arena.allocate(n * size);
        arena.kernel.fields[name].expand(state, out, n);
        const after = arena.allocate(8);
        arena.kernel.xofRead(state, after, 8);
        return [arena.take(out, n * size), arena.take(after, 8)];
      }),
    );
    assert.deepEqual(outputs[0], outputs[1]);
    assert.deepEqual(outputs[0][0].subarray(0, size), block.slice(size, 2 * size));
    assert.deepEqual(outputs[0][0].subarray(size, 2 * size), block.slice(4 * size, 5 * size));
  });
}

test('the sponge: any lengths, any splits', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 4 }),
      fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 127 }),
      (inputs, reads, domain) => {
        const [a, b] = arenas.map(arena =>
          arena.scope(() => {
            const state = arena.allocate(xofStateBytes);
            arena.kernel.xofStart(state, domain);
            for (const input of inputs) arena.kernel.xofAbsorb(state, arena.put(input), input.length);
            arena.kernel.xofFinish(state);
            return reads.map(length => {
              const out = arena.allocate(length);
              arena.kernel.xofRead(state, out, length);
              return arena.take(out, length);
            });
          }),
        );
        assert.deepEqual(a, b);
      },
    ),
    { numRuns: 40 },
  );
});

test('the arena frees what a scope took, also when it throws, and keeps tables', () => {
  const arena = new Arena(twinKernel());
  const first = arena.scope(() => arena.allocate(100));
  assert.throws(
    () =>
      arena.scope(() => {
        arena.allocate(1 << 20);
        throw new Error('stop');
      }),
    /stop/,
  );
  assert.equal(
    arena.scope(() => arena.allocate(8)),
    first,
  );
  assert.equal(arena.table('Field64', 4), arena.table('Field64', 4));
  assert.throws(() => arena.scope(() => arena.table('Field64', 8)), /before work starts/);
});
