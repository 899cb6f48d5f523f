// Purity over recovery of designs of which none is better in everything, numbered as in the table beside; a darker point takes more electricity.
import { html, type Markup } from '../html/html.ts';
import { ticksAround } from './days.ts';
import { linear, px } from './scale.ts';

export interface FrontierMark {
  /** 0 to 1. */
  readonly purity: number;
  readonly recovery: number;
  readonly energyKwhPerTonne: number;
}

const WIDTH = 440;
const HEIGHT = 340;
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 20, 30, 46];
const RADIUS = 10;
/** Classes of electricity, light to dark. */
const CLASSES = 3;

/** Points in the order of the table; `shown` is the design that the page shows. */
export function drawFrontier(points: readonly FrontierMark[], shown: FrontierMark | undefined, label: string): Markup {
  const all = shown ? [...points, shown] : points;
  const axis = (of: (p: FrontierMark) => number) => {
    const values = all.map(p => 100 * of(p));
    return ticksAround(Math.min(...values) - 0.5, Math.min(100, Math.max(...values)), 4).filter(t => t <= 100);
  };
  const [across, up] = [axis(p => p.recovery), axis(p => p.purity)];
  const x = linear([across[0], Math.max(across[across.length - 1], 100)], [LEFT, WIDTH - RIGHT]);
  const y = linear([up[0], Math.max(up[up.length - 1], 100)], [HEIGHT - BOTTOM, TOP]);
  const [least, most] = [Math.min, Math.max].map(f => f(...points.map(p => p.energyKwhPerTonne)));
  const shade = (p: FrontierMark) =>
    Math.min(CLASSES - 1, Math.floor((CLASSES * (p.energyKwhPerTonne - least)) / (most - least || 1)));
  const at = (p: FrontierMark) => [px(x(100 * p.recovery)), px(y(100 * p.purity))] as const;
  return html`<svg class="fan frontier" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
<g class="grid">${up.map(t => html`<path d="M${LEFT} ${px(y(t))}H${WIDTH - RIGHT}"/>`)}</g>
<g class="axis"><text x="4" y="16">purity</text>${up.map(t => html`<text x="${LEFT - 8}" y="${px(y(t) + 4)}" text-anchor="end">${t} %</text>`)}${across.map(t => html`<path d="M${px(x(t))} ${HEIGHT - BOTTOM}v5"/><text x="${px(x(t))}" y="${HEIGHT - BOTTOM + 19}" text-anchor="middle">${t} %</text>`)}<text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">recovery</text></g>
${shown && html`<path class="shown" d="M${at(shown)[0]} ${at(shown)[1]}m-9 0h18m-9 -9v18"/>`}
${points.map((p, i) => html`<g class="mark e${shade(p)}"><circle cx="${at(p)[0]}" cy="${at(p)[1]}" r="${RADIUS}"/><text x="${at(p)[0]}" y="${px(y(100 * p.purity) + 4)}" text-anchor="middle">${i + 1}</text></g>`)}
</svg>`;
}
