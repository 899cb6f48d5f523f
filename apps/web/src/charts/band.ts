// A band of an ensemble over years: 5 to 95 %, the median, and the band it is compared with. Past and future on one line of years.
import { html, type Markup } from '../html/html.ts';
import { bandPath, linear, linePath, px } from './scale.ts';

export interface YearBand {
  readonly firstYear: number;
  /** Rows of three numbers: 5th, 50th and 95th percentile, one row a year. */
  readonly rows: ArrayLike<number>;
}

export interface BandChart {
  readonly label: string;
  readonly band: YearBand;
  /** Drawn as a line of dashes, to see what changed. */
  readonly compare?: YearBand;
  /** With the edges of its band too, in thinner dashes. */
  readonly edges?: boolean;
  readonly unit: string;
  /** First year drawn. */
  readonly from: number;
  readonly low: number;
  readonly high: number;
}

export function drawBand(c: BandChart): Markup {
  return html`<div class="chart">${bandFrame(c, 860, 380, 'wide')}${bandFrame(c, 400, 320, 'narrow')}</div>`;
}

/** One picture of the two. */
export function bandFrame(c: BandChart, width: number, height: number, size: string): Markup {
  const last = c.band.firstYear + c.band.rows.length / 3 - 1;
  const x = linear([c.from, last], [46, width - 14]);
  const y = linear([c.low, c.high], [height - 30, 14]);
  const line = (b: YearBand, k: number) =>
    Array.from({ length: last - c.from + 1 }, (_, i) => {
      const year = c.from + i;
      const v = b.rows[(year - b.firstYear) * 3 + k];
      return [x(year), y(Math.min(c.high, Math.max(c.low, v)))] as const;
    });
  const ticks = Array.from({ length: Math.floor(c.high) - Math.ceil(c.low) + 1 }, (_, i) => Math.ceil(c.low) + i);
  const every = size === 'wide' ? 25 : 50;
  const years = Array.from(
    { length: Math.floor((last - c.from) / every) + 1 },
    (_, i) => Math.ceil(c.from / every) * every + i * every,
  ).filter(v => v <= last);
  return html`<svg class="fan ${size}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${c.label}">
<g class="grid">${ticks.map(t => html`<path d="M46 ${px(y(t))}H${width - 14}"/>`)}</g>
<g class="axis">${ticks.map(t => html`<text x="38" y="${px(y(t) + 4)}" text-anchor="end">${t}${t === ticks[ticks.length - 1] && ` ${c.unit}`}</text>`)}${years.map(
    v =>
      html`<path d="M${px(x(v))} ${height - 30}v5"/><text x="${px(x(v))}" y="${height - 8}" text-anchor="middle">${v}</text>`,
  )}</g>
<path class="band95" d="${bandPath(line(c.band, 2), line(c.band, 0))}"/>
${c.compare && html`${c.edges && html`<path class="compare edge" d="${linePath(line(c.compare, 0))}${linePath(line(c.compare, 2))}"/>`}<path class="compare" d="${linePath(line(c.compare, 1))}"/>`}
<path class="median" d="${linePath(line(c.band, 1))}"/>
</svg>`;
}
