// The reliability diagram of a warning: how often it came true where so much was announced, beside the line of a warning that can be taken at its word,
// how far from it points lie by chance alone (Bröcker and Smith 2007), and under it how many weeks each stands on.
import { html, type Markup } from '../html/html.ts';
import { count } from '../html/words.ts';
import { linear, linePath, px } from './scale.ts';

/** Weeks for which about the same chance was announced. */
export interface ReliabilityPoint {
  /** Mean announced chance and share that came true, 0 to 1. */
  readonly announced: number;
  readonly observed: number;
  readonly n: number;
}

const WIDTH = 400;
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 14, 12, 322];
/** The counts: a strip of bars between the diagram and its axis of chances. */
const [BARS_TOP, BARS_BOTTOM] = [350, 392];
const HEIGHT = 440;
const TICKS = [0, 0.25, 0.5, 0.75, 1];
/** Part of its bin that a bar of counts fills. */
const FILLED = 0.8;
/** Nine in ten values of a normal distribution lie within so many standard deviations. */
const NINE_IN_TEN = 1.645;

/** Points in order of the announced chance, of `parts` equal bins. */
export function drawReliability(points: readonly ReliabilityPoint[], parts: number, label: string): Markup {
  const x = linear([0, 1], [LEFT, WIDTH - RIGHT]);
  const y = linear([0, 1], [BOTTOM, TOP]);
  const most = Math.max(1, ...points.map(p => p.n));
  // A bin of one week among a thousand is still seen.
  const bar = (n: number) => Math.max(1.5, (n / most) * (BARS_BOTTOM - BARS_TOP));
  const at = points.map(p => [x(p.announced), y(p.observed)] as const);
  // The middle of the point's own bin, where the mean of what was announced need not lie.
  const middle = (p: ReliabilityPoint) => x((Math.min(parts - 1, Math.floor(parts * p.announced)) + 0.5) / parts);
  const width = (FILLED * (x(1) - x(0))) / parts;
  const byChance = ({ announced: p, n }: ReliabilityPoint) => {
    const half = NINE_IN_TEN * Math.sqrt((p * (1 - p)) / n);
    return `M${px(x(p))} ${px(y(Math.max(0, p - half)))}V${px(y(Math.min(1, p + half)))}`;
  };
  return html`<svg class="fan reliability" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
<g class="grid">${TICKS.map(t => html`<path d="M${LEFT} ${px(y(t))}H${WIDTH - RIGHT}M${px(x(t))} ${TOP}V${BOTTOM}"/>`)}<path class="one" d="M${px(x(0))} ${px(y(0))}L${px(x(1))} ${px(y(1))}"/></g>
<g class="by-chance">${points.map(p => html`<path d="${byChance(p)}"/>`)}</g>
<g class="axis">${TICKS.map(t => html`<text x="${LEFT - 8}" y="${px(y(t) + 4)}" text-anchor="end">${100 * t} %</text><path d="M${px(x(t))} ${BARS_BOTTOM}v5"/><text x="${px(x(t))}" y="${BARS_BOTTOM + 20}" text-anchor="${t === 1 ? 'end' : 'middle'}">${100 * t} %</text>`)}<text x="${px(x(0.5))}" y="${HEIGHT - 6}" text-anchor="middle">chance announced</text><text x="${LEFT + 6}" y="${TOP + 14}">came true</text></g>
<g class="counts">${points.map(p => html`<rect x="${px(middle(p) - width / 2)}" y="${px(BARS_BOTTOM - bar(p.n))}" width="${px(width)}" height="${px(bar(p.n))}"/><text x="${px(middle(p))}" y="${px(BARS_BOTTOM - bar(p.n) - 4)}" text-anchor="middle">${count(p.n)}</text>`)}<path class="base" d="M${LEFT} ${BARS_BOTTOM}H${WIDTH - RIGHT}"/></g>
<path class="rt" d="${linePath(at)}"/>${at.map(([cx, cy]) => html`<circle class="median" cx="${px(cx)}" cy="${px(cy)}" r="4.5"/>`)}
</svg>`;
}
