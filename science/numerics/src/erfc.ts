// Complementary error function to full double precision on the whole line (Cody, Rational Chebyshev approximations, Math. Comp. 23, 1969).
// Relative, not absolute, accuracy in the tail: needed wherever small probabilities are compared.

const A = [3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694, 0.18577770618460315];
const B = [23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171];
const C = [
  0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769, 1712.0476126340707,
  2051.0783778260716, 1230.3393547979972, 2.1531153547440383e-8,
];
const D = [
  15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597, 4362.619090143247,
  3439.3676741437216, 1230.3393548037495,
];
const P = [
  0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378,
  0.016315387137302097,
];
const Q = [2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918];

/** exp(x^2) erfc(x) for x >= 0: falls slowly, never underflows. */
export function erfcx(x: number): number {
  if (x <= 0.46875) return Math.exp(x * x) * (1 - erfSmall(x));
  if (x <= 4) {
    let top = C[8] * x;
    let bottom = x;
    for (let i = 0; i < 7; i++) {
      top = (top + C[i]) * x;
      bottom = (bottom + D[i]) * x;
    }
    return (top + C[7]) / (bottom + D[7]);
  }
  const inverse = 1 / (x * x);
  let top = P[5] * inverse;
  let bottom = inverse;
  for (let i = 0; i < 4; i++) {
    top = (top + P[i]) * inverse;
    bottom = (bottom + Q[i]) * inverse;
  }
  return (0.5641895835477563 - (inverse * (top + P[4])) / (bottom + Q[4])) / x;
}

/** erfc(x) = 2/sqrt(pi) times the integral of exp(-t^2) from x to infinity; relative error near 1e-15 until it underflows at x = 26.5. */
export function erfc(x: number): number {
  const y = Math.abs(x);
  if (y <= 0.46875) return 1 - erfSmall(x);
  const tail = y > 27 ? 0 : expMinusSquare(y) * erfcx(y);
  return x < 0 ? 2 - tail : tail;
}

/** log(erfc(x)), also where erfc itself underflows. */
export function logErfc(x: number): number {
  return x < 1 ? Math.log(erfc(x)) : Math.log(erfcx(x)) - x * x;
}

/** Standard normal distribution function: P(Z <= x). Relative accuracy in the lower tail; use normalCdf(-x) for the upper. */
export function normalCdf(x: number): number {
  return 0.5 * erfc(-x * Math.SQRT1_2);
}

function erfSmall(x: number): number {
  const z = x * x;
  let top = A[4] * z;
  let bottom = z;
  for (let i = 0; i < 3; i++) {
    top = (top + A[i]) * z;
    bottom = (bottom + B[i]) * z;
  }
  return (x * (top + A[3])) / (bottom + B[3]);
}

/** exp(-y^2) without losing the digits that squaring rounds away: y is split at 1/16. */
function expMinusSquare(y: number): number {
  const high = Math.trunc(y * 16) / 16;
  return Math.exp(-high * high) * Math.exp(-(y - high) * (y + high));
}
