// Loading over pressure of both gases alone, with the pressures between which the cycle swings.
import type { Isotherms } from '../carbon/design.ts';
import { html, type Markup } from '../html/html.ts';
import { quantity } from '../html/words.ts';
import { linear, linePath, px, ticksFromZero } from './scale.ts';

// Small enough that its words stay legible on a phone, where it has some 360 px.
const WIDTH = 400;
const HEIGHT = 270;
const [LEFT, RIGHT, TOP, BOTTOM] = [30, 14, 28, 46];

/** `lowKpa` and `highKpa`: partial pressures of CO2 at the end of the purge, if it were pure, and in the feed. */
export function drawIsotherm(points: Isotherms, lowKpa: number, highKpa: number, label: string): Markup {
  const top = points[points.length - 1].kpa;
  const ticks = ticksFromZero(Math.max(...points.map(p => Math.max(p.co2, p.n2))), 4);
  const x = linear([0, top], [LEFT, WIDTH - RIGHT]);
  const y = linear([0, ticks[ticks.length - 1]], [HEIGHT - BOTTOM, TOP]);
  const across = ticksFromZero(top, 5).filter(t => t <= top);
  const line = (of: (p: Isotherms[number]) => number) => linePath(points.map(p => [x(p.kpa), y(of(p))] as const));
  return html`<div class="chart"><svg class="fan" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
<g class="grid">${ticks.map(t => html`<path d="M${LEFT} ${px(y(t))}H${WIDTH - RIGHT}"/>`)}</g>
<g class="axis"><text x="2" y="14">mol/kg</text>${ticks.map(t => html`<text x="${LEFT - 8}" y="${px(y(t) + 4)}" text-anchor="end">${quantity(t)}</text>`)}${across.map(
    t =>
      html`<path d="M${px(x(t))} ${HEIGHT - BOTTOM}v5"/><text x="${px(x(t))}" y="${HEIGHT - BOTTOM + 19}" text-anchor="middle">${quantity(t)}</text>`,
  )}<text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">kPa</text></g>
${[lowKpa, highKpa].map(k => html`<path class="as-of" d="M${px(x(k))} ${TOP}V${HEIGHT - BOTTOM}"/>`)}
<path class="compare" d="${line(p => p.n2)}"/>
<path class="median" d="${line(p => p.co2)}"/>
</svg></div>`;
}

export function isothermTable(points: Isotherms): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table: isotherms"><table><caption>Loading of each gas alone at feed temperature, mol/kg</caption><thead><tr><th scope="col">Pressure, kPa</th><th scope="col" class="n">CO₂</th><th scope="col" class="n">N₂</th></tr></thead><tbody>${points
    .filter((_, i) => i % 4 === 0)
    .map(
      p =>
        html`<tr><th scope="row">${quantity(p.kpa)}</th><td class="n">${p.co2.toFixed(3)}</td><td class="n">${p.n2.toFixed(3)}</td></tr>`,
    )}</tbody></table></div>`;
}
