// What masks and bodies share: how a chunk's index becomes a nonce, and what becomes of a cipher's output.

/** Twelve bytes that end in a whole number below 2^32. */
export function nonceOf(index: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(12);
  new DataView(out.buffer).setUint32(8, index);
  return out;
}

/**
 * Gives the memory of a cipher's output back at once. Left to the garbage collector, tens of megabytes pile up first and every piece is written to
 * memory that no cache knows: twice the time.
 */
export function release(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength) buffer.transfer?.(0);
}
