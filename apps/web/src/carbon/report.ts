// What a column does and costs, as the hub draws it for the start values and the browser for every design after. Nothing is shown of a column that has not converged.
import { drawIsotherm, isothermTable } from '../charts/isotherm.ts';
import { html, type Markup } from '../html/html.ts';
import { plural, quantity } from '../html/words.ts';
import type { CarbonAnswer } from './design.ts';

const percent = (x: number, digits = 1) => `${(100 * x).toFixed(digits)} %`;

export function carbonReport(a: CarbonAnswer): Markup {
  const { steady: s, values: v } = a;
  const label = `Loading of CO2 and N2 alone from 0 to ${quantity(a.isotherms.at(-1)!.kpa)} kilopascals; the cycle swings CO2 between ${quantity(v['low'])} and ${quantity((v['high'] * v['co2']) / 100)} kilopascals.`;
  return html`${s.converged ? found(s) : notFound(s)}
<div class="columns"><section aria-labelledby="isotherm"><h2 id="isotherm">What the sorbent holds</h2><figure>${drawIsotherm(a.isotherms, v['low'], (v['high'] * v['co2']) / 100, label)}<figcaption>What it takes up of each gas alone, at feed temperature. The thin lines: the low pressure, and the pressure of CO₂ in the feed.</figcaption></figure><p class="legend"><span class="keymedian">CO₂</span> <span class="keycompare">N₂</span></p><details><summary>The picture as a table</summary>${isothermTable(a.isotherms)}</details></section>
<section aria-labelledby="cost"><h2 id="cost">What a tonne costs</h2>${a.cost ? costTable(a.cost) : html`<p>A column without an answer has no cost.</p>`}</section></div>`;
}

/** The figures in a line, for readers who have scrolled to the fields. */
export function inShort({ steady: s, cost }: CarbonAnswer): string {
  if (!s.converged) return s.why;
  const parts = [
    `Purity ${percent(s.purity)}`,
    `recovery ${percent(s.recovery)}`,
    `${quantity(s.energyKwhPerTonne)} kWh a tonne`,
  ];
  if (cost) parts.push(`${cost.perTonneCaptured.toFixed(2)} dollars a tonne captured`);
  return `${parts.join(', ')}.`;
}

function found(s: Extract<CarbonAnswer['steady'], { converged: true }>): Markup {
  return html`<h2>${percent(s.purity)} CO₂ from the column, ${percent(s.recovery)} of what was fed</h2>
<p class="key"><b>${quantity(s.energyKwhPerTonne)}</b> <span>kWh of electricity a tonne of CO₂<br>steady after ${plural(s.cycles, 'cycle')}; both balances closed</span></p>
<div class="scroll" tabindex="0" role="region" aria-label="Table: figures of the column"><table><caption>The column at cyclic steady state, 30 cells</caption><tbody>
${row('Purity: CO₂ in the product', percent(s.purity, 2))}
${row('Recovery: CO₂ of the feed that is in the product', percent(s.recovery, 2))}
${row('Electricity', `${quantity(s.energyKwhPerTonne)} kWh a tonne`)}
${row('Productivity', `${s.productivityMolKgH.toFixed(2)} mol CO₂ per kg of sorbent and hour`)}
${row('Mass balance is open by', percent(s.massError, 4))}
${row('Energy balance is open by', percent(s.energyError, 4))}
${row('A cycle takes', `${quantity(s.cycleS)} s`)}
</tbody></table></div>`;
}

const row = (name: string, value: string) => html`<tr><th scope="row">${name}</th><td class="n">${value}</td></tr>`;

function notFound(s: Extract<CarbonAnswer['steady'], { converged: false }>): Markup {
  const open = [s.massError, s.energyError].every(Number.isFinite)
    ? html` In its last cycle the mass balance was open by ${percent(s.massError, 2)}, the energy balance by ${percent(s.energyError, 2)}.`
    : '';
  return html`<h2>The column did not converge: there is no result</h2><p class="wrong" data-part="failed">${s.why}.${open}</p><p>No purity, recovery or cost is shown, since none would be true. Longer steps, less reflux or a lower high pressure often help.</p>`;
}

function costTable(c: NonNullable<CarbonAnswer['cost']>): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table: cost"><table><caption>Dollars a tonne of CO₂ captured; 8,000 hours a year, plant for 20 years, upkeep 4 % a year</caption><tbody>${c.parts
    .filter(p => p.perTonne !== 0)
    .map(p =>
      row(p.name === 'storage' ? 'transport and storage' : p.name, p.perTonne.toFixed(2)),
    )}<tr class="sum"><th scope="row"><strong>A tonne captured</strong></th><td class="n"><strong>${c.perTonneCaptured.toFixed(2)}</strong></td></tr><tr><th scope="row">A tonne avoided, less the emissions of its electricity</th><td class="n">${c.perTonneAvoided === undefined ? 'none is avoided' : c.perTonneAvoided.toFixed(2)}</td></tr></tbody></table></div>`;
}
