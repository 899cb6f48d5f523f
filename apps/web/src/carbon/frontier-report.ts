// The trade-off curve in a picture, a table whose rows can be taken over, and a file.
import { drawFrontier } from '../charts/frontier.ts';
import { html, type Markup } from '../html/html.ts';
import { count, plural, quantity } from '../html/words.ts';
import { type CarbonAnswer, FIELDS } from './design.ts';
import { type Frontier, type FrontierPoint, VARIED } from './frontier.ts';
import { COST, OWN_PROVENANCE } from './table.ts';

const percent = (x: number) => `${(100 * x).toFixed(1)} %`;
const varied = VARIED.map(key => FIELDS.find(f => f.key === key)!);

export function frontierReport(f: Frontier, shown: CarbonAnswer | undefined): Markup {
  const found = `${plural(f.tried, 'design')} of a coarse column, then the best ${count(f.again)} on the full one${f.unanswered > 0 ? `, of which ${count(f.unanswered)} had no answer` : ''}`;
  if (f.points.length === 0)
    return html`<p class="wrong">No design had an answer: ${found}. Another sorbent, or another high pressure, may have.</p>`;
  const label = `Purity over recovery of ${plural(f.points.length, 'design')}: ${f.points.map((p, i) => `${i + 1}: ${percent(p.purity)} and ${percent(p.recovery)}, ${quantity(p.energyKwhPerTonne)} kilowatt hours a tonne`).join('; ')}.`;
  return html`<div class="columns"><figure><div class="chart">${drawFrontier(f.points, shown?.steady.converged ? shown.steady : undefined, label)}</div><figcaption>Of these designs none is better in purity, recovery and electricity at once. A darker point takes more electricity; the cross is the design above. ${found}.</figcaption></figure>
<div class="scroll" tabindex="0" role="region" aria-label="Table: trade-off"><table><caption>Electricity in kWh a tonne, cost in dollars a tonne captured at the prices above</caption><thead><tr><th scope="col">Design</th><th scope="col" class="n">Purity</th><th scope="col" class="n">Recovery</th><th scope="col" class="n">kWh</th><th scope="col" class="n">Cost</th><th scope="col">Take over</th></tr></thead><tbody>${f.points.map((p, i) => line(p, i))}</tbody></table></div></div>`;
}

function line(p: FrontierPoint, i: number): Markup {
  return html`<tr><th scope="row">${i + 1}</th><td class="n">${percent(p.purity)}</td><td class="n">${percent(p.recovery)}</td><td class="n">${quantity(p.energyKwhPerTonne)}</td><td class="n">${p.costTonne.toFixed(2)}</td><td><button type="button" class="quiet" data-take="${i}" aria-label="Take over design ${i + 1}">Use</button></td></tr>`;
}

/** The curve as a file: a row a design, units in the names of the columns. */
export function frontierTable(f: Frontier): {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
} {
  const about = `${OWN_PROVENANCE}; sorbent ${f.own?.name ?? 'as set'}; ${f.tried} designs sought on 10 cells (NSGA-II, Deb et al. 2002), curve run on 30; inputs not in a column: ${FIELDS.filter(
    x => !varied.includes(x) && !(f.own && x.group === 'sorbent'),
  )
    .map(x => `${x.label} ${f.points[0]?.values[x.key] ?? ''} ${x.unit}`)
    .join(', ')}`;
  return {
    columns: [
      'purity (mole fraction of CO2, dry)',
      'recovery (fraction of CO2 fed)',
      'electricity (kWh per tonne of CO2)',
      'productivity (mol CO2 per kg and hour)',
      'mass balance open by (fraction)',
      'energy balance open by (fraction)',
      `captured at (${COST})`,
      ...varied.map(x => `${x.label} (${x.unit})`),
      'provenance',
    ],
    rows: f.points.map(p => [
      p.purity,
      p.recovery,
      p.energyKwhPerTonne,
      p.productivityMolKgH,
      p.massError,
      p.energyError,
      p.costTonne,
      ...varied.map(x => p.values[x.key]),
      about,
    ]),
  };
}
