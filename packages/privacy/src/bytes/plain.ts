// Node's Buffer is a Uint8Array whose `slice` and `subarray` mean something else: slice shares memory. Every entry point takes this view
// first, so that a caller's Buffer is neither changed nor kept.

/** The same bytes as a plain Uint8Array, not copied. */
export function plain(bytes: Uint8Array): Uint8Array {
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A string that is equal for equal bytes: two bytes a character, flat, for keys of maps. The length is even. */
export function keyOf(bytes: Uint8Array): string {
  const units = new Array<number>(bytes.length / 2);
  for (let i = 0; i < units.length; i++) units[i] = bytes[2 * i] | (bytes[2 * i + 1] << 8);
  return String.fromCharCode(...units);
}
