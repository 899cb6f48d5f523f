// The column's inner loops in WebAssembly (assembly/column.ts), one instance for all columns: whoever works with it lays out its own column first. The trap: memory that grows
// takes all views with it, so they are asked for anew at each use.
import { wasmBase64 } from '../generated/column.wasm.ts';
import type { Column } from './column.ts';

/** Flows are positive into the column, mol/m2/s; what comes in has composition `co2` and temperature `k`. `pa` gives the pressure outside, from time. */
export type End =
  | { readonly kind: 'closed' }
  | { readonly kind: 'flow'; readonly molM2S: number; readonly co2: number; readonly k: number }
  | { readonly kind: 'inlet'; readonly pa: (t: number) => number; readonly co2: number; readonly k: number }
  | { readonly kind: 'outlet'; readonly pa: (t: number) => number };

const CLOSED: End = { kind: 'closed' };
/** Kinds in the order of assembly/column/memory.ts. */
const KINDS = ['closed', 'flow', 'inlet', 'outlet'];

/** What the module exports; addresses and lengths in bytes. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  address(which: number): number;
  configure(cells: number): number;
  derivative(leftPa: number, rightPa: number): void;
  ends(leftPa: number, rightPa: number): void;
  take(): void;
  pressures(pa: number, leftOpen: number): void;
  jacobian(leftPa: number, rightPa: number): number;
  factor(c: number): number;
  solve(): void;
  forget(): void;
  mark(): number;
  keepStep(order: number, c: number): void;
  keepChange(order: number): void;
  propagate(from: number, to: number, driven: number): void;
}

/** The arrays that are written and read from here. */
interface Views {
  readonly buffer: ArrayBufferLike;
  readonly given: Float64Array;
  /** The state. */
  readonly y: Float64Array;
  /** Its derivatives; then what passes the ends, temperature and pressure at the left end. */
  readonly f: Float64Array;
  /** A right side, then the solution. */
  readonly v: Float64Array;
  /** Slopes of the equations, 85 a cell: three rows by the unknowns of cells -2 to 2, two rows by its own. */
  readonly slopes: Float64Array;
  /** Slopes of three fluxes by the five unknowns of the left end's cell, then of the right one's. */
  readonly ends: Float64Array;
  /** Weights or matrix of the next record of a tape. */
  readonly record: Float64Array;
  /** A small difference of the state and what drives it. */
  readonly source: Float64Array;
  readonly difference: Float64Array;
}

let made: Exports | undefined;
let views: Views | undefined;
/** Who laid out the column that is there, of how many cells, and how often tapes were forgotten. */
let owner: object | undefined;
let cells = 0;
let forgotten = 0;

function instance(): Exports {
  if (!made) {
    const text = atob(wasmBase64);
    const bytes = Uint8Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { abort() {} } });
    made = exports as unknown as Exports;
  }
  return made;
}

/** The module with its views. */
export type Kernel = { readonly k: Exports; readonly at: Views };

function viewed(k: Exports): Views {
  const { buffer } = k.memory;
  if (views?.buffer === buffer) return views;
  const n = 5 * cells;
  const doubles = (which: number, length: number) => new Float64Array(buffer, k.address(which), length);
  views = {
    buffer,
    given: doubles(0, 64),
    y: doubles(1, n + 7),
    f: doubles(2, n + 8),
    v: doubles(3, n + 8),
    slopes: doubles(4, 85 * cells),
    ends: doubles(5, 30),
    record: doubles(6, 36),
    source: doubles(7, n),
    difference: doubles(8, n),
  };
  return views;
}

/** A function that gives the kernel with this column and these ends in it. */
export function kernelOf(c: Column, left: End, right: End): () => Kernel {
  const given = description(c, left, right);
  const me = {};
  return () => {
    const k = instance();
    if (owner !== me) {
      owner = me;
      new Float64Array(k.memory.buffer, k.address(0), given.length).set(given);
      const needed = k.configure(c.cells) - k.memory.buffer.byteLength;
      if (needed > 0) k.memory.grow(Math.ceil(needed / 65536));
      if (cells !== c.cells) {
        cells = c.cells;
        forgotten += 1;
        views = undefined;
      }
    }
    return { k, at: viewed(k) };
  };
}

/** What `configure` of assembly/column/memory.ts reads, in its order. */
function description(c: Column, left: End, right: End): Float64Array {
  const { bed, scale, sorbent, solidKgM3 } = c;
  const { voidFraction: e, particleRadiusM: radius } = bed;
  const { qsb, qsd, b0, d0, dUb, dUd, basis } = sorbent.isotherm;
  const end = (x: End) => {
    const open = x.kind === 'flow' || x.kind === 'inlet';
    return [KINDS.indexOf(x.kind), x.kind === 'flow' ? x.molM2S : 0, open ? x.co2 : 0, open ? x.k : 0];
  };
  return Float64Array.of(
    ...[scale.gas, scale.load, scale.energy, solidKgM3, e, bed.gasConstant, bed.feedK],
    ...[bed.cpGasJMolK, bed.cpAdsorbedJMolK, bed.cpSolidJKgK, ...sorbent.heatJMol, ...bed.driving],
    bed.lengthM / c.cells,
    viscousTerm(c),
    (1.75 * (1 - e)) / (e ** 3 * 2 * radius),
    ...[0.7 * bed.diffusivityM2S, radius / e, bed.conductivityWMK],
    basis === 'pressure' ? 1 : 0,
    ...[...qsb, ...qsd, ...b0, ...d0, ...dUb, ...dUd],
    ...[...end(left), ...end(right)],
  );
}

/** How often tapes were forgotten: one of an earlier age is not there any more. */
export const age = () => forgotten;

/** Forgets all tapes and lays out `c`, of which the next ones will be. */
export function forget(c: Column): void {
  const { k } = kernelOf(c, CLOSED, CLOSED)();
  forgotten += 1;
  k.forget();
}

/** Ergun's viscous term, Pa s/m2. */
export function viscousTerm({ bed }: Column): number {
  const { voidFraction: e, viscosityPaS, particleRadiusM: radius } = bed;
  return (150 * viscosityPaS * (1 - e) ** 2) / (e ** 3 * (2 * radius) ** 2);
}
