// A grid as a picture: lines as wide as their load, a mark and a number on those at their limit; buses shaded by price, squares where power is made.

import type { GridAnswer, GridBus } from '../energy/answer.ts';
import { html, type Markup } from '../html/html.ts';
import { quantity } from '../html/words.ts';
import { px } from './scale.ts';

const WIDTH = 860;
const HEIGHT = 460;
const MARGIN = 34;
/** Share of a line's rating from which it is said to be at its limit, and from which it is close to it. */
export const AT_LIMIT = 0.995;
const CLOSE = 0.8;
/** Shades of price, from cheapest to dearest; the style sheet gives their colours. */
const SHADES = 5;
/** Up to so many buses each says its number and price; up to so many each line says its direction; up to so many each has a mark of its own that says what it is. */
export const SAID = 40;
const ARROWS = 160;
const MARKS = 400;
/** Widths of lines in a picture of many. */
const WIDTHS = 3;

/** Undefined when the grid was too large to lay out. */
export function drawGrid(a: GridAnswer, label: string): Markup | undefined {
  if (a.buses.length === 0 || a.buses[0].x === undefined) return undefined;
  const n = a.buses.length;
  const at = a.buses.map(b => [MARGIN + (WIDTH - 2 * MARGIN) * b.x!, MARGIN + (HEIGHT - 2 * MARGIN) * b.y!] as const);
  const most = Math.max(1, ...a.lines.map(l => Math.abs(l.flowMw)).filter(Number.isFinite));
  // One bus behind a full line may cost a hundred times the others: shades span the middle nine tenths of the prices.
  const prices = a.buses
    .map(b => b.price)
    .filter(Number.isFinite)
    .sort((x, y) => x - y);
  const [low, high] = [prices[Math.floor(0.05 * (prices.length - 1))], prices[Math.ceil(0.95 * (prices.length - 1))]];
  const shade = (b: GridBus) =>
    high - low < 1e-6 || !Number.isFinite(b.price)
      ? 0
      : Math.max(0, Math.min(SHADES - 1, Math.floor(((b.price - low) / (high - low)) * SHADES)));
  if (n > MARKS) return drawMany(a, at, most, shade, label);
  const radius = n <= SAID ? 11 : n <= 150 ? 5.5 : 3;
  return html`<div class="chart scroll" tabindex="0" role="region" aria-label="Picture, wider than a narrow screen"><svg class="grid-picture" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
<g class="lines">${a.lines.map(l => {
    const [[x1, y1], [x2, y2]] = [at[l.from], at[l.to]];
    const kind = l.loading >= AT_LIMIT ? 'full' : l.loading >= CLOSE ? 'close' : 'free';
    const width = (kind === 'full' ? 2.5 : 1) + (n <= SAID ? 6 : 3) * (Math.abs(l.flowMw) / most || 0);
    return html`<path class="${kind}" stroke-width="${px(width)}" d="M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}"/>`;
  })}</g>
${n <= ARROWS && html`<g class="arrows">${a.lines.map(l => arrow(at[l.from], at[l.to], l.flowMw, n <= SAID ? 1 : 0.6))}</g>`}
<g class="buses">${a.buses.map((b, i) => {
    const [x, y] = at[i];
    const title = html`<title>Bus ${b.number}: ${quantity(b.price)} $/MWh, load ${quantity(b.loadMw)} MW, generation ${quantity(b.generationMw)} MW</title>`;
    return b.generationMw > 0.5
      ? html`<rect class="p${shade(b)}" x="${px(x - radius)}" y="${px(y - radius)}" width="${2 * radius}" height="${2 * radius}">${title}</rect>`
      : html`<circle class="p${shade(b)}" cx="${px(x)}" cy="${px(y)}" r="${radius}">${title}</circle>`;
  })}</g>
${
  n <= SAID &&
  html`<g class="said">${a.buses.map((b, i) => html`<text x="${px(at[i][0])}" y="${px(at[i][1] - radius - 5)}" text-anchor="middle"><tspan>${b.number}</tspan> ${quantity(b.price)}</text>`)}${a.lines
    .filter(l => l.loading >= AT_LIMIT)
    .map(l => limitLabel(at[l.from], at[l.to]))}</g>`
}
</svg></div>`;
}

/** Thousands of buses: a path for each kind of line and each shade, so that the picture stays small and quick; what is at its limit is drawn last. */
function drawMany(
  a: GridAnswer,
  at: readonly (readonly [number, number])[],
  most: number,
  shade: (b: GridBus) => number,
  label: string,
): Markup {
  const lines = new Map<string, string>();
  for (const l of a.lines) {
    const kind = l.loading >= AT_LIMIT ? 'full' : l.loading >= CLOSE ? 'close' : 'free';
    const wide = Math.min(WIDTHS - 1, Math.floor((WIDTHS * Math.abs(l.flowMw)) / most) || 0);
    const key = `${kind} ${wide}`;
    const [[x1, y1], [x2, y2]] = [at[l.from], at[l.to]];
    lines.set(key, `${lines.get(key) ?? ''}M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}`);
  }
  const dots = new Map<string, string>();
  for (const [i, b] of a.buses.entries()) {
    const key = `p${shade(b)} ${b.generationMw > 0.5 ? 'makes' : 'takes'}`;
    dots.set(key, `${dots.get(key) ?? ''}M${px(at[i][0])} ${px(at[i][1])}h0`);
  }
  const drawn = ([key, d]: readonly [string, string]) => {
    const [kind, wide] = key.split(' ');
    const width = kind === 'full' ? 4 : kind === 'close' ? 1.8 + 0.6 * Number(wide) : 0.6 + 0.6 * Number(wide);
    return html`<path class="${kind}" stroke-width="${px(width)}" d="${d}"/>`;
  };
  const isFull = ([key]: readonly [string, string]) => key.startsWith('full');
  return html`<div class="chart scroll" tabindex="0" role="region" aria-label="Picture, wider than a narrow screen"><svg class="grid-picture many" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
<g class="lines">${[...lines]
    .filter(l => !isFull(l))
    .sort()
    .reverse()
    .map(drawn)}</g>
<g class="dots">${[...dots].sort().map(([key, d]) => html`<path class="${key}" d="${d}"/>`)}</g>
<g class="lines">${[...lines].filter(isFull).map(drawn)}</g>
</svg></div>`;
}

/** Words beside the middle of a line, below it or to its right. */
function limitLabel([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): Markup {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const side = x2 >= x1 ? 1 : -1;
  const [away, down] = [(-side * (y2 - y1)) / length, (side * (x2 - x1)) / length];
  const anchor = away > 0.3 ? 'start' : away < -0.3 ? 'end' : 'middle';
  const [x, y] = [(x1 + x2) / 2 + 14 * away, (y1 + y2) / 2 + 14 * down + 5 * (1 + down)];
  return html`<text class="full" x="${px(x)}" y="${px(y)}" text-anchor="${anchor}">at its limit</text>`;
}

/** A small triangle in the middle of a line, pointing where the power goes. */
function arrow(
  from: readonly [number, number],
  to: readonly [number, number],
  flow: number,
  scale: number,
): Markup | false {
  if (!(Math.abs(flow) > 0.5)) return false;
  const [a, b] = flow > 0 ? [from, to] : [to, from];
  const angle = (Math.atan2(b[1] - a[1], b[0] - a[0]) * 180) / Math.PI;
  return html`<path d="M-4-4L5 0L-4 4Z" transform="translate(${px((a[0] + b[0]) / 2)} ${px((a[1] + b[1]) / 2)}) rotate(${Math.round(angle)}) scale(${scale})"/>`;
}
