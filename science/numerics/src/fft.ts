// Fast Fourier transform of power-of-two length, in place on split real and imaginary parts (radix 2, decimation in time).

/** Twiddle factors for one length; make once, use for many transforms. */
export interface FftPlan {
  readonly length: number;
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

/** Throws RangeError unless n is a power of two from 1 to 2^26. */
export function fftPlan(n: number): FftPlan {
  if (!Number.isInteger(Math.log2(n)) || n > 2 ** 26)
    throw new RangeError(`fft: length ${n} is not a power of two up to 2^26`);
  const half = Math.max(1, n >> 1);
  const cos = new Float64Array(half);
  const sin = new Float64Array(half);
  for (let i = 0; i < half; i++) {
    cos[i] = Math.cos((2 * Math.PI * i) / n);
    sin[i] = Math.sin((2 * Math.PI * i) / n);
  }
  return { length: n, cos, sin };
}

/** X[k] = sum over j of x[j] exp(-2 pi i j k / n), in place. */
export function fft(plan: FftPlan, re: Float64Array, im: Float64Array): void {
  transform(plan, re, im, -1);
}

/** x[j] = (1/n) sum over k of X[k] exp(2 pi i j k / n), in place. */
export function inverseFft(plan: FftPlan, re: Float64Array, im: Float64Array): void {
  transform(plan, re, im, 1);
  const scale = 1 / plan.length;
  for (let i = 0; i < plan.length; i++) {
    re[i] *= scale;
    im[i] *= scale;
  }
}

function transform(plan: FftPlan, re: Float64Array, im: Float64Array, sign: 1 | -1): void {
  const n = plan.length;
  if (re.length !== n || im.length !== n)
    throw new RangeError(`fft: arrays of ${re.length} and ${im.length} for length ${n}`);
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      const r = re[i];
      re[i] = re[j];
      re[j] = r;
      const m = im[i];
      im[i] = im[j];
      im[j] = m;
    }
  }
  for (let size = 2; size <= n; size *= 2) {
    const half = size >> 1;
    const stride = n / size;
    for (let start = 0; start < n; start += size) {
      for (let k = 0, t = 0; k < half; k++, t += stride) {
        const a = start + k;
        const b = a + half;
        const c = plan.cos[t];
        const s = sign * plan.sin[t];
        const x = re[b] * c - im[b] * s;
        const y = re[b] * s + im[b] * c;
        re[b] = re[a] - x;
        im[b] = im[a] - y;
        re[a] += x;
        im[a] += y;
      }
    }
  }
}
