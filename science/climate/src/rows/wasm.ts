// The rows of rows.ts in WebAssembly SIMD (assembly/rows.ts): rows live in the kernel's own memory. The module is compiled once; each kernel
// has an instance of its own, so that runs do not share state. `wasmRows()` is undefined where the engine has no SIMD.
import { wasmBase64 } from '../generated/rows.wasm.ts';
import type { MakeRows, Rows } from './rows.ts';

type Exports = Record<string, (...args: number[]) => void>;

let compiled: WebAssembly.Module | undefined;

function compile(): WebAssembly.Module {
  if (!compiled) {
    const text = atob(wasmBase64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
    compiled = new WebAssembly.Module(bytes);
  }
  return compiled;
}

const PAGE = 65536;

function makeWasmRows(members: number, rowCount: number): Rows {
  const stride = (members + (members & 1)) * 8;
  const memory = new WebAssembly.Memory({ initial: 1 + Math.ceil((rowCount * stride) / PAGE) });
  const { exports } = new WebAssembly.Instance(compile(), { env: { memory, abort() {} } });
  const k = exports as unknown as Exports;
  let used = 1024;
  const n = members;
  return {
    members,
    row() {
      if (used + stride > memory.buffer.byteLength)
        throw new RangeError(`more than the ${rowCount} rows this kernel was made for`);
      const row = new Float64Array(memory.buffer, used, n);
      used += stride;
      return row;
    },
    exp: (out, x) => k['exp'](out.byteOffset, x.byteOffset, n),
    log: (out, x) => k['log'](out.byteOffset, x.byteOffset, n),
    alpha: (out, g, temperature, iirfMax) =>
      k['alpha'](
        out.byteOffset,
        g.g0.byteOffset,
        g.g1.byteOffset,
        g.iirf0.byteOffset,
        g.iirfUptake.byteOffset,
        g.iirfTemperature.byteOffset,
        g.iirfAirborne.byteOffset,
        g.airborne.byteOffset,
        g.cumulative.byteOffset,
        temperature.byteOffset,
        iirfMax,
        n,
      ),
    decay: (decay, gain, alpha, lifetime, fraction, step) =>
      k['decay'](
        decay.byteOffset,
        gain.byteOffset,
        alpha.byteOffset,
        lifetime.byteOffset,
        fraction.byteOffset,
        step,
        n,
      ),
    box: (box, airborne, gain, decay, baseline, emissions) =>
      k['box'](
        box.byteOffset,
        airborne.byteOffset,
        gain.byteOffset,
        decay.byteOffset,
        baseline.byteOffset,
        emissions,
        n,
      ),
    setLinear: (out, a, b, c) => k['setLinear'](out.byteOffset, a.byteOffset, b.byteOffset, c.byteOffset, n),
    addNumber: (out, x) => k['addNumber'](out.byteOffset, x, n),
    add: (out, a) => k['add'](out.byteOffset, a.byteOffset, n),
    addScaled: (out, a, x) => k['addScaled'](out.byteOffset, a.byteOffset, x, n),
    addWeighted: (out, w, row, base) =>
      k['addWeighted'](out.byteOffset, w.byteOffset, row.byteOffset, base.byteOffset, n),
    setProduct: (out, a, b) => k['setProduct'](out.byteOffset, a.byteOffset, b.byteOffset, n),
    addProduct: (out, a, b) => k['addProduct'](out.byteOffset, a.byteOffset, b.byteOffset, n),
    propagate: (state, next, matrix, vector, forcing) =>
      k['propagate'](
        state[0].byteOffset,
        next[0].byteOffset,
        matrix[0].byteOffset,
        vector[0].byteOffset,
        forcing.byteOffset,
        state.length,
        stride,
        n,
      ),
    setFactor: (out, row, sensitivity, common) =>
      k['setFactor'](out.byteOffset, row.byteOffset, sensitivity.byteOffset, common, n),
    mulFactor: (out, row, base, sensitivity) =>
      k['mulFactor'](out.byteOffset, row.byteOffset, base.byteOffset, sensitivity.byteOffset, n),
    aerosolCloud: (out, scale, logBaseline) =>
      k['aerosolCloud'](out.byteOffset, scale.byteOffset, logBaseline.byteOffset, n),
    meinshausen(out, gas, f) {
      const o = out.byteOffset;
      const c = f.co2.byteOffset;
      const m = f.ch4.byteOffset;
      const nn = f.n2o.byteOffset;
      const scale = f.scale.byteOffset;
      const offset = f.offset.byteOffset;
      if (gas === 'co2') k['meinshausenCo2'](o, c, nn, f.co2Zero.byteOffset, scale, offset, n);
      else if (gas === 'ch4') k['meinshausenCh4'](o, m, nn, f.ch4Zero.byteOffset, scale, offset, n);
      else k['meinshausenN2o'](o, c, m, nn, f.n2oZero.byteOffset, scale, offset, n);
    },
  };
}

/** The kernel's maker, or undefined where WebAssembly SIMD is not to be had. Compiles the module at the first call. */
export function wasmRows(): MakeRows | undefined {
  try {
    compile();
    return makeWasmRows;
  } catch {
    return undefined;
  }
}
