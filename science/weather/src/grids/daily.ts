// Steps of a forecast made into days: which steps lie in which day, and what a day's value is.
// Traps: the step that ends at midnight belongs to the day before when it stands for the hours until then (sums, extremes), to the day after when it
// is a state of that moment; days that are forecast in part only are left out.

/** How steps become a day: `rate` is a mean times a day's seconds; `sum` adds amounts of steps, `since-start` differences of a running total. */
export type How = 'mean' | 'least' | 'most' | 'rate' | 'sum' | 'since-start';

export interface Part {
  readonly step: number;
  readonly hours: number;
}

export interface DayPlan {
  readonly leadDays: number;
  readonly parts: readonly Part[];
}

/**
 * The whole days of a forecast issued at `hour` of its day. `steps` are hours since issue, rising; `interval`: each stands for the hours before it.
 * Days begin at `dayStart` o'clock UTC of the same date (negative: of the evening before). Steps a day or more apart are days by themselves.
 */
export function planDays(hour: number, steps: readonly number[], interval: boolean, dayStart = 0): DayPlan[] {
  const days = new Map<number, Part[]>();
  steps.forEach((h, i) => {
    const before = i > 0 ? h - steps[i - 1] : undefined;
    const after = i + 1 < steps.length ? steps[i + 1] - h : undefined;
    const hours = interval
      ? (before ?? (h > 0 && after !== undefined ? Math.min(h, after) : 24))
      : (after ?? before ?? 24);
    if (interval && h <= 0) return;
    const day = Math.floor((hour + h - dayStart - (interval ? 1e-6 : 0)) / 24);
    const parts = days.get(day) ?? [];
    days.set(day, parts);
    parts.push({ step: i, hours });
  });
  return [...days]
    .filter(([day, parts]) => day >= 0 && parts.reduce((s, p) => s + p.hours, 0) >= 24 - 1e-6)
    .map(([leadDays, parts]) => ({ leadDays, parts }));
}

/** The value of a day from the values of all steps; NaN when one of its steps is missing. */
export function dayValue(plan: DayPlan, how: How, steps: readonly number[], values: ArrayLike<number>): number {
  const at = (p: Part) => values[p.step];
  const hours = plan.parts.reduce((s, p) => s + p.hours, 0);
  switch (how) {
    case 'least':
      return Math.min(...plan.parts.map(at));
    case 'most':
      return Math.max(...plan.parts.map(at));
    case 'sum':
      return plan.parts.reduce((s, p) => s + at(p), 0);
    case 'since-start': {
      // Totals are zero when the forecast starts, whether or not the file says so.
      const before = Math.min(...plan.parts.map(p => p.step)) - 1;
      return at(plan.parts[plan.parts.length - 1]) - (before < 0 || steps[before] === 0 ? 0 : values[before]);
    }
    case 'mean':
    case 'rate':
      return (plan.parts.reduce((s, p) => s + p.hours * at(p), 0) / hours) * (how === 'rate' ? 86400 : 1);
  }
}
