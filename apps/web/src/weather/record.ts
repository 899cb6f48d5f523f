// How good such forecasts were in a year that training never saw: at the station, over all of them beside other ways to forecast, and whether their chances could be taken at their word.
import { drawRanks } from '../charts/ranks.ts';
import { drawReliability } from '../charts/reliability.ts';
import { html, type Markup } from '../html/html.ts';
import { count, plural } from '../html/words.ts';
import type { SkillRow, WeatherBacktest } from './model.ts';
import { FANS } from './words.ts';

const percent = (x: number) => `${(100 * x).toFixed(0)} %`;

/** `station` as the files name it, `name` as people do. */
export function record(b: WeatherBacktest, station: string, name: string, simulated: boolean): Markup {
  return html`<section aria-labelledby="skill"><h2 id="skill">How good were such forecasts?</h2>
${atStation(b, station, name)}
${overall(b, simulated)}
${trust(b)}</section>`;
}

/** The station's own scores, by variable and days ahead. */
function atStation(b: WeatherBacktest, station: string, name: string): Markup | false {
  const all = (b.perStation ?? []).filter(s => s.station === station && s.n > 0);
  const variables = FANS.filter(f => all.some(s => s.variable === f.key));
  if (variables.length === 0) return false;
  const leads = [...new Set(all.map(s => s.leadDays))].sort((x, y) => x - y);
  const at = (variable: string, lead: number) => all.find(s => s.variable === variable && s.leadDays === lead);
  const first = at(variables[0].key, leads[0]);
  return html`<h3>At ${name}</h3>
${first && html`<p>${b.testYear}, a year that training never saw, ${plural(first.n, 'day')}: ${plural(leads[0], 'day')} ahead the ${variables[0].name.toLowerCase()} was wrong by ${first.rmse.toFixed(1)} °C (root mean square), and ${percent(first.coverage90)} of the days came inside the band of 9 chances in 10.</p>`}
<div class="scroll" tabindex="0" role="region" aria-label="Table: scores at ${name}"><table><caption>Federated model at ${name}. RMSE: size of the error; CRPS: error of the whole distribution; inside 90 %: should be 90. Temperatures in °C</caption><thead><tr><th scope="col">Days ahead</th>${variables.map(v => html`<th scope="col" class="n">RMSE, ${v.name.split(' ')[0].toLowerCase()}</th><th scope="col" class="n">CRPS</th><th scope="col" class="n">Inside 90 %</th>`)}</tr></thead><tbody>${leads.map(
    lead =>
      html`<tr><th scope="row">${lead}</th>${variables.map(v => {
        const s = at(v.key, lead);
        return html`<td class="n">${s ? s.rmse.toFixed(2) : '–'}</td><td class="n">${s ? s.crps.toFixed(2) : '–'}</td><td class="n">${s ? `${(100 * s.coverage90).toFixed(0)} %` : '–'}</td>`;
      })}</tr>`,
  )}</tbody></table></div>`;
}

function overall(b: WeatherBacktest, simulated: boolean): Markup | false {
  const { own, federated, pooled } = b.models;
  const variable = FANS.map(f => f.key).find(v => (federated[v] ?? []).length > 0);
  if (variable === undefined) return false;
  const at = (rows: readonly SkillRow[] | undefined, lead: number) => rows?.find(r => r.leadDays === lead);
  const ratio = (r: SkillRow | undefined) => html`<td class="n">${r ? r.toDampedPersistence.toFixed(3) : '–'}</td>`;
  const crps = (r: SkillRow | undefined) => html`<td class="n">${r ? r.crps.toFixed(2) : '–'}</td>`;
  return html`<h3>All stations together</h3>
<p>${b.testYear}, a year that training never saw, at ${plural(b.stations, 'station')}${simulated && ' (simulated)'}. The error of ${FANS.find(f => f.key === variable)!.name.toLowerCase()} beside that of damped persistence, which says “as today, fading to usual”: below 1 is better. <em>Own</em> learns from one station, <em>federated</em> from all through secure sums, <em>pooled</em> from all rows in one place, which nobody has to hand over.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Table: skill by lead"><table><caption>Mean over stations; RMSE as a ratio to damped persistence, CRPS in °C</caption><thead><tr><th scope="col">Days ahead</th><th scope="col" class="n">Own</th><th scope="col" class="n">Federated</th><th scope="col" class="n">Pooled</th><th scope="col" class="n">CRPS own</th><th scope="col" class="n">CRPS federated</th><th scope="col" class="n">Federated to climatology</th><th scope="col" class="n">Inside 90 %</th></tr></thead><tbody>${federated[
    variable
  ].map(
    f =>
      html`<tr><th scope="row">${f.leadDays}</th>${ratio(at(own[variable], f.leadDays))}${ratio(f)}${ratio(at(pooled[variable], f.leadDays))}${crps(at(own[variable], f.leadDays))}${crps(f)}<td class="n">${f.toClimatology.toFixed(3)}</td><td class="n">${(100 * f.coverage90).toFixed(1)} %</td></tr>`,
  )}</tbody></table></div>`;
}

/** Bins below which the diagram says nothing. */
const FEWEST_DAYS = 20;

/** Whether chances could be taken at their word: ranks of a temperature, and the reliability of the chance of rain, a day ahead. */
function trust(b: WeatherBacktest): Markup | false {
  const day = (b.verification ?? []).filter(v => v.leadDays === 1);
  const ranks = FANS.map(f => ({ ...f, found: day.find(v => v.variable === f.key) })).find(f => f.found);
  const rain = day.find(v => v.brier)?.brier;
  if (!ranks?.found && !rain) return false;
  return html`<h3>Could their chances be taken at their word?</h3>
${ranks?.found && rankFigure(ranks.name, ranks.found.pit)}
${rain && rainFigure(rain)}`;
}

function rankFigure(name: string, pit: readonly number[]): Markup {
  const n = pit.reduce((x, y) => x + y, 0);
  const label = `${name} a day ahead: days by tenths of the forecast in which what came fell: ${pit.map(count).join(', ')}.`;
  return html`<figure class="warned">${drawRanks(pit, label)}
<figcaption><b>${name}, a day ahead.</b> If chances are right, what comes falls into each tenth of the forecast equally often: ${count(n / pit.length)} of ${count(n)} days at all stations. Bars high at both ends would say that the bands are too narrow, high in the middle too wide. The dashed lines hold nine in ten bars by chance alone, if days and stations were independent; neighbours err together, so a little more is no fault.</figcaption></figure>`;
}

function rainFigure(brier: NonNullable<NonNullable<WeatherBacktest['verification']>[number]['brier']>): Markup | false {
  const bins = brier.bins
    .filter(x => x.count > 0)
    .map(x => ({ announced: x.forecast, observed: x.observed, n: x.count }));
  const n = bins.reduce((s, x) => s + x.n, 0);
  if (n < FEWEST_DAYS) return false;
  const label = `Reliability diagram of the chance of rain a day ahead: ${bins.map(x => `announced ${percent(x.announced)}, came true ${percent(x.observed)} of ${count(x.n)}`).join('; ')}.`;
  return html`<figure class="warned">${drawReliability(bins, brier.bins.length, label)}
<figcaption><b>Chance of rain, a day ahead.</b> Chances that can be taken at their word lie on the straight line. The bars count ${plural(n, 'day')} at all stations. Brier score ${brier.score.toFixed(3)}; 0 is best.
<details><summary>The same as a table</summary><table><caption>Chance of rain</caption><thead><tr><th scope="col" class="n">Announced, mean</th><th scope="col" class="n">Came true</th><th scope="col" class="n">Days</th></tr></thead><tbody>${bins.map(x => html`<tr><td class="n">${percent(x.announced)}</td><td class="n">${percent(x.observed)}</td><td class="n">${count(x.n)}</td></tr>`)}</tbody></table></details></figcaption></figure>`;
}
