// A place's own usual course of the year: the mean of earlier seasons around the same time, as far as the data go and some way beyond.
import type { PanelCalendar } from './panel.ts';

/** Periods beyond the last value for which a climatology is given. */
const AHEAD = 40;

/** Mean z of up to six earlier seasons at each period, within one period of the same time of the year; NaN = none. */
export function climatologyOf(z: Float64Array, first: number, calendar: PanelCalendar, target: string): Float64Array {
  const unlike = calendar.unlike(target);
  const usable = z.map((v, i) => (unlike.some(([a, b]) => first + i >= a && first + i <= b) ? Number.NaN : v));
  const year = calendar.perYear === 52 ? 52.18 : calendar.perYear;
  const out = new Float64Array(z.length + AHEAD).fill(Number.NaN);
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    let seasons = 0;
    for (let back = 1; back <= 10 && seasons < 6; back++) {
      const at = Math.round(i - back * year);
      if (at < -1) break;
      // Beyond the last value a lag of one year may still lie in the future of the data: then there is nothing there.
      let s = 0;
      let n = 0;
      for (let k = at - 1; k <= at + 1; k++) {
        if (k < 0 || k >= z.length || Number.isNaN(usable[k])) continue;
        s += usable[k];
        n += 1;
      }
      if (n === 0) continue;
      sum += s / n;
      seasons += 1;
    }
    if (seasons > 0) out[i] = sum / seasons;
  }
  return out;
}
