// Days as met services write them, and the season.
import { civilDay, civilOf, dateOf } from '@madang/numerics';

export { civilDay, civilOf, dateOf };

/** Day number of a date written yyyymmdd or yyyy-mm-dd; undefined when there is no such day. */
export function dayNumber(text: string): number | undefined {
  const m = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text.trim());
  if (!m) return undefined;
  const [y, mo, d] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const day = civilDay(y, mo, d);
  const back = civilOf(day);
  return back.year === y && back.month === mo && back.dayOfMonth === d ? day : undefined;
}

/** Angle of the year, 0 at 1 January, in radians; the same date has nearly the same angle in every year. */
export function seasonAngle(dayNumber: number): number {
  const { year } = civilOf(dayNumber);
  const first = civilDay(year, 1, 1);
  return (2 * Math.PI * (dayNumber - first)) / (civilDay(year + 1, 1, 1) - first);
}
