// The fan of a forecast: 95 % and 50 % bands, the median, and what the same place's earlier forecasts said. Time runs left to right in every script.
// Missing weeks stay missing: a fan is drawn only over the weeks that it names.
import { html, type Markup } from '../html/html.ts';
import { dayNumber, isoDate, longDate, quantity, shortDate } from '../html/words.ts';
import type { Fan, FanPoint, Observation } from '../models.ts';
import { bandPath, linear, linePath, monthStarts, px, type Scale, ticksFromZero } from './scale.ts';

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const WIDE: Frame = { width: 860, height: 400, left: 52, right: 16, top: 16, bottom: 34 };
const COLUMN: Frame = { width: 600, height: 330, left: 46, right: 12, top: 14, bottom: 32 };
const NARROW: Frame = { width: 400, height: 330, left: 44, right: 10, top: 14, bottom: 30 };

export interface FanChart {
  /** Sentence that a screen reader says in place of the picture. */
  readonly label: string;
  /** All fans of the place, oldest first: they fix the scales, so that frames of a replay do not jump. */
  readonly fans: readonly Fan[];
  /** The one drawn as a fan; those before it are drawn as thin lines, those after it not at all. */
  readonly shown: number;
  /** Drawn for a column of the page, not its whole width; alone, so that the fan that is shown fixes the scale. */
  readonly column?: boolean;
  /** The public series, where there is one. */
  readonly series?: ChartSeries;
  /** Of the values, said over their axis. */
  readonly unit?: string;
}

export interface ChartSeries {
  /** As known on the day of the fan that is shown. */
  readonly known: readonly Observation[];
  /** Newest values; those after the known ones are drawn as what came. They fix the scales with the fans. */
  readonly newest: readonly Observation[];
}

/** Height of the line that names the unit. */
const UNIT_LINE = 16;
/** Widest that a digit of the axis gets. */
const DIGIT = 8;

/** The large chart in two widths, of which the style sheet shows one. */
export function drawFan(chart: FanChart): Markup {
  return html`<div class="chart">${drawFrame(chart, chart.column ? COLUMN : WIDE, 'wide')}${drawFrame(chart, NARROW, 'narrow')}</div>`;
}

/** Days of history before the first fan: a season's run-up, and the whole last year before a single fan. */
const RUN_UP = 12 * 7;
const LAST_YEAR = 58 * 7;

function drawFrame({ label, fans, shown, series, unit, column }: FanChart, frame: Frame, size: string): Markup {
  const days = fans.flatMap(x => x.points.map(p => dayNumber(p.date)));
  const history = series ? (fans.length > 4 ? RUN_UP : LAST_YEAR) : 0;
  const from = Math.min(...days) - 5 - history;
  const to = Math.max(...days) + 5;
  const inside = (o: Observation) => dayNumber(o.date) >= from && dayNumber(o.date) <= to;
  const known = (series?.known ?? []).filter(inside);
  const last = known[known.length - 1]?.date ?? fans[shown].asOf;
  const came = (series?.newest ?? []).filter(o => inside(o) && o.date > last);
  const highest = (series?.newest ?? []).filter(inside).reduce((m, o) => Math.max(m, o.value), 0);
  const ticks = ticksFromZero(
    Math.max(topOf(fans, column ? fans[shown] : undefined), highest),
    size === 'wide' ? 5 : 4,
  );
  const top = ticks[ticks.length - 1];
  const digits = Math.max(...ticks.map(t => quantity(t).length));
  const f = {
    ...frame,
    left: Math.max(frame.left, 10 + DIGIT * digits),
    top: frame.top + (unit === undefined ? 0 : UNIT_LINE),
  };
  const x = linear([from, to], [f.left, f.width - f.right]);
  const y = linear([0, top], [f.height - f.bottom, f.top]);
  const fan = fans[shown];
  const beyond = fan.points.reduce((a, b) => (b.high95 > a.high95 ? b : a));
  const points = fan.points.map(p => ({ ...p, high95: Math.min(p.high95, top), high50: Math.min(p.high50, top) }));
  const asOf = dayNumber(fan.asOf);
  const months = monthStarts(from, to, size === 'wide' ? 10 : 5);
  return html`<svg class="fan ${size}" viewBox="0 0 ${f.width} ${f.height}" role="img" aria-label="${label}">
<g class="grid">${ticks.map(t => html`<path d="M${f.left} ${px(y(t))}H${f.width - f.right}"/>`)}</g>
<g class="axis">${unit !== undefined && html`<text x="${f.left}" y="${frame.top + 2}">${unit}</text>`}${ticks.map(t => html`<text x="${f.left - 8}" y="${px(y(t) + 4)}" text-anchor="end">${quantity(t)}</text>`)}${(
    months.length > 1 ? months : fan.points.map(p => dayNumber(p.date))
  ).map(
    d =>
      html`<path d="M${px(x(d))} ${f.height - f.bottom}v5"/><text x="${px(x(d))}" y="${f.height - 10}" text-anchor="middle">${months.length > 1 ? monthName(d) : shortDate(isoDate(d))}</text>`,
  )}</g>
${asOf >= from ? html`<path class="as-of" d="M${px(x(asOf))} ${f.top}V${f.height - f.bottom}"/>` : ''}
<g class="earlier">${fans.slice(0, shown).map(e => html`<path d="${medianPath(e.points, x, y)}"/>`)}</g>
${drawBands(points, x, y)}
${known.length > 0 && html`<path class="known" d="${observedPath(known, x, y)}"/>`}
${came.length > 0 && html`<g class="came">${came.map(o => html`<circle cx="${px(x(dayNumber(o.date)))}" cy="${px(y(o.value))}" r="${size === 'wide' ? 2.6 : 2.2}"/>`)}</g>`}
${
  beyond.high95 > top &&
  html`<text class="beyond" x="${px(Math.min(x(dayNumber(beyond.date)), f.width - f.right))}" y="${f.top + 14}" text-anchor="end">95 % band reaches ${quantity(beyond.high95)} ↑</text>`
}
${fan.points.map(p => html`<circle class="median" cx="${px(x(dayNumber(p.date)))}" cy="${px(y(p.median))}" r="3.5"><title>${pointText(p)}</title></circle>`)}
</svg>`;
}

/** Top of the scale: all medians and 50 % bands, and the 95 % bands as far as they leave the rest readable. One wild early fan must not flatten a season. */
function topOf(fans: readonly Fan[], alone?: Fan): number {
  const banded = (alone ? [alone] : fans).flatMap(f => f.points);
  const medians = Math.max(...fans.flatMap(f => f.points.map(p => p.median)));
  const inner = Math.max(medians, ...banded.map(p => p.high50));
  return Math.max(medians, Math.min(Math.max(...banded.map(p => p.high95)), 1.8 * inner)) || 1;
}

function drawBands(points: readonly FanPoint[], x: Scale, y: Scale): Markup {
  // A forecast of a single week is a bar, not a band of no width.
  const half = points.length === 1 ? 5 : 0;
  const at = (of: (p: FanPoint) => number) =>
    points.flatMap(p => (half ? [-half, half] : [0]).map(d => [x(dayNumber(p.date)) + d, y(of(p))] as const));
  return html`<path class="band95" d="${bandPath(
    at(p => p.high95),
    at(p => p.low95),
  )}"/><path class="band50" d="${bandPath(
    at(p => p.high50),
    at(p => p.low50),
  )}"/><path class="median" d="${linePath(at(p => p.median))}"/>`;
}

/** A line through values of successive weeks; a missing week is a gap. */
function observedPath(values: readonly Observation[], x: Scale, y: Scale): string {
  const runs: [number, number][][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const o of values) {
    const day = dayNumber(o.date);
    if (day - before > 7) runs.push([]);
    runs[runs.length - 1].push([x(day), y(o.value)]);
    before = day;
  }
  // A week alone is a dash.
  return runs
    .map(r =>
      linePath(
        r.length > 1
          ? r
          : [
              [r[0][0] - 2, r[0][1]],
              [r[0][0] + 2, r[0][1]],
            ],
      ),
    )
    .join('');
}

function medianPath(points: readonly FanPoint[], x: Scale, y: Scale): string {
  return linePath(points.map(p => [x(dayNumber(p.date)), y(p.median)] as const));
}

const SMALL: Frame = { width: 220, height: 84, left: 2, right: 2, top: 4, bottom: 4 };
/** Weeks of earlier forecasts that a small fan shows before its own. */
const TRAIL_DAYS = 13 * 7;

/** A fan the size of a card, without axes: the newest, and the nearest week of each earlier one. Decorative; the card says it in words. */
export function drawSmallFan(fans: readonly Fan[], known: readonly Observation[] = []): Markup {
  const fan = fans[fans.length - 1];
  const last = dayNumber(fan.points[fan.points.length - 1].date);
  const recent = (date: string) => dayNumber(date) > last - TRAIL_DAYS;
  const observed = known.filter(o => recent(o.date));
  const trail = fans
    .slice(0, -1)
    .map(e => e.points[0])
    .filter(p => observed.length === 0 && recent(p.date) && p.date < fan.points[0].date);
  const first = dayNumber((observed[0] ?? trail[0] ?? fan.points[0]).date);
  const high =
    Math.max(...fan.points.map(p => p.high95), ...trail.map(p => p.median), ...observed.map(o => o.value)) || 1;
  const x = linear([Math.min(first, last - 28), last], [SMALL.left, SMALL.width - SMALL.right]);
  const y = linear([0, high], [SMALL.height - SMALL.bottom, SMALL.top]);
  return html`<svg class="fan small" viewBox="0 0 ${SMALL.width} ${SMALL.height}" aria-hidden="true" focusable="false"><path class="base" d="M0 ${px(y(0))}H${SMALL.width}"/>${
    trail.length > 0 ? html`<path class="trail" d="${medianPath([...trail, fan.points[0]], x, y)}"/>` : ''
  }${drawBands(fan.points, x, y)}${observed.length > 0 && html`<path class="known" d="${observedPath(observed, x, y)}"/>`}</svg>`;
}

/** The same forecast as a table, for those who cannot or do not want to see the picture. */
export function fanTable(fan: Fan, caption: string): Markup {
  return html`<table><caption>${caption}</caption><thead><tr><th scope="col">Week ending</th><th scope="col" class="n">Median</th><th scope="col" class="n">50 % band</th><th scope="col" class="n">95 % band</th></tr></thead><tbody>${fan.points.map(
    p =>
      html`<tr><th scope="row">${longDate(p.date)}</th><td class="n">${quantity(p.median)}</td><td class="n">${quantity(p.low50)} to ${quantity(p.high50)}</td><td class="n">${quantity(p.low95)} to ${quantity(p.high95)}</td></tr>`,
  )}</tbody></table>`;
}

function pointText(p: FanPoint): string {
  return `Week ending ${longDate(p.date)}: median ${quantity(p.median)}, 95 % band ${quantity(p.low95)} to ${quantity(p.high95)}`;
}

const monthFormat = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' });
const yearFormat = new Intl.DateTimeFormat('en-GB', { month: 'short', year: '2-digit', timeZone: 'UTC' });

function monthName(day: number): string {
  const date = day * 86_400_000;
  return (new Date(date).getUTCMonth() === 0 ? yearFormat : monthFormat).format(date);
}
