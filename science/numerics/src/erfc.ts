// Complementary error function to full double precision on the whole line (Cody, Rational Chebyshev approximations, Math. Comp. 23, 1969).
// Relative, not absolute, accuracy in the tail: needed wherever small probabilities are compared.

const A = [3.1611237438705656, 113.864154151050156, 377.485237685302021, 3209.37758913846947, 0.185777706184603153];
const B = [23.6012909523441209, 244.024637934444173, 1282.61652607737228, 2844.23683343917062];
const C = [
  0.564188496988670089, 8.88314979438837594, 66.1191906371416295, 298.635138197400131, 881.95222124176909,
  1712.04761263407058, 2051.07837782607147, 1230.33935479799725, 2.15311535474403846e-8,
];
const D = [
  15.7449261107098347, 117.693950891312499, 537.181101862009858, 1621.38957456669019, 3290.79923573345963,
  4362.61909014324716, 3439.36767414372164, 1230.33935480374942,
];
const P = [
  0.305326634961232344, 0.360344899949804439, 0.125781726111229246, 0.0160837851487422766, 6.58749161529837803e-4,
  0.0163153871373020978,
];
const Q = [
  2.56852019228982242, 1.87295284992346725, 0.527905102951428412, 0.0605183413124413191, 0.00233520497626869185,
];

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
  const tail = expMinusSquare(y) * erfcx(y);
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
