// Piecewise linear functions of a column: the pieces are columns that fill up in order. Where the order follows from the costs (dearer pieces
// later) nothing more is needed; elsewhere a whole number between two pieces holds the later at nothing until the earlier is full
// (incremental form; Vielma, Ahmed, Nemhauser, Operations Research 58:303, 2010). The column stays within the curve.
import { EnergyError } from '../error.ts';
import { axisOf, type Curve } from './curves.ts';
import type { Draft } from './draft.ts';
import { type Components, flagOf, numberOf, textOf } from './network.ts';

/** A curve in absolute units: where it begins and its pieces. */
export interface Pieces {
  readonly from: number;
  /** Value at the beginning. */
  readonly value: number;
  /** Width and slope of each piece. */
  readonly pieces: readonly (readonly [width: number, slope: number])[];
}

/** The curve of an attribute as pieces of cost or of flow; undefined where the component has none. */
export function piecesOf(c: Components, attribute: string, i: number): Pieces | undefined {
  const curve = c.curves[attribute]?.get(c.names[i]);
  if (!curve) return undefined;
  const scale = axisOf(c.list, attribute)!.endsWith('_pu') ? ratedPower(c, attribute, i) : 1;
  const from = curve.x[0] * scale;
  if (attribute.endsWith('_cost')) return { from, value: 0, pieces: widths(curve, scale, k => curve.y[k + 1]) };
  // The flow at a breakpoint; what a generator draws is its output over the efficiency.
  const inverse = c.list === 'generators';
  const flow = curve.x.map((x, k) => (x === 0 ? 0 : inverse ? (x * scale) / curve.y[k] : x * scale * curve.y[k]));
  if (!flow.every(Number.isFinite))
    throw contradiction(c, i, `the efficiency must be above 0 wherever ${axisOf(c.list, attribute)} is`);
  const slope = (k: number) => (flow[k + 1] - flow[k]) / ((curve.x[k + 1] - curve.x[k]) * scale);
  return { from, value: flow[0], pieces: widths(curve, scale, slope) };
}

/** What a share of 1 is: the given capacity. */
function ratedPower(c: Components, attribute: string, i: number): number {
  const nominal = c.list === 'stores' ? 'e_nom' : 'p_nom';
  if (flagOf(c, `${nominal}_extendable`, i))
    throw contradiction(c, i, `a curve of ${attribute} needs a given capacity; set ${nominal}_extendable to False`);
  const rated = numberOf(c, nominal, i);
  if (!(rated > 0 && Number.isFinite(rated)))
    throw contradiction(c, i, `a curve of ${attribute} needs a finite ${nominal} above 0, not ${rated}`);
  return rated;
}

function widths(curve: Curve, scale: number, slope: (k: number) => number): (readonly [number, number])[] {
  const out: (readonly [number, number])[] = [];
  for (let k = 0; k + 1 < curve.x.length; k++) {
    const width = (curve.x[k + 1] - curve.x[k]) * scale;
    if (width > 0) out.push([width, slope(k)]);
  }
  return out;
}

/** Adds the cost `weight` times the curve at column x. */
export function addPiecewiseCost(d: Draft, x: number, curve: Pieces, weight: number): void {
  d.b.offset += weight * curve.value;
  const rises = curve.pieces.every(([, slope], k) => k === 0 || slope >= curve.pieces[k - 1][1]);
  const first = addPieces(d, x, curve, rises && weight >= 0);
  for (const [k, [, slope]] of curve.pieces.entries()) d.b.addCost(first + k, weight * slope);
}

/** Adds the marginal cost of a dispatch from column `first` on (one a snapshot) where it is a curve; true if so. */
export function addMarginalCurve(d: Draft, c: Components, i: number, first: number): boolean {
  const curve = piecesOf(c, 'marginal_cost', i);
  if (!curve) return false;
  for (let t = 0; t < d.network.time.count; t++)
    if (d.active(c, i, t)) addPiecewiseCost(d, first + t, curve, d.weight[t]);
  return true;
}

/** Adds columns (one a snapshot) that equal the curve of an attribute at the dispatch from column x on; undefined without a curve. */
export function addPiecewiseFlow(d: Draft, c: Components, i: number, attribute: string, x: number): number | undefined {
  const curve = piecesOf(c, attribute, i);
  if (!curve) return undefined;
  const T = d.network.time.count;
  const first = d.b.columns;
  for (let t = 0; t < T; t++) {
    const on = d.active(c, i, t);
    d.b.column(0, on ? Number.NEGATIVE_INFINITY : 0, on ? Number.POSITIVE_INFINITY : 0);
  }
  for (let t = 0; t < T; t++) {
    if (!d.active(c, i, t)) continue;
    const pieces = addPieces(d, x + t, curve, false);
    d.b.row(curve.value, curve.value);
    d.b.term(first + t, 1);
    for (const [k, [, slope]] of curve.pieces.entries()) d.b.term(pieces + k, -slope);
  }
  return first;
}

/** Adds the pieces whose sum, from the curve's beginning on, is column x; returns the first. */
function addPieces(d: Draft, x: number, curve: Pieces, inOrder: boolean): number {
  const { b } = d;
  const { pieces, from } = curve;
  const first = b.columns;
  for (const [width] of pieces) b.column(0, 0, width);
  b.row(from, from);
  b.term(x, 1);
  for (let k = 0; k < pieces.length; k++) b.term(first + k, -1);
  if (inOrder) return first;
  for (let k = 0; k + 1 < pieces.length; k++) {
    const full = b.column(0, 0, 1, true);
    b.row(0, Number.POSITIVE_INFINITY);
    b.term(first + k, 1);
    b.term(full, -pieces[k][0]);
    b.row(Number.NEGATIVE_INFINITY, 0);
    b.term(first + k + 1, 1);
    b.term(full, -pieces[k + 1][0]);
  }
  return first;
}

/** The curve of a capacity's cost; PyPSA allows no overnight cost beside it. */
export function capitalCurve(c: Components, i: number): Pieces | undefined {
  const curve = piecesOf(c, 'capital_cost', i);
  if (curve && textOf(c, 'overnight_cost', i) !== '' && !Number.isNaN(numberOf(c, 'overnight_cost', i)))
    throw contradiction(c, i, 'a curve of capital_cost stands beside an overnight_cost; remove one');
  return curve;
}

function contradiction(c: Components, i: number, what: string): EnergyError {
  return new EnergyError('limits-contradict', `${c.list}.csv, "${c.names[i]}": ${what}`);
}
