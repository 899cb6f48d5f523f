// Who is accused is judged once more by those alone whom nobody accuses, by what they could tell of it on training days. Two members that send wrong values of one kind
// agree with each other, and the honest member between them is far from both.
import { driftOf, isAccusation, learn, offBy, takeBack } from './judge.ts';
import type { Surroundings } from './surround.ts';

/** A member is accused that was in doubt on so many of so many days up to a day. */
const ACCUSED_DAYS = 10;
const WITHIN_DAYS = 45;
/** A jury is heard on whom its suggestions go with so well on training days. */
const LEAST_CORRELATION = 0.8;
/** So many sets of accused members are judged, in the order in which they occur. */
const MOST_SETS = 6;

/** One variable over its members. */
export interface Court {
  /** Standardised values by member; NaN where there is none. */
  readonly own: readonly Float64Array[];
  /** What each sends now. */
  readonly sent: readonly Float64Array[];
  /** By member and day: 1 far off, 2 departed lately, else not accused. */
  readonly flagged: readonly Uint8Array[];
  readonly trainEnd: number;
}

/** Takes back what is held against a member on days on which the jury finds nothing, and marks them; whether anything was. `surround` is left with what the last jury said. */
export function acquitByJury(
  { own, sent, flagged, trainEnd }: Court,
  surround: Surroundings,
  touched: Uint8Array,
): boolean {
  let found = false;
  for (const { members, days } of setsOf(flagged.map(accusedOn))) {
    const silent = new Float64Array(own[0].length).fill(Number.NaN);
    surround.update(sent.map((v, m) => (members.includes(m) ? silent : v)));
    for (const m of members) {
      const { expected, spread } = learn(surround.about[m], own[m], flagged[m], trainEnd);
      if (!(correlation(own[m], expected, trainEnd) > LEAST_CORRELATION)) continue;
      const drift = driftOf(own[m], expected, trainEnd);
      const off = offBy(own[m], expected, spread);
      if (takeBack(flagged[m], days, off, drift, touched)) found = true;
    }
  }
  return found;
}

/** 1 on days up to which a member has lately been in doubt often. */
function accusedOn(flags: Uint8Array): Uint8Array {
  let count = 0;
  return flags.map((f, d) => {
    if (isAccusation(f)) count += 1;
    if (d >= WITHIN_DAYS && isAccusation(flags[d - WITHIN_DAYS])) count -= 1;
    return count >= ACCUSED_DAYS ? 1 : 0;
  });
}

/** The sets of two or more members that are accused at a time, and their days. */
function setsOf(accused: readonly Uint8Array[]): Iterable<{ readonly members: number[]; readonly days: number[] }> {
  const sets = new Map<string, { members: number[]; days: number[] }>();
  for (let d = 0; d < accused[0].length; d++) {
    const members = [...accused.keys()].filter(m => accused[m][d] === 1);
    if (members.length < 2) continue;
    const set = sets.get(members.join());
    if (set) set.days.push(d);
    else if (sets.size < MOST_SETS) sets.set(members.join(), { members, days: [d] });
  }
  return sets.values();
}

function correlation(a: Float64Array, b: Float64Array, end: number): number {
  let [xy, xx, yy] = [0, 0, 0];
  for (let d = 0; d < end; d++) {
    if (Number.isNaN(a[d] + b[d])) continue;
    xy += a[d] * b[d];
    xx += a[d] * a[d];
    yy += b[d] * b[d];
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}
