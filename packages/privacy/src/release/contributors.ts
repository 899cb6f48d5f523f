// Who stands behind a release: enough contributors, and no arithmetic over releases that leaves one of them alone.

/** A release and whose data its sums cover. `family` names sums over overlapping rows: releases of different families are never compared. */
export interface Release {
  readonly id: string;
  readonly family: string;
  readonly contributors: readonly string[];
}

export type ReleaseRefusal = {
  readonly ok: false;
  readonly refusal: { readonly code: 'too-few-contributors' | 'differencing' | 'isolates'; readonly why: string };
};

export type ReleaseVerdict = { readonly ok: true } | ReleaseRefusal;

export interface ContributorRule {
  /** Least contributors; never below 3. */
  readonly minimum: number;
  /** Organisations that aggregate this study: their own contributions do not count towards the minimum. */
  readonly aggregators?: readonly string[];
  /** Two releases whose contributors differ by 1 or 2: 'withhold' refuses; 'accept' is for releases with noise for a unit that the steward saw. */
  readonly differencing: 'withhold' | 'accept';
}

/** Whether `next` may be released after `earlier` ones. */
export function checkContributors(next: Release, earlier: readonly Release[], rule: ContributorRule): ReleaseVerdict {
  const minimum = Math.max(3, rule.minimum);
  const counted = new Set(next.contributors.filter(c => !rule.aggregators?.includes(c)));
  if (counted.size < minimum)
    return refuse('too-few-contributors', `${counted.size} contributors count, the study needs ${minimum}`);
  if (rule.differencing === 'accept') return { ok: true };
  const family = earlier.filter(r => r.family === next.family);
  for (const r of family) {
    const apart = symmetricDifference(r.contributors, next.contributors);
    if (apart.length === 1 || apart.length === 2)
      return refuse(
        'differencing',
        `against ${r.id} the contributors differ by ${apart.join(' and ')} alone: the difference of the two results would show what ${apart.length === 1 ? 'it' : 'they'} sent`,
      );
  }
  const before = isolated(family);
  const alone = isolated([...family, next]).filter(o => !before.includes(o));
  if (alone.length > 0)
    return refuse(
      'isolates',
      `together with ${family.length} earlier results, sums and differences would leave ${alone.join(', ')} alone`,
    );
  return { ok: true };
}

function refuse(code: ReleaseRefusal['refusal']['code'], why: string): ReleaseRefusal {
  return { ok: false, refusal: { code, why } };
}

/** Members of one list only. */
export function symmetricDifference(a: readonly string[], b: readonly string[]): string[] {
  const [x, y] = [new Set(a), new Set(b)];
  return [...new Set([...a, ...b])].filter(v => x.has(v) !== y.has(v)).sort();
}

/** Prime modulus of the elimination; a false "not alone" needs a determinant divisible by it. */
const P = 2305843009213693951n;

/** Organisations whose own contribution is a linear combination of the releases' sums: whose unit vector lies in the span of the contributor lists. */
export function isolated(releases: readonly Release[]): string[] {
  const names = [...new Set(releases.flatMap(r => r.contributors))].sort();
  const index = new Map(names.map((n, i) => [n, i]));
  const rows: bigint[][] = releases.map(r => {
    const row = names.map(() => 0n);
    for (const c of r.contributors) row[index.get(c)!] = 1n;
    return row;
  });
  // Reduced row echelon form: a unit vector is in the span exactly when it is one of the rows.
  let rank = 0;
  for (let c = 0; c < names.length && rank < rows.length; c++) {
    const pivot = rows.findIndex((row, i) => i >= rank && row[c] !== 0n);
    if (pivot < 0) continue;
    [rows[rank], rows[pivot]] = [rows[pivot], rows[rank]];
    const inverse = power(rows[rank][c], P - 2n);
    rows[rank] = rows[rank].map(v => (v * inverse) % P);
    for (const [i, row] of rows.entries()) {
      if (i === rank || row[c] === 0n) continue;
      const factor = row[c];
      rows[i] = row.map((v, k) => (((v - factor * rows[rank][k]) % P) + P) % P);
    }
    rank += 1;
  }
  return rows
    .slice(0, rank)
    .map(row => row.flatMap((v, k) => (v !== 0n ? [k] : [])))
    .filter(support => support.length === 1)
    .map(([k]) => names[k])
    .sort();
}

function power(base: bigint, exponent: bigint): bigint {
  let [b, e, out] = [base % P, exponent, 1n];
  for (; e > 0n; e >>= 1n) {
    if (e & 1n) out = (out * b) % P;
    b = (b * b) % P;
  }
  return out;
}
