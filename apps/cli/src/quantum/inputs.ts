// --noise one=P,two=P,readout=P, and --input name=value: numbers, true and false, or bits in quotes-free form such as 0b0101 written as b0101.
import type { Value } from '@madang/quantum';
import { CommandError } from '../command.ts';

/** Values as the program's types will take them: whole numbers as int, others as float, `b…` as bits. */
export function readInputs(given: string | boolean | string[] | undefined): Readonly<Record<string, Value>> {
  const out: Record<string, Value> = {};
  for (const item of Array.isArray(given) ? given : []) {
    const m = /^([^=]+)=(.+)$/.exec(item);
    if (!m) throw new CommandError(`--input takes name=value, not "${item}"`, 2);
    out[m[1]] = inputValue(m[2], item);
  }
  return out;
}

function inputValue(text: string, item: string): Value {
  if (/^b[01]+$/.test(text)) {
    const bits = Int32Array.from(text.slice(1), (_, i) => Number(text[text.length - 1 - i]));
    return { type: { kind: 'bits', size: bits.length }, v: bits };
  }
  if (text === 'true' || text === 'false') return { type: { kind: 'bool', size: 1 }, v: text === 'true' ? 1 : 0 };
  const n = Number(text);
  if (text.trim() === '' || !Number.isFinite(n))
    throw new CommandError(`--input ${item}: the value must be a number, true, false, or bits such as b0101`, 2);
  return Number.isInteger(n) && !/[.eE]/.test(text)
    ? { type: { kind: 'int', size: 0 }, v: n }
    : { type: { kind: 'float', size: 64 }, v: n };
}

/** Probabilities by name, or undefined when none are given. */
export function readNoise(
  given: string | boolean | string[] | undefined,
): { one?: number; two?: number; readout?: number } | undefined {
  if (given === undefined) return undefined;
  const out: { one?: number; two?: number; readout?: number } = {};
  for (const item of String(given).split(',')) {
    const m = /^(one|two|readout)=([0-9.eE+-]+)$/.exec(item.trim());
    const p = m ? Number(m[2]) : Number.NaN;
    if (!m || !(p >= 0 && p <= 1))
      throw new CommandError(`--noise takes one=P, two=P and readout=P with P from 0 to 1, not "${item}"`, 2);
    out[m[1] as 'one'] = p;
  }
  return out;
}
