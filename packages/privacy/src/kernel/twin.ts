// The kernel in plain TypeScript: BigInt arithmetic, written to be read beside the draft. For browsers without WebAssembly, and the oracle
// of the compiled kernel. Sources: draft-irtf-cfrg-vdaf (fields, FLP of BBCGGI19 in the Lagrange basis), RFC 9861 (TurboSHAKE128).
import {
  type FieldParameters,
  fieldParameters,
  power,
  readElement,
  rootOfUnity,
  writeElement,
} from '../field/field.ts';
import type { FieldKernel, Kernel, Pointer } from './kernel.ts';
import { twinSponge } from './twin-sponge.ts';

/** A fresh kernel with its own memory. */
export function twinKernel(): Kernel {
  let memory = new Uint8Array(1 << 16);
  const bytes = () => memory;
  const reserve = (size: number) => {
    if (size <= memory.length) return;
    const grown = new Uint8Array(Math.max(size, memory.length * 2));
    grown.set(memory);
    memory = grown;
  };
  const sponge = twinSponge(bytes);
  return {
    kind: 'twin',
    base: 0,
    bytes,
    reserve,
    ...sponge,
    fields: {
      Field64: twinField(fieldParameters.Field64, bytes, sponge.xofRead),
      Field128: twinField(fieldParameters.Field128, bytes, sponge.xofRead),
    },
  };
}

function twinField(
  f: FieldParameters,
  bytes: () => Uint8Array,
  xofRead: (state: Pointer, out: Pointer, length: number) => void,
): FieldKernel {
  const size = f.encodedSize;
  const q = f.modulus;
  const get = (p: Pointer, i = 0) => readElement(f, bytes(), p + i * size);
  const set = (p: Pointer, i: number, x: bigint) => writeElement(f, bytes(), p + i * size, x);
  const load = (p: Pointer, n: number) => Array.from({ length: n }, (_, i) => get(p, i));
  const store = (p: Pointer, values: readonly bigint[]) => {
    values.forEach((x, i) => {
      set(p, i, x);
    });
  };
  const inverse = (x: bigint) => power(x, q - 2n, q);
  const nodes = (n: number) => {
    const w = rootOfUnity(f, Math.log2(n));
    const out = [1n];
    while (out.length < n) out.push((out[out.length - 1] * w) % q);
    return out;
  };

  /** Values of the polynomial with these coefficients at shift * w^i. */
  function evaluateAll(coefficients: readonly bigint[], w: bigint, shift: bigint): bigint[] {
    const n = coefficients.length;
    if (n === 1) return [coefficients[0]];
    const w2 = (w * w) % q;
    const shift2 = (shift * shift) % q;
    const even = evaluateAll(
      coefficients.filter((_, i) => i % 2 === 0),
      w2,
      shift2,
    );
    const odd = evaluateAll(
      coefficients.filter((_, i) => i % 2 === 1),
      w2,
      shift2,
    );
    const out = new Array<bigint>(n);
    let x = shift;
    for (let i = 0; i < n / 2; i++) {
      const v = (x * odd[i]) % q;
      out[i] = (even[i] + v) % q;
      out[i + n / 2] = (even[i] - v + q) % q;
      x = (x * w) % q;
    }
    return out;
  }

  /** 2n values of the polynomial that takes these n values. */
  function double(values: readonly bigint[]): bigint[] {
    const n = values.length;
    const w = rootOfUnity(f, Math.log2(n));
    const s = rootOfUnity(f, Math.log2(n) + 1);
    const inverseN = inverse(BigInt(n));
    const coefficients = evaluateAll(values, inverse(w), 1n).map(c => (c * inverseN) % q);
    const odd = evaluateAll(coefficients, w, s);
    return values.flatMap((v, i) => [v, odd[i]]);
  }

  /** Lagrange weights: the value at x of a polynomial with values v[i] at the n nodes is the dot product with them. */
  function weights(n: number, x: bigint): bigint[] {
    const w = nodes(n);
    const hit = w.indexOf(x);
    if (hit >= 0) return w.map((_, i) => (i === hit ? 1n : 0n));
    const factor = ((power(x, BigInt(n), q) - 1n + q) * inverse(BigInt(n))) % q;
    return w.map(wi => (((factor * wi) % q) * inverse((x - wi + q) % q)) % q);
  }

  function dotProduct(a: readonly bigint[], b: readonly bigint[]): bigint {
    return a.reduce((acc, x, i) => (acc + x * b[i]) % q, 0n);
  }

  function productOf(wires: readonly (readonly bigint[])[]): bigint[] {
    const out = new Array<bigint>(2 * wires[0].length).fill(0n);
    for (let j = 0; j < wires.length; j += 2) {
      const a = double(wires[j]);
      const b = double(wires[j + 1]);
      for (let i = 0; i < out.length; i++) out[i] = (out[i] + a[i] * b[i]) % q;
    }
    return out;
  }

  function queryOf(wires: readonly (readonly bigint[])[], gadget: Pointer, x: bigint, out: Pointer): number {
    const p = wires[0].length;
    if (power(x, BigInt(p), q) === 1n) return 0;
    const at = weights(p, x);
    wires.forEach((wire, j) => {
      set(out, j, dotProduct(at, wire));
    });
    // The degree is at most 2p - 2, so the coefficient of x^(2p-1) is zero: that gives the value that was not sent.
    const values = load(gadget, 2 * p - 1);
    const w = nodes(2 * p);
    values.push(q - ((w[1] * dotProduct(values, w)) % q));
    set(out, wires.length, dotProduct(weights(2 * p, x), values));
    return 1;
  }

  function rangeWires(
    measurement: Pointer,
    length: number,
    chunk: number,
    calls: number,
    shift: Pointer,
    seeds: Pointer,
    jointRand: Pointer,
    p: number,
  ): bigint[][] {
    const wires = Array.from({ length: 2 * chunk }, (_, j) => [get(seeds, j), ...new Array<bigint>(p - 1).fill(0n)]);
    const s = get(shift);
    for (let k = 0; k < calls; k++) {
      const r = get(jointRand, k);
      let rPower = r;
      for (let j = 0; j < chunk; j++) {
        const index = k * chunk + j;
        const m = index < length ? get(measurement, index) : 0n;
        wires[2 * j][k + 1] = (rPower * m) % q;
        wires[2 * j + 1][k + 1] = (m - s + q) % q;
        rPower = (rPower * r) % q;
      }
    }
    return wires;
  }

  return {
    add(target, source, n) {
      for (let i = 0; i < n; i++) set(target, i, get(target, i) + get(source, i));
    },
    sub(target, source, n) {
      for (let i = 0; i < n; i++) set(target, i, get(target, i) - get(source, i));
    },
    reduced(vector, n) {
      for (let i = 0; i < n; i++) if (get(vector, i) >= q) return 0;
      return 1;
    },
    sum(out, vector, n) {
      let total = 0n;
      for (let i = 0; i < n; i++) total += get(vector, i);
      set(out, 0, total);
    },
    dot(out, a, b, n) {
      set(out, 0, dotProduct(load(a, n), load(b, n)));
    },
    pairDot(out, a, n) {
      let total = 0n;
      for (let i = 0; i < n; i++) total += get(a, 2 * i) * get(a, 2 * i + 1);
      set(out, 0, total);
    },
    weighBits(out, vector, n, bits, lastWeight) {
      const last = get(lastWeight);
      for (let i = 0; i < n; i++) {
        let total = last * get(vector, i * bits + bits - 1);
        for (let l = 0; l < bits - 1; l++) total += get(vector, i * bits + l) << BigInt(l);
        set(out, i, total);
      }
    },
    expand(state, out, n) {
      for (let i = 0; i < n; ) {
        xofRead(state, out + i * size, size);
        if (get(out, i) < q) i += 1;
      }
    },
    fillTable() {},
    product(wires, pairs, p, _table, out) {
      store(out, productOf(Array.from({ length: 2 * pairs }, (_, j) => load(wires + j * p * size, p))));
    },
    query(wires, arity, p, gadget, point, _table, _scratch, out) {
      const list = Array.from({ length: arity }, (_, j) => load(wires + j * p * size, p));
      return queryOf(list, gadget, get(point), out);
    },
    proveRange(measurement, length, chunk, calls, shift, seeds, jointRand, p, _table, _scratch, out) {
      store(out, productOf(rangeWires(measurement, length, chunk, calls, shift, seeds, jointRand, p)));
    },
    queryRange(measurement, length, chunk, calls, shift, seeds, jointRand, p, gadget, point, _table, _scratch, out) {
      const wires = rangeWires(measurement, length, chunk, calls, shift, seeds, jointRand, p);
      return queryOf(wires, gadget, get(point), out);
    },
  };
}
