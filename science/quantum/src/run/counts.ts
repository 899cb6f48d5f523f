// From classical registers to the keys of counts. Highest bit first within a register; several registers are separated by a space, the last
// declared first, as Qiskit writes them; neighbouring single bits read as one register. Declared outputs, if any, are the only registers.
import type { Output } from '../qasm/execute.ts';
import { type Bit, bitsOfWhole, type Whole } from '../qasm/value.ts';

/** The bits of a key, grouped by register, lowest first; entries are 0, 1 or 2 + measurement. */
export type KeyBits = readonly (readonly Bit[])[];

const whole: ReadonlySet<string> = new Set(['int', 'uint', 'angle']);

/** Chooses the registers of the key. */
export function keyBits(outputs: readonly Output[]): KeyBits {
  const declared = outputs.filter(o => o.role === 'output');
  const bits = outputs.filter(o => o.role !== 'input' && (o.type.kind === 'bit' || o.type.kind === 'bits'));
  const sized = outputs.filter(o => o.role !== 'input' && whole.has(o.type.kind) && o.type.size > 0);
  // Programs that measure into angle[n] or uint[n] and have no bits at all still show what they found.
  const chosen = declared.length > 0 ? declared : bits.length > 0 ? bits : sized;
  const groups: Bit[][] = [];
  let open: Bit[] | undefined;
  for (const o of chosen) {
    if (o.type.kind === 'bit' || o.type.kind === 'bool') {
      if (!open) {
        open = [];
        groups.push(open);
      }
      open.push(o.v as Bit);
      continue;
    }
    open = undefined;
    if (o.type.kind === 'bits') groups.push([...(o.v as Int32Array)]);
    else if (whole.has(o.type.kind)) groups.push([...bitsOfWhole(o.v as Whole, o.type.size || 64)]);
  }
  return groups.filter(g => g.length > 0);
}

/** The key for one shot; `outcome` gives the bit behind a measurement. */
export function keyOf(bits: KeyBits, outcome: (measurement: number) => number): string {
  const words: string[] = [];
  for (const group of bits) {
    let word = '';
    for (let i = group.length - 1; i >= 0; i--) {
      const b = group[i];
      word += (b < 2 ? b : outcome(b - 2)) === 0 ? '0' : '1';
    }
    words.unshift(word);
  }
  return words.join(' ');
}

/** Keys in order, so that equal results print equally. */
export function sortedCounts(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
