// One byte form for the messages that peers send each other through the mailbox: named parts, each with its length.
import { fromUtf8, utf8 } from '@madang/trust';

/** At most this many parts in one message. */
const MAX_PARTS = 20_000;

/** parts -> count, then for each: name length (2), name, data length (4), data. Big-endian. */
export function packFrame(parts: readonly (readonly [name: string, data: Uint8Array])[]): Uint8Array {
  const names = parts.map(([n]) => utf8(n));
  const size = 4 + parts.reduce((s, [, d], i) => s + 2 + names[i].length + 4 + d.length, 0);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  view.setUint32(0, parts.length);
  let at = 4;
  for (const [i, [, data]] of parts.entries()) {
    view.setUint16(at, names[i].length);
    out.set(names[i], at + 2);
    at += 2 + names[i].length;
    view.setUint32(at, data.length);
    out.set(data, at + 4);
    at += 4 + data.length;
  }
  return out;
}

/** Throws when the bytes are cut, have a tail, or hold too many parts. */
export function unpackFrame(bytes: Uint8Array): readonly (readonly [name: string, data: Uint8Array])[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const broken = () => new Error('the message is cut or is not of this form');
  if (bytes.length < 4) throw broken();
  const count = view.getUint32(0);
  if (count > MAX_PARTS) throw broken();
  const parts: [string, Uint8Array][] = [];
  let at = 4;
  for (let i = 0; i < count; i++) {
    if (at + 2 > bytes.length) throw broken();
    const nameLength = view.getUint16(at);
    const nameEnd = at + 2 + nameLength;
    if (nameEnd + 4 > bytes.length) throw broken();
    const name = fromUtf8(bytes.subarray(at + 2, nameEnd));
    const length = view.getUint32(nameEnd);
    at = nameEnd + 4 + length;
    if (at > bytes.length) throw broken();
    parts.push([name, bytes.subarray(nameEnd + 4, at)]);
  }
  if (at !== bytes.length) throw broken();
  return parts;
}
