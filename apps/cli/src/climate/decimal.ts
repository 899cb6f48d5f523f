// Fast decimal text: numbers to ten significant digits written as bytes, in the manner of C's %.10g. A run of an ensemble has a million
// numbers; this takes a tenth of the time of toPrecision. Last-digit ties may fall either way (the power of ten is rounded).

const POW10 = Float64Array.from({ length: 633 }, (_, i) => Number(`1e${i - 324}`));
const pow10 = (e: number) => POW10[e + 324];

/** Bytes that grow as they are written to. */
export interface ByteWriter {
  bytes: Uint8Array;
  length: number;
}

export function byteWriter(capacity = 1 << 16): ByteWriter {
  return { bytes: new Uint8Array(capacity), length: 0 };
}

/** Makes room for `more` bytes. */
export function reserve(w: ByteWriter, more: number): void {
  if (w.length + more <= w.bytes.length) return;
  const next = new Uint8Array(Math.max(2 * w.bytes.length, w.length + more));
  next.set(w.bytes.subarray(0, w.length));
  w.bytes = next;
}

const encoder = new TextEncoder();

export function writeText(w: ByteWriter, text: string): void {
  reserve(w, 3 * text.length);
  w.length += encoder.encodeInto(text, w.bytes.subarray(w.length)).written;
}

export function writeByte(w: ByteWriter, byte: number): void {
  reserve(w, 1);
  w.bytes[w.length++] = byte;
}

const digits = new Uint8Array(10);

/** Writes a number to ten significant digits; nothing at all for NaN. */
export function writeNumber(w: ByteWriter, x: number): void {
  if (Number.isNaN(x)) return;
  reserve(w, 24);
  const b = w.bytes;
  let n = w.length;
  if (x < 0) b[n++] = 45;
  const a = Math.abs(x);
  if (a === 0) {
    b[n++] = 48;
    w.length = n;
    return;
  }
  if (a === Number.POSITIVE_INFINITY || a < 1e-290) {
    w.length = n;
    writeText(w, a < 1 ? String(Number(a.toPrecision(10))) : 'inf');
    return;
  }
  let e = Math.floor(Math.log10(a));
  let r = Math.round(e > 9 ? a / pow10(e - 9) : a * pow10(9 - e));
  if (r >= 1e10) {
    e += 1;
    r = Math.round(r / 10);
  } else if (r < 1e9) {
    e -= 1;
    r = Math.round(e > 9 ? a / pow10(e - 9) : a * pow10(9 - e));
  }
  const high = Math.floor(r / 1e5);
  split(high, 0);
  split(r - high * 1e5, 5);
  let last = 9;
  while (last > 0 && digits[last] === 0) last -= 1;
  if (e < -5 || e >= 10) {
    b[n++] = 48 + digits[0];
    if (last > 0) b[n++] = 46;
    for (let i = 1; i <= last; i++) b[n++] = 48 + digits[i];
    b[n++] = 101;
    b[n++] = e < 0 ? 45 : 43;
    const k = Math.abs(e);
    if (k >= 100) b[n++] = 48 + Math.floor(k / 100);
    b[n++] = 48 + (Math.floor(k / 10) % 10);
    b[n++] = 48 + (k % 10);
  } else if (e >= 0) {
    for (let i = 0; i <= Math.max(last, e); i++) {
      if (i === e + 1) b[n++] = 46;
      b[n++] = 48 + digits[i];
    }
  } else {
    b[n++] = 48;
    b[n++] = 46;
    for (let i = -1; i > e; i--) b[n++] = 48;
    for (let i = 0; i <= last; i++) b[n++] = 48 + digits[i];
  }
  w.length = n;
}

function split(five: number, at: number): void {
  let v = five | 0;
  for (let i = at + 4; i >= at; i--) {
    const q = (v / 10) | 0;
    digits[i] = v - q * 10;
    v = q;
  }
}
