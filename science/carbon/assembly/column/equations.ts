// The equations: fluxes between cells and at the ends, kinetics by a linear driving force.
import {
  b1, b2, ca, cells, CLOSED, conductivity, cp, cs, d1, d2, dz, e, energyRate, F, F1, F2, FE, feedK, FLOW, FLOWS, gasRate, get, h1, h2, inertial, INLET, k1, k2, leftCo2, leftK, leftKind,
  leftMol, loadRate, overPressure, P, put, qb1, qb2, qd1, qd2, R, rightCo2, rightK, rightKind, rightMol, second, sEnergy, sGas, sLoad, solid, spread, still, T, ub1, ub2, ud1, ud2, viscous, X, Y,
} from './memory';

const CO2_KG = 0.04401;
const N2_KG = 0.028014;

/** Ergun's equation: superficial velocity from a pressure gradient (Pa/m, positive drives to the right) and a density (kg/m3). */
@inline
export function velocity(gradient: f64, density: f64): f64 {
  const g = abs(gradient);
  const u = (2 * g) / (viscous + sqrt(viscous * viscous + 4 * inertial * density * g));
  return gradient < 0 ? -u : u;
}
/** Its slopes by gradient and by density. */
@inline
export function byGradient(u: f64, density: f64): f64 { return 1 / (viscous + 2 * inertial * density * abs(u)); }
@inline
export function byDensity(u: f64, density: f64): f64 { return (-inertial * u * abs(u)) / (viscous + 2 * inertial * density * abs(u)); }
/** Pressure gradient (Pa/m) that drives a superficial velocity. */
@inline
function drop(u: f64, density: f64): f64 { return (viscous + inertial * density * abs(u)) * u; }
@inline
export function density(pa: f64, k: f64, x: f64): f64 { return (pa / (R * k)) * (x * CO2_KG + (1 - x) * N2_KG); }
/** The density's slope by mole fraction. */
@inline
export function densityByX(pa: f64, k: f64): f64 { return (pa * (CO2_KG - N2_KG)) / (R * k); }

/** van Leer's limited half difference from the differences behind and ahead of the upwind cell: their harmonic mean, or 0 at an extremum. */
@inline
export function limited(behind: f64, ahead: f64): f64 {
  const product = behind * ahead;
  return product > 0 ? product / (behind + ahead) : 0;
}

/** Pressure, temperature and composition of a cell from what is integrated. */
export function cell(j: i32): void {
  const at = Y + j * 40;
  const c1 = load<f64>(at) * sGas;
  const gas = c1 + load<f64>(at, 8) * sGas;
  const q1 = load<f64>(at, 24) * sLoad;
  const q2 = load<f64>(at, 32) * sLoad;
  const theta = (load<f64>(at, 16) * sEnergy + e * gas * R * feedK - solid * (q1 * h1 + q2 * h2)) / (e * gas * (cp - R) + solid * (cs + ca * (q1 + q2)));
  put(T, j, feedK + theta);
  put(P, j, gas * R * (feedK + theta));
  put(X, j, c1 / gas);
}

/** Derivatives of all unknowns, at given pressures outside of open ends. */
export function derivative(leftPa: f64, rightPa: f64): void {
  const perLoad = 1 / sLoad;
  for (let j = 0; j < cells; j++) {
    cell(j);
    const k = get(T, j);
    const at = Y + j * 40, to = F + j * 40;
    const rt = -1 / (R * k);
    const unit = overPressure ? R * k * sGas : sGas;
    const x1 = load<f64>(at) * unit, x2 = load<f64>(at, 8) * unit;
    let a1 = b1 * Math.exp(ub1 * rt) * x1;
    let a2 = b2 * Math.exp(ub2 * rt) * x2;
    let free = 1 / (1 + a1 + a2);
    let q1 = qb1 * a1 * free;
    let q2 = qb2 * a2 * free;
    if (second) {
      a1 = d1 * Math.exp(ud1 * rt) * x1;
      a2 = d2 * Math.exp(ud2 * rt) * x2;
      free = 1 / (1 + a1 + a2);
      q1 += qd1 * a1 * free;
      q2 += qd2 * a2 * free;
    }
    store<f64>(to, k1 * (q1 * perLoad - load<f64>(at, 24)), 24);
    store<f64>(to, k2 * (q2 * perLoad - load<f64>(at, 32)), 32);
  }
  outer(leftPa, rightPa);
  for (let face = 1; face < cells; face++) inner(face);
  for (let j = 0; j < cells; j++) {
    const to = F + j * 40;
    store<f64>(to, (get(F1, j) - get(F1, j + 1)) * gasRate - load<f64>(to, 24) * loadRate);
    store<f64>(to, (get(F2, j) - get(F2, j + 1)) * gasRate - load<f64>(to, 32) * loadRate, 8);
    store<f64>(to, (get(FE, j) - get(FE, j + 1)) * energyRate, 16);
  }
}

/** What passes the ends, of the end cells' state alone. */
export function ends(leftPa: f64, rightPa: f64): void {
  cell(0);
  cell(cells - 1);
  outer(leftPa, rightPa);
}

/** Keeps the flows of a step that was taken. */
export function take(): void {
  for (let f = 0; f <= cells; f++) put(FLOWS, f, get(F1, f) + get(F2, f));
}

function outer(leftPa: f64, rightPa: f64): void {
  const pa = end(0, 0, 1, leftKind, leftPa, leftMol, leftCo2, leftK);
  end(cells, cells - 1, -1, rightKind, rightPa, rightMol, rightCo2, rightK);
  const n = 5 * cells;
  put(F, n, get(F1, 0)); put(F, n + 1, get(F2, 0)); put(F, n + 2, get(FE, 0));
  put(F, n + 3, -get(F1, cells)); put(F, n + 4, -get(F2, cells)); put(F, n + 5, -get(FE, cells));
  put(F, n + 6, get(T, 0));
  put(F, n + 7, pa);
}

/**
 * Writes an end's fluxes; gives the pressure at it. What goes through an open end has one composition whichever way it goes, an inlet's that of the feed, an outlet's that of its cell: a
 * composition that leaps where the flow turns would send Newton's iteration to and fro, since the pressures of a predicted state do not tell the way of the flow.
 */
function end(face: i32, j: i32, into: f64, kind: i32, outsidePa: f64, mol: f64, co2: f64, kelvin: f64): f64 {
  if (kind == CLOSED) { put(F1, face, 0); put(F2, face, 0); put(FE, face, 0); return get(P, j); }
  let flow = into * mol, pa = outsidePa, x = co2, k = kelvin;
  if (kind == FLOW) {
    const u = (mol * R * k) / get(P, j);
    pa = get(P, j) + (drop(u, density(get(P, j), k, x)) * dz) / 2;
  } else {
    if (kind != INLET) { x = get(X, j); k = get(T, j); }
    flow = into * velocity(((pa - get(P, j)) / dz) * 2, density(pa, k, x)) * (pa / (R * k));
  }
  put(F1, face, flow * x); put(F2, face, flow * (1 - x)); put(FE, face, flow * cp * (k - feedK));
  return pa;
}

/** Fluxes through an inner face, between cells face - 1 and face: Ergun between cell centres, van Leer's limiter on composition and temperature, so that no front overshoots. */
function inner(face: i32): void {
  const j = face - 1;
  const gradient = (get(P, j) - get(P, j + 1)) / dz;
  const up = gradient >= 0 ? j : j + 1;
  const down = gradient >= 0 ? j + 1 : j;
  const back = 2 * up - down;
  const inside = back >= 0 && back < cells;
  const xUp = get(X, up), kUp = get(T, up);
  const u = velocity(gradient, density(get(P, up), kUp, xUp));
  const x = xUp + limited(inside ? xUp - get(X, back) : 0, get(X, down) - xUp);
  const k = kUp + limited(inside ? kUp - get(T, back) : 0, get(T, down) - kUp);
  const gas = (get(P, j) + get(P, j + 1)) / (2 * R * k);
  const flow = u * gas;
  const mixing = (e * (still + abs(u) * spread) * gas * (get(X, j + 1) - get(X, j))) / dz;
  put(F1, face, flow * x - mixing);
  put(F2, face, flow * (1 - x) + mixing);
  put(FE, face, flow * cp * (k - feedK) - (conductivity * (get(T, j + 1) - get(T, j))) / dz);
}

/** Furthest that a pressure is moved, as a share of itself: beyond it the last flows do not tell. */
const MOST = 0.05;

/** Rewrites the gas of the cells for the pressures that drive the last flows, from the open end's `pa` on. */
export function pressures(pa: f64, leftOpen: bool): void {
  const way: f64 = leftOpen ? 1 : -1;
  for (let k = 0; k < cells; k++) {
    const j = leftOpen ? k : cells - 1 - k;
    cell(j);
    const u = (get(FLOWS, leftOpen ? j : j + 1) * R * get(T, j)) / pa;
    pa -= way * drop(u, density(pa, get(T, j), get(X, j))) * (k == 0 ? dz / 2 : dz);
    const ratio = pa / get(P, j);
    if (!(abs(ratio - 1) < MOST)) return;
    put(Y, j * 5, get(Y, j * 5) * ratio);
    put(Y, j * 5 + 1, get(Y, j * 5 + 1) * ratio);
  }
}
