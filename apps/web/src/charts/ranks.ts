// Where what came fell in what was forecast: days by tenths of the forecast distribution. Flat is a distribution that can be taken at its word; a bulge in the
// middle is too wide, horns at the ends too narrow. The stroke holds nine in ten bars by chance alone, if days were independent.
import { html, type Markup } from '../html/html.ts';
import { count } from '../html/words.ts';
import { linear, px } from './scale.ts';

const WIDTH = 400;
const HEIGHT = 260;
const [LEFT, RIGHT, TOP, BOTTOM] = [20, 14, 24, 44];
/** Nine in ten values of a normal distribution lie within so many standard deviations. */
const NINE_IN_TEN = 1.645;

/** `counts`: days in each of equal parts, lowest first. */
export function drawRanks(counts: readonly number[], label: string): Markup {
  const n = counts.reduce((a, b) => a + b, 0);
  const even = n / counts.length;
  const half = NINE_IN_TEN * Math.sqrt((even * (counts.length - 1)) / counts.length);
  const x = linear([0, counts.length], [LEFT, WIDTH - RIGHT]);
  const y = linear([0, 1.15 * Math.max(even + half, ...counts, 1)], [HEIGHT - BOTTOM, TOP]);
  const gap = 2;
  return html`<svg class="fan ranks" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
<g class="counts">${counts.map((c, i) => html`<rect x="${px(x(i) + gap)}" y="${px(y(c))}" width="${px(x(1) - x(0) - 2 * gap)}" height="${px(y(0) - y(c))}"/><text x="${px(x(i + 0.5))}" y="${px(y(0) - 8)}" text-anchor="middle">${count(c)}</text>`)}</g>
<g class="even"><path d="M${LEFT} ${px(y(even))}H${WIDTH - RIGHT}"/><path class="edge" d="M${LEFT} ${px(y(even - half))}H${WIDTH - RIGHT}M${LEFT} ${px(y(even + half))}H${WIDTH - RIGHT}"/></g>
<g class="axis"><path d="M${LEFT} ${px(y(0))}H${WIDTH - RIGHT}"/>${[0, 50, 100].map(p => html`<text x="${px(x((p * counts.length) / 100))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="${p === 0 ? 'start' : p === 100 ? 'end' : 'middle'}">${p} %</text>`)}<text x="${px(x(counts.length / 2))}" y="${HEIGHT - 6}" text-anchor="middle">what came, in percent of the forecast below it</text></g>
</svg>`;
}
