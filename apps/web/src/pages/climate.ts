// /climate : what levers do to warming, over a whole ensemble. The first picture and the table come with the page; the sliders run the model in the browser.
import { documented, ELASTICITIES } from '@madang/climate';
import { climatePicture, climatePlans, lastOf, type Shown } from '../climate/picture.ts';
import { climateQuery, lastYear, planCommand, planText } from '../climate/plan.ts';
import { idleValues, type LeverValues, REFERENCE, SLIDERS, type Slider } from '../climate/sliders.ts';
import type { Sources } from '../climate/table.ts';
import { html, type Markup } from '../html/html.ts';
import { document } from '../html/layout.ts';
import { bytes, count } from '../html/words.ts';
import type { Site } from '../models.ts';

export interface ClimateModel extends Sources {
  /** The numbers are those of the example, not an operator's. */
  readonly example: boolean;
  readonly shown: Shown;
  /** Warming in the last year with one lever alone: 5th, 50th, 95th percentile. */
  readonly alone: readonly { readonly key: string; readonly last: readonly [number, number, number] }[];
  /** Bytes that the browser downloads before the first move, compressed. */
  readonly download: number;
  /** Address of the tables. */
  readonly data: string;
}

export function drawClimate(site: Site, m: ClimateModel): string {
  const query = climateQuery(m.shown.values, m.shown.kept?.values);
  return document(site, {
    title: 'Climate',
    section: '/climate',
    apart: true,
    scripts: [site.assets.climate],
    twins: [
      [`/climate.csv${query}`, 'CSV'],
      [`/climate.json${query}`, 'JSON'],
      [`/climate.svg${query}`, 'the picture as SVG'],
    ],
    notice:
      m.example &&
      html`<aside class="notice" aria-label="Example numbers"><div class="wrap"><p><strong>Example numbers.</strong> Published and rounded, not calibrated to what was observed: they show how the levers work, not what a plan will do.</p></div></aside>`,
    body: html`${explorer(site, m)}${aloneTable(m)}${assumptions(m)}`,
  });
}

function explorer(site: Site, m: ClimateModel): Markup {
  const [main, more] = [SLIDERS.slice(0, 3), SLIDERS.slice(3)];
  const { values, kept, scenario } = m.shown;
  const query = climateQuery(values, kept?.values);
  return html`<h1>What policies do to warming</h1>
<p class="lead">The whole ensemble of a simple climate model answers each move: not one line, but what is likely.</p>
<form class="climate" action="/climate" method="get" data-data="${m.data}" data-scenario="${scenario}" data-cite="${m.cite}" data-note="${m.note}"${site.assets.climateWorker && html` data-worker="${site.assets.climateWorker}"`}>
<div data-part="picture">${climatePicture(m.shown)}</div>
<div class="runs"><p class="act"><button type="submit" data-part="show">Show</button> <button class="quiet" type="submit" name="with" value="${planText(values)}" data-part="keep">Keep this plan to compare</button>${kept && html`<input type="hidden" name="with" value="${planText(kept.values)}">`} <a class="button quiet" href="/climate${climateQuery(values)}" data-part="forget"${!kept && html` hidden`}>Forget the kept plan</a> <a class="button quiet" href="/climate${climateQuery(idleValues, kept?.values)}" data-part="rest">Put all at rest</a></p>
<p class="hint" role="status" data-part="said">With script the model runs in your browser: the first move downloads ${bytes(m.download)}.</p></div>
<div class="levers">${main.map(s => lever(s, values))}</div>
<details${more.some(s => values[s.key] !== s.idle) && html` open`}><summary>More levers</summary><div class="levers">${more.map(s => lever(s, values))}</div></details>
<div data-part="plans">${climatePlans(m.shown)}</div>
<p class="act"><a href="/climate.csv${query}" data-part="csv" download="climate-plan.csv">This as CSV</a> <a href="/climate.svg${query}" data-part="svg" download="climate-plan.svg">The picture as SVG, for a document</a> <span class="hint">The address of this page holds the plan, and the kept one: send it.</span></p>
<details><summary>The same at the command line</summary><pre data-part="command" tabindex="0">${planCommand(values, scenario)}</pre></details>
<details data-part="own" hidden><summary>Your own emissions</summary><p>A table as <code>madang climate fair</code> takes it: scenario, region World, variable, unit, and a column a year. Species that it lacks are taken from “${scenario}” and named. The file is read in this browser and goes nowhere; no address can hold it. <a href="/climate/emissions.csv" download>The emissions of this page, to start from</a></p><p><label for="own-file">Emissions (CSV)</label> <input type="file" id="own-file" accept=".csv,text/csv"> <button type="button" class="quiet" data-part="hub" hidden>Back to “${scenario}”</button></p><p role="status" data-part="own-said"></p></details>
</form>
<p class="hint">Scenario “${scenario}”. ${m.note}</p>`;
}

/** A slider, and a number field that says and sets the same. The field alone is sent. */
function lever(s: Slider, values: LeverValues): Markup {
  const value = values[s.key] ?? s.idle;
  return html`<div class="lever"><label for="n-${s.key}">${s.label}</label>
<input type="range" id="r-${s.key}" data-key="${s.key}" min="${s.low}" max="${s.high}" step="${s.step}" value="${value}" aria-label="${s.label}, ${s.unit}" hidden>
<span class="field"><input type="number" id="n-${s.key}" name="${s.key}" data-key="${s.key}" min="${s.low}" max="${s.high}" step="any" value="${value}"> <span class="hint">${s.unit}</span></span>
<p class="hint">${s.hint}</p></div>`;
}

function aloneTable(m: ClimateModel): Markup {
  const { base } = m.shown;
  const median = lastOf(base)[1];
  return html`<section aria-labelledby="alone"><h2 id="alone">What each lever does alone</h2><div class="scroll" tabindex="0" role="region" aria-label="Table: each lever alone"><table><caption>Warming in ${lastYear(base)}, °C above ${REFERENCE.join(' to ')}</caption><thead><tr><th scope="col">Lever</th><th scope="col" class="n">Change</th><th scope="col" class="n">Median</th><th scope="col" class="n">5 to 95 %</th></tr></thead><tbody><tr><th scope="row">None</th><td class="n">–</td>${cells(lastOf(base))}</tr>${m.alone.map(
    a => {
      const s = SLIDERS.find(x => x.key === a.key)!;
      return html`<tr><th scope="row">${s.label}<br><small>${s.key === 'coal' ? String(s.example) : `${count(s.example)} ${s.unit.replace(/;.*$/, '')}`}</small></th><td class="n">${(a.last[1] - median).toFixed(2).replace('-', '−')}</td>${cells(a.last)}</tr>`;
    },
  )}</tbody></table></div></section>`;
}

function cells([low, median, high]: readonly [number, number, number]): Markup {
  return html`<td class="n">${median.toFixed(2)}</td><td class="n">${low.toFixed(2)} to ${high.toFixed(2)}</td>`;
}

function assumptions(m: ClimateModel): Markup {
  return html`<section aria-labelledby="assumed"><h2 id="assumed">All assumptions</h2><p>${m.cite}</p><p>The elasticities below turn levers into emissions. They are assumptions to be argued about, not findings of the model; the policies’ emissions then drive every member of the ensemble.</p><details><summary>${count(documented(ELASTICITIES).length)} elasticities with their sources</summary><div class="scroll" tabindex="0" role="region" aria-label="Table: elasticities"><table class="wide"><caption>Elasticities of the scenario maker</caption><thead><tr><th scope="col">What it is</th><th scope="col" class="n">Value</th><th scope="col">Unit</th><th scope="col">Source</th></tr></thead><tbody>${documented(
    ELASTICITIES,
  ).map(
    d =>
      html`<tr><th scope="row">${d.meaning}<br><small>${d.name}</small></th><td class="n">${d.value}</td><td>${d.unit}</td><td>${d.source}</td></tr>`,
  )}</tbody></table></div></details></section>`;
}
