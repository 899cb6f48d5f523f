// The Jacobian by the structure of the equations. A face's fluxes depend on pressure, temperature and composition of at most four cells, and these three on the five unknowns of their own
// cell alone: slopes of fluxes and of kinetics by the three, the rest is the chain rule.
import { byDensity, byGradient, cell, density, densityByX, limited, velocity } from './equations';
import {
  b1, b2, ca, cells, CLOSED, conductivity, cp, cs, d1, d2, dz, e, ENDS, energyRate, FACE, feedK, FLOW, gasRate, get, h1, h2, INLET, INNER, J, k1, k2, leftCo2, leftK, leftKind, loadRate,
  overPressure, P, put, qb1, qb2, qd1, qd2, R, rightCo2, rightK, rightKind, second, sEnergy, sGas, SLOPES, sLoad, solid, spread, still, T, ub1, ub2, ud1, ud2, X, Y,
} from './memory';

let total = 0.0;

/** Writes the slopes of the equations (three rows of a cell by the unknowns of cells -2 to 2, two by its own) and of what passes the ends; false when one is not finite. */
export function jacobian(leftPa: f64, rightPa: f64): bool {
  memory.fill(J, 0, <usize>(SLOPES * cells) << 3);
  total = 0;
  for (let j = 0; j < cells; j++) {
    cell(j);
    chain(j);
    kinetics(j);
  }
  for (let face = 1; face < cells; face++) {
    inner(face);
    for (let j = max(0, face - 2); j <= min(cells - 1, face + 1); j++) faceBy(face, j, FACE + 72 * (j - face + 2));
  }
  end(0, 0, 1, leftKind, leftPa, leftCo2, leftK);
  end(cells, cells - 1, -1, rightKind, rightPa, rightCo2, rightK);
  return total - total == 0;
}

/** Slopes of P, T, X by the cell's unknowns. */
function chain(j: i32): void {
  const y = Y + j * 40, at = INNER + 120 * j;
  const gas = (load<f64>(y) + load<f64>(y, 8)) * sGas;
  const theta = get(T, j) - feedK;
  const capacity = e * gas * (cp - R) + solid * (cs + ca * (load<f64>(y, 24) + load<f64>(y, 32)) * sLoad);
  const byGas = (sGas * (e * R * feedK - theta * e * (cp - R))) / capacity;
  put(at, 5, byGas);
  put(at, 6, byGas);
  put(at, 7, sEnergy / capacity);
  put(at, 8, (-sLoad * solid * (h1 + ca * theta)) / capacity);
  put(at, 9, (-sLoad * solid * (h2 + ca * theta)) / capacity);
  for (let v = 0; v < 5; v++) put(at, v, gas * R * get(at, 5 + v) + (v < 2 ? R * get(T, j) * sGas : 0));
  put(at, 10, (sGas * (1 - get(X, j))) / gas);
  put(at, 11, (-sGas * get(X, j)) / gas);
  put(at, 12, 0); put(at, 13, 0); put(at, 14, 0);
}

/** Slopes of the loadings in equilibrium: of CO2 and N2 by temperature, by CO2 and by N2 in the gas. */
let q1k = 0.0, q2k = 0.0, q11 = 0.0, q21 = 0.0, q12 = 0.0, q22 = 0.0;

function site(k: f64, c1: f64, c2: f64, qs1: f64, qs2: f64, a1: f64, a2: f64, u1: f64, u2: f64): void {
  const rt = -1 / (R * k);
  const unit = overPressure ? R * k : 1;
  const unitByK = overPressure ? 1 / k : 0;
  const g1 = a1 * Math.exp(u1 * rt) * unit;
  const g2 = a2 * Math.exp(u2 * rt) * unit;
  const x1 = g1 * c1, x2 = g2 * c2;
  const x1k = x1 * (unitByK - (u1 * rt) / k);
  const x2k = x2 * (unitByK - (u2 * rt) / k);
  const free = 1 / (1 + x1 + x2);
  const p1 = qs1 * free * free, p2 = qs2 * free * free;
  q1k += p1 * ((1 + x2) * x1k - x1 * x2k);
  q2k += p2 * ((1 + x1) * x2k - x2 * x1k);
  q11 += p1 * (1 + x2) * g1;
  q21 -= p2 * x2 * g1;
  q12 -= p1 * x1 * g2;
  q22 += p2 * (1 + x1) * g2;
}

function kinetics(j: i32): void {
  const c1 = get(Y, j * 5) * sGas, c2 = get(Y, j * 5 + 1) * sGas, k = get(T, j);
  q1k = q2k = q11 = q21 = q12 = q22 = 0;
  site(k, c1, c2, qb1, qb2, b1, b2, ub1, ub2);
  if (second) site(k, c1, c2, qd1, qd2, d1, d2, ud1, ud2);
  load1(j, 0, k1, q1k, q11, q12);
  load1(j, 1, k2, q2k, q21, q22);
}

function load1(j: i32, s: i32, driving: f64, byK: f64, by1: f64, by2: f64): void {
  const rate = driving / sLoad;
  const at = J + (SLOPES << 3) * j;
  for (let v = 0; v < 5; v++) {
    let d = byK * rate * get(INNER + 120 * j, 5 + v);
    if (v == 0) d += by1 * rate * sGas;
    if (v == 1) d += by2 * rate * sGas;
    if (v == 3 + s) d -= driving;
    total += d;
    put(at, 75 + 5 * s + v, d);
    // What is adsorbed leaves the gas.
    const gas = 25 * s + 10 + v;
    put(at, gas, get(at, gas) - d * loadRate);
  }
}

/** Adds what a face's fluxes do to both of its cells, by the unknowns of cell j: their slopes by its three values lie at `from`. */
function faceBy(face: i32, j: i32, from: usize): void {
  const values = INNER + 120 * j;
  const right = J + (SLOPES << 3) * face + 40 * (j - face + 2);
  const left = J + (SLOPES << 3) * (face - 1) + 40 * (j - face + 3);
  for (let r = 0; r < 3; r++) {
    const rate = r < 2 ? gasRate : energyRate;
    const byPa = get(from, r) * rate, byK = get(from, 3 + r) * rate, byX = get(from, 6 + r) * rate;
    for (let v = 0; v < 5; v++) {
      const d = byPa * get(values, v) + byK * get(values, 5 + v) + byX * get(values, 10 + v);
      total += d;
      const at = 25 * r + v;
      if (face < cells) put(right, at, get(right, at) + d);
      if (face > 0) put(left, at, get(left, at) - d);
    }
  }
}

/** Slopes of an end's fluxes by the three values of its cell, and by its unknowns. */
function end(face: i32, j: i32, into: f64, kind: i32, pa: f64, co2: f64, kelvin: f64): void {
  memory.fill(FACE, 0, 72);
  if (kind != CLOSED && kind != FLOW) {
    const inlet = kind == INLET;
    const x = inlet ? co2 : get(X, j), k = inlet ? kelvin : get(T, j);
    const rho = density(pa, k, x);
    const u = velocity(((pa - get(P, j)) / dz) * 2, rho);
    const gas = (into * pa) / (R * k);
    endBy(0, ((-gas * byGradient(u, rho)) / dz) * 2, x, k);
    if (!inlet) {
      endBy(1, (-gas * (byDensity(u, rho) * rho + u)) / k, x, k);
      endBy(2, gas * byDensity(u, rho) * densityByX(pa, k), x, k);
      put(FACE, 5, get(FACE, 5) + u * gas * cp);
      put(FACE, 6, get(FACE, 6) + u * gas);
      put(FACE, 7, get(FACE, 7) - u * gas);
    }
  }
  faceBy(face, j, FACE);
  const to = ENDS + (face > 0 ? 120 : 0), values = INNER + 120 * j;
  for (let r = 0; r < 3; r++)
    for (let v = 0; v < 5; v++)
      put(to, 5 * r + v, get(FACE, r) * get(values, v) + get(FACE, 3 + r) * get(values, 5 + v) + get(FACE, 6 + r) * get(values, 10 + v));
}

@inline
function endBy(w: i32, flow: f64, x: f64, k: f64): void {
  put(FACE, 3 * w, flow * x);
  put(FACE, 3 * w + 1, flow * (1 - x));
  put(FACE, 3 * w + 2, flow * cp * (k - feedK));
}

/** The limiter's slope by the first of its two differences. */
@inline
function limitedBy(a: f64, b: f64): f64 {
  const share = b / (a + b);
  return a * b > 0 ? share * share : 0;
}

/** Slopes of an inner face's fluxes: 9 s + 3 w + r of flux r by value w (Pa, K, mole fraction) of cell face - 2 + s. */
function inner(face: i32): void {
  memory.fill(FACE, 0, 36 * 8);
  const j = face - 1;
  const gradient = (get(P, j) - get(P, j + 1)) / dz;
  const sign: f64 = gradient >= 0 ? 1 : -1;
  const up = gradient >= 0 ? j : j + 1;
  const down = gradient >= 0 ? j + 1 : j;
  const back = 2 * up - down;
  const inside = back >= 0 && back < cells;
  const xUp = get(X, up), kUp = get(T, up), pUp = get(P, up);
  const rho = density(pUp, kUp, xUp);
  const u = velocity(gradient, rho);
  const slope = byGradient(u, rho), byRho = byDensity(u, rho);
  const xBehind = inside ? xUp - get(X, back) : 0, xAhead = get(X, down) - xUp;
  const kBehind = inside ? kUp - get(T, back) : 0, kAhead = get(T, down) - kUp;
  const x = xUp + limited(xBehind, xAhead), k = kUp + limited(kBehind, kAhead);
  const gas = (get(P, j) + get(P, j + 1)) / (2 * R * k);
  const step = (e * (get(X, j + 1) - get(X, j))) / dz;
  const reach = still + abs(u) * spread;
  // Of the fluxes by velocity (u1 to u3), by gas at the face (g1 to g3), by mole fraction and temperature there.
  const mixU = step * sign * spread * gas;
  const mixGas = step * reach;
  const heat = cp * (k - feedK);
  const gasByPa = 1 / (2 * R * k), gasByK = -gas / k;
  const u1 = gas * x - mixU, u2 = gas * (1 - x) + mixU, u3 = gas * heat;
  const g1 = u * x - mixGas, g2 = u * (1 - x) + mixGas, g3 = u * heat;
  const x1 = u * gas, k3 = cp * u * gas;
  const sJ = FACE + 72, sNext = FACE + 144;
  const toUp = up == j ? sJ : sNext, toDown = up == j ? sNext : sJ;
  const du = slope / dz;
  put(sJ, 0, du * u1 + gasByPa * g1); put(sJ, 1, du * u2 + gasByPa * g2); put(sJ, 2, du * u3 + gasByPa * g3);
  put(sNext, 0, gasByPa * g1 - du * u1); put(sNext, 1, gasByPa * g2 - du * u2); put(sNext, 2, gasByPa * g3 - du * u3);
  const uByPa = (byRho * rho) / pUp;
  add(toUp, 0, uByPa * u1, uByPa * u2, uByPa * u3);
  const uByK = (-byRho * rho) / kUp;
  const kb = limitedBy(kBehind, kAhead), ka = limitedBy(kAhead, kBehind), xb = limitedBy(xBehind, xAhead), xa = limitedBy(xAhead, xBehind);
  const ku = 1 + kb - ka, kg = gasByK;
  add(toUp, 3, uByK * u1 + ku * kg * g1, uByK * u2 + ku * kg * g2, uByK * u3 + ku * (k3 + kg * g3));
  add(toDown, 3, ka * kg * g1, ka * kg * g2, ka * (k3 + kg * g3));
  const uByX = byRho * densityByX(pUp, kUp), xu = (1 + xb - xa) * x1;
  add(toUp, 6, uByX * u1 + xu, uByX * u2 - xu, uByX * u3);
  add(toDown, 6, xa * x1, -xa * x1, 0);
  if (inside) {
    const toBack = FACE + 72 * (back - face + 2);
    add(toBack, 3, -kb * kg * g1, -kb * kg * g2, -kb * (k3 + kg * g3));
    add(toBack, 6, -xb * x1, xb * x1, 0);
  }
  const diffusion = (e * reach * gas) / dz, conduction = conductivity / dz;
  add(sJ, 6, diffusion, -diffusion, 0);
  add(sNext, 6, -diffusion, diffusion, 0);
  put(sJ, 5, get(sJ, 5) + conduction);
  put(sNext, 5, get(sNext, 5) - conduction);
}

@inline
function add(to: usize, i: i32, a: f64, b: f64, c: f64): void {
  put(to, i, get(to, i) + a);
  put(to, i + 1, get(to, i + 1) + b);
  put(to, i + 2, get(to, i + 2) + c);
}
