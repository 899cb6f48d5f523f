// The sentence, the picture and the tables of a solved grid, as the hub draws them first and the browser draws them for the reader's own file.
import { AT_LIMIT, drawGrid, SAID } from '../charts/grid.ts';
import { html, type Markup } from '../html/html.ts';
import { count, plural, quantity } from '../html/words.ts';
import type { GridAnswer, GridLine } from './answer.ts';

const ROWS = 20;

export function gridReport(a: GridAnswer): Markup {
  if (a.status !== 'optimal')
    return html`<h2>${a.name}: ${a.status === 'infeasible' ? 'no operation keeps every limit' : 'no answer was found'}</h2><p>${a.detail}</p>${
      a.violations.length > 0 && html`<ul class="plain">${a.violations.map(v => html`<li>${v}</li>`)}</ul>`
    }`;
  const full = a.lines.filter(l => l.loading >= AT_LIMIT);
  const prices = a.buses.map(b => b.price);
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  const said = `${plural(a.buses.length, 'bus', 'buses')} and ${plural(a.lines.length, 'line')}; ${full.length === 0 ? 'no line is at its limit' : `${plural(full.length, 'line')} at ${full.length === 1 ? 'its' : 'their'} limit`}; prices from ${quantity(low)} to ${quantity(high)} dollars a megawatt hour.`;
  return html`<h2>${a.name}</h2>
<p class="key"><b>${quantity(a.costPerHour)}</b> <span>dollars an hour for the cheapest operation that keeps every limit<br>${Number.isFinite(a.gap) ? `proven to be within ${(100 * Math.max(0, a.gap)).toFixed(2)} % of the optimum` : 'without a proven bound'}; ${said}</span></p>
<figure>${drawGrid(a, `Picture of the grid. ${said}`) ?? html`<p>This grid has too many buses to lay out here; the tables below have it whole.</p>`}
<figcaption>Positions follow the number of lines between buses, not the map. Squares make power, circles do not; the shade says the price, the width of a line what it carries, its arrow which way.${a.buses.length <= SAID && ' Beside a bus stand its number and its price in $/MWh.'}</figcaption></figure>
<p class="legend"><span class="keyfree">below 80 % of the rating</span> <span class="keyclose">80 % and more</span> <span class="keyfull">at the limit</span> <span class="keycheap">cheapest</span> <span class="keydear">dearest</span></p>
<details${full.length > 0 && html` open`}><summary>Most loaded lines</summary>${lineTable(a)}</details>
<details><summary>Prices</summary>${priceTable(a)}</details>`;
}

function lineTable(a: GridAnswer): Markup {
  const rated = a.lines.filter(l => Number.isFinite(l.loading)).sort((x, y) => y.loading - x.loading);
  const ends = (l: GridLine) => (l.flowMw >= 0 ? [l.from, l.to] : [l.to, l.from]).map(i => a.buses[i]);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table: lines"><table><caption>The ${count(Math.min(ROWS, rated.length))} most loaded of ${plural(a.lines.length, 'line')}</caption><thead><tr><th scope="col">From bus</th><th scope="col">To bus</th><th scope="col" class="n">Flow, MW</th><th scope="col" class="n">Of rating</th><th scope="col" class="n">Price there less here, $/MWh</th></tr></thead><tbody>${rated
    .slice(0, ROWS)
    .map(l => {
      const [from, to] = ends(l);
      return html`<tr><th scope="row">${String(from.number)}</th><td>${String(to.number)}</td><td class="n">${quantity(Math.abs(l.flowMw))}</td><td class="n">${(100 * l.loading).toFixed(0)} %${l.loading >= AT_LIMIT && ', at its limit'}</td><td class="n">${quantity(to.price - from.price)}</td></tr>`;
    })}</tbody></table></div>`;
}

function priceTable(a: GridAnswer): Markup {
  const sorted = [...a.buses].sort((x, y) => y.price - x.price);
  const shown = sorted.length <= 3 * ROWS ? sorted : [...sorted.slice(0, ROWS), ...sorted.slice(-ROWS)];
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table: prices"><table><caption>${shown.length === sorted.length ? 'Every bus, dearest first' : `The ${ROWS} dearest and the ${ROWS} cheapest of ${plural(sorted.length, 'bus', 'buses')}`}</caption><thead><tr><th scope="col">Bus</th><th scope="col" class="n">Price, $/MWh</th><th scope="col" class="n">of it congestion</th><th scope="col" class="n">Load, MW</th><th scope="col" class="n">Generation, MW</th><th scope="col" class="n">Voltage, per unit</th></tr></thead><tbody>${shown.map(
    b =>
      html`<tr><th scope="row">${String(b.number)}</th><td class="n">${quantity(b.price)}</td><td class="n">${quantity(b.congestion)}</td><td class="n">${quantity(b.loadMw)}</td><td class="n">${quantity(b.generationMw)}</td><td class="n">${b.voltagePu.toFixed(3)}</td></tr>`,
  )}</tbody></table></div>`;
}
