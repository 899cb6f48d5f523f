// Blosc 1 containers (c-blosc, README_CHUNK_FORMAT) and LZ4 blocks (lz4_Block_format), the usual packing of Zarr chunks.
// Traps: full blocks are split into one stream for each byte of a number, the last, shorter block is not; a stream as long as what it holds is stored.
import type { Inflate } from './array.ts';

const FORMATS = ['blosclz', 'lz4', 'snappy', 'zlib', 'zstd'] as const;
const HEADER_BYTES = 16;
/** Blocks of fewer numbers, or of larger ones, are not split. */
const SPLIT = { leastNumbers: 128, mostBytes: 16 } as const;

/** Unpacks a container. Throws with what is wrong. */
export function decodeBlosc(bytes: Uint8Array, inflate: Inflate | undefined): Uint8Array {
  if (bytes.length < HEADER_BYTES) throw new Error(`a Blosc chunk of ${bytes.length} bytes is cut`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [flags, typeSize] = [bytes[2], bytes[3]];
  const [length, blockSize, packed] = [4, 8, 12].map(p => view.getUint32(p, true));
  if (packed > bytes.length) throw new Error(`a Blosc chunk of ${packed} bytes ends after ${bytes.length}`);
  if (flags & 2) return bytes.slice(HEADER_BYTES, HEADER_BYTES + length);
  const format = FORMATS[flags >> 5];
  const unpackStream = (stream: Uint8Array, size: number): Uint8Array => {
    if (stream.length === size) return stream;
    if (format === 'lz4') return decodeLz4(stream, size);
    if (format !== 'zlib' && format !== 'zstd')
      throw new Error(`Blosc's compressor "${format ?? 'unknown'}" is not read; lz4, zstd and zlib are`);
    if (!inflate) throw new Error(`it is compressed with ${format} and no way to inflate was given`);
    return inflate(stream, format);
  };
  const out = new Uint8Array(length);
  for (let block = 0; block * blockSize < length; block++) {
    const size = Math.min(blockSize, length - block * blockSize);
    const whole = size === blockSize;
    const split =
      whole && !(flags & 16) && typeSize <= SPLIT.mostBytes && blockSize / Math.max(1, typeSize) >= SPLIT.leastNumbers;
    const streams = split ? typeSize : 1;
    const raw = new Uint8Array(size);
    let at = view.getUint32(HEADER_BYTES + 4 * block, true);
    for (let s = 0; s < streams; s++) {
      const n = view.getInt32(at, true);
      if (n < 0 || at + 4 + n > bytes.length) throw new Error('a Blosc chunk is damaged');
      raw.set(unpackStream(bytes.subarray(at + 4, at + 4 + n), size / streams), (s * size) / streams);
      at += 4 + n;
    }
    out.set(
      flags & 4 ? unshuffleBits(raw, typeSize) : flags & 1 ? unshuffleBytes(raw, typeSize) : raw,
      block * blockSize,
    );
  }
  return out;
}

/** Bytes of numbers, first all first bytes, then all second ones; what is left over stands as it is. */
function unshuffleBytes(raw: Uint8Array, typeSize: number): Uint8Array {
  const n = Math.floor(raw.length / typeSize);
  const out = raw.slice();
  for (let b = 0; b < typeSize; b++) for (let i = 0; i < n; i++) out[i * typeSize + b] = raw[b * n + i];
  return out;
}

/** The same for single bits, lowest first; blocks whose count of numbers is no multiple of eight were not shuffled. */
function unshuffleBits(raw: Uint8Array, typeSize: number): Uint8Array {
  const n = Math.floor(raw.length / typeSize);
  if (n % 8 !== 0) return raw;
  const out = raw.slice().fill(0, 0, n * typeSize);
  const row = n / 8;
  for (let b = 0; b < typeSize; b++)
    for (let k = 0; k < 8; k++)
      for (let i = 0; i < row; i++) {
        const byte = raw[(8 * b + k) * row + i];
        for (let j = 0; j < 8; j++) if (byte & (1 << j)) out[(8 * i + j) * typeSize + b] |= 1 << k;
      }
  return out;
}

/** One LZ4 block of `size` bytes once unpacked. Throws when it is damaged. */
export function decodeLz4(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let [at, to] = [0, 0];
  const more = (start: number) => {
    let n = start;
    if (start === 15)
      for (let b = 255; b === 255; ) {
        b = bytes[at++] ?? 0;
        n += b;
      }
    return n;
  };
  while (at < bytes.length) {
    const token = bytes[at++];
    const literals = more(token >> 4);
    if (at + literals > bytes.length || to + literals > size) throw new Error('an LZ4 block is damaged');
    out.set(bytes.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    if (at >= bytes.length) break;
    const back = bytes[at] | (bytes[at + 1] << 8);
    at += 2;
    const length = more(token & 15) + 4;
    if (back === 0 || back > to || to + length > size) throw new Error('an LZ4 block is damaged');
    for (let i = 0; i < length; i++, to++) out[to] = out[to - back];
  }
  if (to !== size) throw new Error('an LZ4 block is damaged');
  return out;
}
