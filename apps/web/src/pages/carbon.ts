// /carbon : a capture column to design. The result for the start values comes with the page; every other design runs in the reader's browser.
import { type CarbonAnswer, FIELDS, type Field, queryOf, type Values } from '../carbon/design.ts';
import { carbonReport } from '../carbon/report.ts';
import { html, type Markup } from '../html/html.ts';
import { document } from '../html/layout.ts';
import type { Site } from '../models.ts';

/** `start`: the answer for the start values. `values`: what the address asks for. */
export function drawCarbon(site: Site, start: CarbonAnswer, values: Values): string {
  const group = (g: Field['group']) =>
    html`<div class="levers">${FIELDS.filter(f => f.group === g).map(f => lever(f, values))}</div>`;
  const asked = queryOf(values) !== '';
  return document(site, {
    title: 'Carbon capture',
    section: '/carbon',
    apart: true,
    scripts: [site.assets.carbon],
    twins: [
      ['/carbon.csv', 'CSV of the start values'],
      ['/carbon.json', 'JSON of the start values'],
    ],
    body: html`<h1>What a capture column does, and what it costs</h1>
<p class="lead">Gas flows through a bed of sorbent; pressure swings, and CO₂ comes out. The physics of mass, momentum and energy is solved until a cycle repeats. What is captured or removed is counted in a register: <a href="/carbon/register">check one</a>.</p>
<form class="carbon" action="/carbon" method="get"${site.assets.carbonWorker && html` data-worker="${site.assets.carbonWorker}"`}>
<div data-part="report">${asked ? html`<h2>This design has not been run yet</h2><noscript><p>A design other than the start runs in a browser with script, or in a terminal: <code>npx madang carbon vsa --help</code>. <a href="/carbon">The start values and their result</a></p></noscript>` : carbonReport(start)}</div>
<p class="runs"><button type="submit" hidden>Run this design</button> <a class="button quiet" href="/carbon">Start values</a> <a href="/carbon.csv" data-part="table" download="capture-column.csv" hidden>This design as CSV</a> <span class="hint" role="status" data-part="said"></span></p>
<section aria-labelledby="sorbent"><h2 id="sorbent">Sorbent</h2><div data-part="sorbent-fields">${group('sorbent')}</div>${ownTable()}</section>
<section aria-labelledby="cycle"><h2 id="cycle">Cycle</h2>${group('cycle')}</section>
<details><summary>Prices</summary>${group('cost')}</details>
${tradeOffBox()}
<details data-part="cli" hidden><summary>The same at the command line</summary><pre data-part="command" tabindex="0"></pre><p>It reads two files, which hold what the page fixes: <button type="button" class="quiet" data-part="params">params.json</button> <button type="button" class="quiet" data-part="sorbents">sorbents.csv</button></p></details>
</form>
<p class="hint">Start values: a zeolite in rounded numbers, and invented prices. One site of Langmuir for each gas; bed of one metre, adiabatic wall, 313 K feed of CO₂ and N₂ without water; five-step cycle with 20 s of pressurisation and 30 s of blowdown. Model after Haghpanah et al. 2013, Ind. Eng. Chem. Res. 52, 4249; absorption by amine and networks of pipes: <code>npx madang carbon --help</code>.</p>`,
  });
}

/** For readers with script: a sorbent of two sites out of a file. */
function ownTable(): Markup {
  return html`<details data-part="own" hidden><summary>A sorbent out of your own table</summary><p>A CSV as <code>madang carbon vsa --sorbents</code> takes it: two Langmuir sites for each gas, a row a sorbent. It is read in this browser and goes nowhere; no address can hold it.</p><p><label for="own-file">Sorbents (CSV)</label> <input type="file" id="own-file" accept=".csv,text/csv"> <span hidden><label for="own-row">Row</label> <select id="own-row"></select></span> <button type="button" class="quiet" data-part="back" hidden>Back to the fields</button></p><p role="status" data-part="own-said"></p></details>`;
}

/** For readers with script: the search for the curve. */
function tradeOffBox(): Markup {
  return html`<section aria-labelledby="tradeoff" data-part="tradeoff" hidden><h2 id="tradeoff">What this sorbent can reach</h2><p>More purity costs recovery or electricity. A search varies low pressure, feed, times and refluxes of the cycle, and keeps the designs of which none is better in everything; feed and high pressure stay as set.</p><p class="act"><button type="button" data-part="search">Find the trade-off</button> <button type="button" class="quiet" data-part="stop" hidden>Stop</button> <a href="/carbon" data-part="curve-csv" download="capture-tradeoff.csv" hidden>The curve as CSV</a></p><p><progress max="1" value="0" aria-label="Search for the trade-off" hidden></progress></p><p class="hint" role="status" data-part="searched"></p><div data-part="curve"></div></section>`;
}

/** A slider, and a number field that says and sets the same. */
function lever(f: Field, values: Values): Markup {
  return html`<div class="lever"><label for="n-${f.key}">${f.label}</label>
<input type="range" id="r-${f.key}" data-key="${f.key}" min="${f.low}" max="${f.high}" step="${f.step}" value="${values[f.key]}" aria-label="${f.label}, ${f.unit}" hidden>
<span class="field"><input type="number" id="n-${f.key}" name="${f.key}" data-key="${f.key}" min="${f.low}" max="${f.high}" step="any" value="${values[f.key]}"> <span class="hint">${f.unit}</span></span></div>`;
}
