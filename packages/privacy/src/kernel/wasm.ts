// The compiled kernel: assembly/prio3.ts as WebAssembly, carried as base64 in src/generated (made by `npm install`), so nothing is fetched.
import { wasmBase64 } from '../generated/prio3.wasm.ts';
import type { FieldKernel, Kernel } from './kernel.ts';

type Exports = Readonly<Record<string, (...args: number[]) => number>>;

let compiled: WebAssembly.Module | undefined;

/** A fresh instance with its own memory. Throws where WebAssembly is missing or forbidden (a page's security policy may do so). */
export function wasmKernel(): Kernel {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(wasmBase64), c => c.charCodeAt(0)));
  const instance = new WebAssembly.Instance(compiled, { env: { abort } });
  const memory = instance.exports['memory'] as WebAssembly.Memory;
  const e = instance.exports as unknown as Exports;
  let view = new Uint8Array(memory.buffer);
  return {
    kind: 'wasm',
    base: e['base'](),
    bytes: () => view,
    reserve(size) {
      // Only here does the memory grow, so the view is never stale.
      if (size <= view.length) return;
      memory.grow(Math.ceil((size - view.length) / 65536));
      view = new Uint8Array(memory.buffer);
    },
    xofStart: e['xofStart'],
    xofAbsorb: e['xofAbsorb'],
    xofFinish: e['xofFinish'],
    xofRead: e['xofRead'],
    fields: { Field64: fieldOf(e, '64'), Field128: fieldOf(e, '128') },
  };
}

const names = [
  'add',
  'sub',
  'reduced',
  'sum',
  'dot',
  'pairDot',
  'weighBits',
  'expand',
  'fillTable',
  'product',
  'query',
  'proveRange',
  'queryRange',
] as const satisfies readonly (keyof FieldKernel)[];

function fieldOf(e: Exports, suffix: string): FieldKernel {
  return Object.fromEntries(names.map(name => [name, e[`${name}${suffix}`]])) as unknown as FieldKernel;
}

function abort(): never {
  throw new Error('the arithmetic kernel stopped');
}
