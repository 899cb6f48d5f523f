// Days as whole numbers since 1970-01-01 in the proleptic Gregorian calendar (Hinnant's algorithm), without the platform's clock.

/** Day number of a date written yyyymmdd or yyyy-mm-dd; undefined when there is no such day. */
export function dayNumber(text: string): number | undefined {
  const m = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text.trim());
  if (!m) return undefined;
  const [y, mo, d] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const day = fromParts(y, mo, d);
  const back = toParts(day);
  return back.year === y && back.month === mo && back.day === d ? day : undefined;
}

/** Day number of a year, month 1-12 and day of the month. */
export function fromParts(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return era * 146097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719468;
}

export function toParts(dayNumber: number): { year: number; month: number; day: number } {
  const z = dayNumber + 719468;
  const era = Math.floor(z / 146097);
  const ofEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36524) - Math.floor(ofEra / 146096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * ofYear + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * mp + 2) / 5) + 1,
  };
}

/** yyyy-mm-dd of a day number. */
export function isoDate(dayNumber: number): string {
  const { year, month, day } = toParts(dayNumber);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Angle of the year, 0 at 1 January, in radians; the same date has nearly the same angle in every year. */
export function seasonAngle(dayNumber: number): number {
  const { year } = toParts(dayNumber);
  const first = fromParts(year, 1, 1);
  return (2 * Math.PI * (dayNumber - first)) / (fromParts(year + 1, 1, 1) - first);
}
