// What is where: the numbers that describe column and step (written by src/column/kernel.ts in this order), then the arrays. Doubles, at byte addresses, 16-byte aligned.

/** Lower and upper diagonals of the reduced matrix: three unknowns a cell, two cells to either side. */
export const REACH: i32 = 8;
/** Places of a row of it: what pivoting may fill lies beyond the upper diagonals. */
export const WIDTH: i32 = 25;
/** Slopes of a cell's equations: three rows by the five unknowns of five cells, two rows by those of its own. */
export const SLOPES: i32 = 85;

export let cells: i32 = 0;
/** Scales; solid per volume of bed; void fraction, gas constant, feed temperature, heat capacities of gas, adsorbed and solid; heats of adsorption; kinetics; length of a cell. */
export let sGas = 0.0, sLoad = 0.0, sEnergy = 0.0, solid = 0.0, e = 0.0, R = 0.0, feedK = 0.0, cp = 0.0, ca = 0.0, cs = 0.0;
export let h1 = 0.0, h2 = 0.0, k1 = 0.0, k2 = 0.0, dz = 0.0;
/** Ergun's two terms; dispersion at rest and by velocity; conductivity. */
export let viscous = 0.0, inertial = 0.0, still = 0.0, spread = 0.0, conductivity = 0.0;
/** Isotherm: over pressures or concentrations; capacity, affinity and energy of the sites of CO2 and N2. */
export let overPressure = false, second = false;
export let qb1 = 0.0, qb2 = 0.0, qd1 = 0.0, qd2 = 0.0, b1 = 0.0, b2 = 0.0, d1 = 0.0, d2 = 0.0, ub1 = 0.0, ub2 = 0.0, ud1 = 0.0, ud2 = 0.0;
/** Rates at which fluxes change gas and energy of a cell, and kinetics its gas. */
export let gasRate = 0.0, energyRate = 0.0, loadRate = 0.0;

/** State, its derivatives (then CO2, N2, enthalpy into the left and into the right end, temperature of the first cell, pressure at the left end), a right side. */
export let Y: usize = 0, F: usize = 0, V: usize = 0;
/** Pressure, temperature, mole fraction of the cells. */
export let P: usize = 0, T: usize = 0, X: usize = 0;
/** CO2, N2, enthalpy through the faces, and the moles of the last step taken. */
export let F1: usize = 0, F2: usize = 0, FE: usize = 0, FLOWS: usize = 0;
/** Slopes: of P, T, X by the unknowns (15 a cell), of the equations (SLOPES a cell), of a face's fluxes (36), of both ends' by unknowns (30). */
export let INNER: usize = 0, J: usize = 0, FACE: usize = 0, ENDS: usize = 0;
/** Factors: working band; multipliers (REACH a row); rows of U (2 REACH each); inverse pivots; pivots; and for the eliminated loadings. */
export let LU: usize = 0, L: usize = 0, U: usize = 0, PIVOT: usize = 0, SWAP: usize = 0, B: usize = 0, E: usize = 0, I: usize = 0, XR: usize = 0, Q: usize = 0;
/** Of the linearised integration: differences, prediction, source, old values; weights or matrix of the next record; the tapes. */
export let D: usize = 0, PRED: usize = 0, SOURCE: usize = 0, OLD: usize = 0, W: usize = 0, TAPE: usize = 0;
/** Doubles of the description. */
const GIVEN = 64;
let top: usize = 0;

@inline
export function get(a: usize, i: i32): f64 { return load<f64>(a + ((<usize>i) << 3)); }
@inline
export function put(a: usize, i: i32, v: f64): void { store<f64>(a + ((<usize>i) << 3), v); }

function room(doubles: i32): usize {
  const at = top;
  top = (top + ((<usize>doubles) << 3) + 15) & ~15;
  return at;
}

/** Where array `which` lies, in the order of src/column/kernel.ts. */
export function address(which: i32): usize {
  switch (which) {
    case 0: return (__heap_base + 15) & ~15;
    case 1: return Y;
    case 2: return F;
    case 3: return V;
    case 4: return J;
    case 5: return ENDS;
    case 6: return W;
    case 7: return SOURCE;
    case 8: return D;
    default: return TAPE;
  }
}

/** Lays out a column of `m` cells and reads its description; returns the bytes that it takes. */
export function configure(m: i32): usize {
  const g = (__heap_base + 15) & ~15;
  if (m != cells) layOut(m, g);
  sGas = get(g, 0); sLoad = get(g, 1); sEnergy = get(g, 2); solid = get(g, 3); e = get(g, 4); R = get(g, 5); feedK = get(g, 6);
  cp = get(g, 7); ca = get(g, 8); cs = get(g, 9); h1 = get(g, 10); h2 = get(g, 11); k1 = get(g, 12); k2 = get(g, 13); dz = get(g, 14);
  viscous = get(g, 15); inertial = get(g, 16); still = get(g, 17); spread = get(g, 18); conductivity = get(g, 19);
  overPressure = get(g, 20) > 0;
  qb1 = get(g, 21); qb2 = get(g, 22); qd1 = get(g, 23); qd2 = get(g, 24); b1 = get(g, 25); b2 = get(g, 26); d1 = get(g, 27); d2 = get(g, 28);
  ub1 = get(g, 29); ub2 = get(g, 30); ud1 = get(g, 31); ud2 = get(g, 32);
  second = qd1 > 0 || qd2 > 0;
  setEnd(0, g + 33 * 8);
  setEnd(1, g + 37 * 8);
  gasRate = 1 / (dz * e * sGas);
  energyRate = 1 / (dz * sEnergy);
  loadRate = (solid * sLoad) / (e * sGas);
  return TAPE;
}

function layOut(m: i32, g: usize): void {
  cells = m;
  top = g + GIVEN * 8;
  Y = room(5 * m + 8); F = room(5 * m + 8); V = room(5 * m + 8);
  P = room(m); T = room(m); X = room(m);
  F1 = room(m + 1); F2 = room(m + 1); FE = room(m + 1); FLOWS = room(m + 1);
  INNER = room(15 * m); J = room(SLOPES * m); FACE = room(36); ENDS = room(30);
  LU = room(3 * m * WIDTH + 2); L = room(3 * m * REACH); U = room(3 * m * 2 * REACH); PIVOT = room(3 * m); SWAP = room(3 * m);
  B = room(30 * m); E = room(6 * m); I = room(4 * m); XR = room(3 * m + 2 * REACH); Q = room(2 * m);
  D = room(8 * wide()); PRED = room(wide()); SOURCE = room(wide()); OLD = room(12); W = room(36);
  TAPE = top;
}

/** Doubles of a vector of the state in the linearised integration, padded to whole lanes. */
@inline
export function wide(): i32 { return (5 * cells + 1) & ~1; }

export const CLOSED: i32 = 0, FLOW: i32 = 1, INLET: i32 = 2, OUTLET: i32 = 3;
/** Kind, moles, mole fraction and temperature of the left and of the right end. */
export let leftKind: i32 = 0, leftMol = 0.0, leftCo2 = 0.0, leftK = 0.0, rightKind: i32 = 0, rightMol = 0.0, rightCo2 = 0.0, rightK = 0.0;

function setEnd(right: i32, g: usize): void {
  if (right) { rightKind = <i32>get(g, 0); rightMol = get(g, 1); rightCo2 = get(g, 2); rightK = get(g, 3); }
  else { leftKind = <i32>get(g, 0); leftMol = get(g, 1); leftCo2 = get(g, 2); leftK = get(g, 3); }
}
