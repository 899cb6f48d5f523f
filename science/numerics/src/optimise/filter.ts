// The filter of the line search: pairs of constraint violation theta and barrier function phi that a new point must improve on in one or the
// other. Wächter and Biegler, Math. Prog. 106:25 (2006), section 2.3; constants by their names.

const GAMMA_THETA = 1e-5;
const GAMMA_PHI = 1e-8;
const ETA = 1e-4;
const S_THETA = 1.1;
const S_PHI = 2.3;
const GAMMA_ALPHA = 0.05;

/** Where a line search begins: violation, barrier function and its slope along the step. */
export interface LineStart {
  readonly theta: number;
  readonly phi: number;
  readonly slope: number;
}

export class Filter {
  #pairs: [theta: number, phi: number][] = [];
  readonly #thetaMax: number;
  readonly #thetaMin: number;

  /** `theta0` is the violation at the first point. */
  constructor(theta0: number) {
    this.#thetaMax = 1e4 * Math.max(1, theta0);
    this.#thetaMin = 1e-4 * Math.max(1, theta0);
  }

  clear(): void {
    this.#pairs = [];
  }

  /** Forbids the surroundings of a point. */
  add({ theta, phi }: LineStart): void {
    this.#pairs.push([(1 - GAMMA_THETA) * theta, phi - GAMMA_PHI * theta]);
  }

  /** True when no pair dominates. */
  allows(theta: number, phi: number): boolean {
    for (const [t, p] of this.#pairs) if (theta >= t && phi >= p) return false;
    return true;
  }

  /** Whether the point (theta, phi), reached from `start` by a step of length `alpha`, will do; remembers the start when violation was what improved. */
  accepts(start: LineStart, theta: number, phi: number, alpha: number): boolean {
    if (!Number.isFinite(theta) || !Number.isFinite(phi) || theta > this.#thetaMax) return false;
    if (!this.allows(theta, phi)) return false;
    const round = 10 * Number.EPSILON * Math.abs(start.phi);
    const gain = phi - start.phi - round;
    const switching = start.slope < 0 && alpha * (-start.slope) ** S_PHI > start.theta ** S_THETA;
    if (start.theta <= this.#thetaMin && switching) return gain <= ETA * alpha * start.slope;
    if (theta > (1 - GAMMA_THETA) * start.theta && gain > -GAMMA_PHI * start.theta) return false;
    this.add(start);
    return true;
  }

  /** Step length below which the search gives up. */
  shortest({ theta, slope }: LineStart): number {
    let alpha = GAMMA_THETA;
    if (slope < 0) {
      alpha = Math.min(GAMMA_THETA, (GAMMA_PHI * theta) / -slope);
      if (theta <= this.#thetaMin) alpha = Math.min(alpha, theta ** S_THETA / (-slope) ** S_PHI);
    }
    return GAMMA_ALPHA * alpha;
  }
}
