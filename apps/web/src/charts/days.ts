// The next days of one quantity as a fan: 90 % and 50 % bands and the median, a tick a day. Unlike a rate, a temperature has no zero to start from.
import { html, type Markup } from '../html/html.ts';
import { dayNumber, quantity, shortDate } from '../html/words.ts';
import type { ForecastRow } from '../weather/model.ts';
import { bandPath, linear, linePath, px } from './scale.ts';

/** Round steps from below `low` to above `high`, about `wanted` of them. */
export function ticksAround(low: number, high: number, wanted: number): number[] {
  const raw = Math.max(high - low, 1e-3) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 2.5, 5, 10].find(m => m * power >= raw) ?? 10);
  const [from, to] = [Math.floor(low / step), Math.ceil(high / step)];
  return Array.from({ length: to - from + 1 }, (_, i) => Number(((from + i) * step).toPrecision(12)));
}

/** Rows of one station and variable, nearest day first. Two widths, of which the style sheet shows one. */
export function drawDays(rows: readonly ForecastRow[], unit: string, label: string): Markup {
  return html`<div class="chart">${frame(rows, unit, label, 860, 340, 'wide')}${frame(rows, unit, label, 400, 300, 'narrow')}</div>`;
}

function frame(
  rows: readonly ForecastRow[],
  unit: string,
  label: string,
  width: number,
  height: number,
  size: string,
): Markup {
  const days = rows.map(r => dayNumber(r.date));
  const ticks = ticksAround(Math.min(...rows.map(r => r.q05)), Math.max(...rows.map(r => r.q95)), 5);
  const [right, top, bottom] = [24, 16, 34];
  // Room for the top label, which has the unit.
  const left = Math.max(46, 14 + 7 * `${quantity(ticks[ticks.length - 1])} ${unit}`.length);
  const x = linear([days[0] - 0.3, days[days.length - 1] + 0.3], [left, width - right]);
  const y = linear([ticks[0], ticks[ticks.length - 1]], [height - bottom, top]);
  // A single day is a bar, not a band of no width.
  const half = rows.length === 1 ? 6 : 0;
  const at = (of: (r: ForecastRow) => number) =>
    rows.flatMap((r, i) => (half ? [-half, half] : [0]).map(d => [x(days[i]) + d, y(of(r))] as const));
  const every = size === 'wide' ? 1 : 3;
  return html`<svg class="fan ${size}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
<g class="grid">${ticks.map(t => html`<path d="M${left} ${px(y(t))}H${width - right}"/>`)}</g>
<g class="axis">${ticks.map((t, i) => html`<text x="${left - 8}" y="${px(y(t) + 4)}" text-anchor="end">${quantity(t)}${i === ticks.length - 1 && ` ${unit}`}</text>`)}${rows.map(
    (r, i) =>
      html`<path d="M${px(x(days[i]))} ${height - bottom}v5"/>${i % every === 0 && html`<text x="${px(x(days[i]))}" y="${height - 10}" text-anchor="middle">${shortDate(r.date)}</text>`}`,
  )}</g>
<path class="band95" d="${bandPath(
    at(r => r.q95),
    at(r => r.q05),
  )}"/><path class="band50" d="${bandPath(
    at(r => r.q75),
    at(r => r.q25),
  )}"/><path class="median" d="${linePath(at(r => r.q50))}"/>
${rows.map((r, i) => html`<circle class="median" cx="${px(x(days[i]))}" cy="${px(y(r.q50))}" r="3.5"/>`)}
</svg>`;
}
