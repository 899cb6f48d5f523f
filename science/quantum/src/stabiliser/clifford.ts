// Recognises Clifford gates by their matrix and writes them as H, S, CX, X, Z (Gottesman 1998; elimination as in Aaronson and Gottesman,
// Phys. Rev. A 70:052328, 2004). Works on any gate of up to three qubits, so rz(pi/2) or a user's own gate count too. Global phase is dropped.
import { arity, embed, type Gate } from '../circuit/gate.ts';
import { adjoint, type Matrix, multiply } from '../circuit/matrix.ts';

/** One primitive on local qubits; `b` only for cx. */
export interface Primitive {
  readonly kind: 'h' | 's' | 'cx' | 'x' | 'z';
  readonly a: number;
  readonly b: number;
}

interface Pauli {
  x: number;
  z: number;
  /** 0 for +, 1 for -. */
  sign: number;
}

const LARGEST = 3;
const known = new WeakMap<Gate, readonly Primitive[] | null>();

/** The gate as primitives, or undefined when it is not Clifford (or acts on more than three qubits). */
export function clifford(gate: Gate): readonly Primitive[] | undefined {
  let out = known.get(gate);
  if (out === undefined) {
    out = compile(gate) ?? null;
    known.set(gate, out);
  }
  return out ?? undefined;
}

function compile(gate: Gate): readonly Primitive[] | undefined {
  const n = arity(gate);
  if (n === 0) return [];
  if (n > LARGEST) return undefined;
  const u = embed(
    gate,
    Array.from({ length: n }, (_, i) => i),
    n,
  );
  const back = adjoint(u);
  const images: Pauli[] = [];
  for (let q = 0; q < n; q++)
    for (const [x, z] of [
      [1 << q, 0],
      [0, 1 << q],
    ]) {
      const image = readPauli(multiply(multiply(u, pauliMatrix(x, z, n)), back), n);
      if (!image) return undefined;
      images.push(image);
    }
  return synthesise(images, n);
}

/** X^x Z^z times i for every Y, so that it is Hermitian. */
function pauliMatrix(x: number, z: number, n: number): Matrix {
  const N = 2 ** n;
  const m = new Float64Array(2 * N * N);
  const ys = popcount(x & z) & 3;
  for (let c = 0; c < N; c++) {
    const s = popcount(c & z) & 1 ? -1 : 1;
    const at = 2 * ((c ^ x) * N + c);
    m[at] = ys === 0 ? s : ys === 2 ? -s : 0;
    m[at + 1] = ys === 1 ? s : ys === 3 ? -s : 0;
  }
  return m;
}

/** Which signed Pauli a matrix is, to 1e-9. */
function readPauli(m: Matrix, n: number): Pauli | undefined {
  const N = 2 ** n;
  let x = -1;
  for (let r = 0; r < N; r++) if (Math.hypot(m[2 * r * N], m[2 * r * N + 1]) > 0.5) x = r;
  if (x < 0) return undefined;
  let z = 0;
  const phase = (c: number) => {
    const at = 2 * ((c ^ x) * N + c);
    return [m[at], m[at + 1]] as const;
  };
  const [re, im] = phase(0);
  for (let q = 0; q < n; q++) {
    const [r, i] = phase(1 << q);
    if (r * re + i * im < 0) z |= 1 << q;
  }
  for (const sign of [0, 1]) {
    const p = pauliMatrix(x, z, n);
    let off = 0;
    for (let i = 0; i < m.length; i++) off = Math.max(off, Math.abs(m[i] - (sign ? -p[i] : p[i])));
    if (off < 1e-9) return { x, z, sign };
  }
  return undefined;
}

function popcount(v: number): number {
  let n = 0;
  for (let x = v; x; x &= x - 1) n += 1;
  return n;
}

/** images[2q], images[2q + 1]: what the gate makes of X and Z of qubit q. Gates that undo it, inverted and turned round, are the circuit. */
function synthesise(images: readonly Pauli[], n: number): readonly Primitive[] {
  const rows = images.map(p => ({ ...p }));
  const undo: Primitive[] = [];
  const act = (kind: Primitive['kind'], a: number, b = a): void => {
    undo.push({ kind, a, b });
    for (const r of rows) conjugate(r, kind, a, b);
  };
  const has = (bits: number, q: number) => (bits >> q) & 1;
  /** Makes a row X on qubit i alone, touching qubits from i on. */
  const toX = (row: Pauli, i: number): void => {
    for (let q = i; q < n; q++) if (has(row.z, q)) act(has(row.x, q) ? 's' : 'h', q);
    if (!has(row.x, i)) {
      for (let q = i + 1; q < n; q++)
        if (has(row.x, q)) {
          act('cx', q, i);
          break;
        }
    }
    for (let q = i + 1; q < n; q++) if (has(row.x, q)) act('cx', i, q);
  };
  for (let i = 0; i < n; i++) {
    const x = rows[2 * i];
    const z = rows[2 * i + 1];
    toX(x, i);
    if (z.x !== 0 || z.z !== 1 << i) {
      act('h', i);
      toX(z, i);
      act('h', i);
    }
    if (x.sign) act('z', i);
    if (z.sign) act('x', i);
  }
  return undo.reverse().flatMap((p): Primitive[] => (p.kind === 's' ? [p, { kind: 'z', a: p.a, b: p.a }] : [p]));
}

/** P becomes g P g†. */
function conjugate(p: Pauli, kind: Primitive['kind'], a: number, b: number): void {
  const xa = (p.x >> a) & 1;
  const za = (p.z >> a) & 1;
  if (kind === 'h') {
    p.sign ^= xa & za;
    p.x = (p.x & ~(1 << a)) | (za << a);
    p.z = (p.z & ~(1 << a)) | (xa << a);
  } else if (kind === 's') {
    p.sign ^= xa & za;
    p.z ^= xa << a;
  } else if (kind === 'x') p.sign ^= za;
  else if (kind === 'z') p.sign ^= xa;
  else {
    const xb = (p.x >> b) & 1;
    const zb = (p.z >> b) & 1;
    p.sign ^= xa & zb & (xb ^ za ^ 1);
    p.x ^= xa << b;
    p.z ^= zb << a;
  }
}
