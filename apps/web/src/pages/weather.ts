// /weather?station=NAME : the next ten days at a station as fans, spells to be warned of, and how good such forecasts were in a year not seen in training.
import { drawDays } from '../charts/days.ts';
import { html, type Markup } from '../html/html.ts';
import { document } from '../html/layout.ts';
import { longDate, plural } from '../html/words.ts';
import type { Site } from '../models.ts';
import {
  type ForecastRow,
  type SkillRow,
  stationsOf,
  type WeatherBacktest,
  type WeatherModel,
} from '../weather/model.ts';

/** What is drawn as a fan, the key picture first. */
const TEMPERATURES = [
  ['temp_mean', 'Mean temperature of the day'],
  ['temp_max', 'Highest temperature of the day'],
  ['temp_min', 'Lowest temperature of the day'],
] as const;

const degrees = (x: number) => x.toFixed(1).replace('-', '−');
const percent = (x: number) => `${(100 * x).toFixed(0)} %`;
const stationName = (s: string) =>
  s
    .toLowerCase()
    .replaceAll('_', ' ')
    .replace(/\b\p{L}/gu, c => c.toUpperCase());

/** Undefined for a station that the forecast does not have. */
export function drawWeather(site: Site, m: WeatherModel, asked?: string): string | undefined {
  const stations = stationsOf(m.forecast);
  const station = asked ?? stations[0];
  if (station === undefined || !stations.includes(station)) return undefined;
  const rowsOf = (variable: string) =>
    m.forecast.forecasts
      .filter(r => r.station === station && r.variable === variable)
      .sort((a, b) => a.leadDays - b.leadDays);
  const fans = TEMPERATURES.map(([key, name]) => ({ name, rows: rowsOf(key) })).filter(f => f.rows.length > 0);
  return document(site, {
    title: `Weather: ${stationName(station)}`,
    section: '/weather',
    apart: true,
    twins: [
      ['/weather.csv', 'CSV'],
      ...(m.backtest ? ([['/weather/skill.csv', 'scores as CSV']] as const) : []),
      ['/weather.json', 'JSON'],
    ],
    notice:
      m.simulated &&
      html`<aside class="notice" aria-label="Simulated weather"><div class="wrap"><p><strong>Simulated weather.</strong> These stations do not exist; no figure here describes the world.</p></div></aside>`,
    body: html`<h1>The next ${plural(fans[0]?.rows.length ?? 0, 'day')} at ${stationName(station)}</h1>
<p class="lead">${leadSentence(fans[0]?.rows)} Known until ${longDate(m.forecast.issued)}${m.simulated && '; simulated'}.</p>
${picker(stations, station)}
${warnings(m, station)}
${fans.map((f, i) => fan(f.name, f.rows, i, m))}
${fans.length > 0 && html`<p class="legend"><span class="key95">9 chances in 10</span> <span class="key50">1 chance in 2</span> <span class="keymedian">median</span></p>`}
${rain(rowsOf('precipitation'))}
${m.backtest && skill(m.backtest, m.simulated)}
<p class="hint">${m.cite} ${m.note}</p>`,
  });
}

function leadSentence(rows: readonly ForecastRow[] | undefined): string {
  const first = rows?.[0];
  if (!first) return 'This forecast has no temperature for the station.';
  return `${longDate(first.date)}: ${degrees(first.q50)} °C on average, 9 chances in 10 between ${degrees(first.q05)} and ${degrees(first.q95)} °C.`;
}

function picker(stations: readonly string[], station: string): Markup {
  return html`<form class="jump" action="/weather" method="get"><label for="station">Station</label> <select id="station" name="station">${stations.map(
    s => html`<option value="${s}"${s === station && html` selected`}>${stationName(s)}</option>`,
  )}</select> <button type="submit">Show</button></form>`;
}

function warnings(m: WeatherModel, station: string): Markup | false {
  const own = m.forecast.warnings.filter(w => w.station === station);
  return (
    own.length > 0 &&
    html`<section aria-labelledby="spells"><h2 id="spells">Warnings</h2><ul class="plain">${own.map(
      w =>
        html`<li><strong>${w.level}: ${w.kind === 'heat' ? 'heat' : 'cold'}</strong> from ${longDate(w.from)}, ${plural(w.days, 'day')} ${w.kind === 'heat' ? 'above' : 'below'} ${degrees(w.thresholdC)} °C: ${percent(w.chance)}</li>`,
    )}</ul></section>`
  );
}

function fan(name: string, rows: readonly ForecastRow[], i: number, m: WeatherModel): Markup {
  const last = rows[rows.length - 1];
  const label = `${name}, ${plural(rows.length, 'day')}. ${leadSentence(rows)} ${longDate(last.date)}: between ${degrees(last.q05)} and ${degrees(last.q95)}.`;
  return html`<section aria-labelledby="fan${i}"><h2 id="fan${i}">${name}</h2><figure>${drawDays(rows, '°C', label)}${m.simulated && html`<figcaption>Simulated data.</figcaption>`}</figure>
<details><summary>${name} as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="Table: ${name}"><table><caption>°C</caption><thead><tr><th scope="col">Day</th><th scope="col" class="n">Median</th><th scope="col" class="n">1 chance in 2</th><th scope="col" class="n">9 chances in 10</th></tr></thead><tbody>${rows.map(
    r =>
      html`<tr><th scope="row">${longDate(r.date)}</th><td class="n">${degrees(r.q50)}</td><td class="n">${degrees(r.q25)} to ${degrees(r.q75)}</td><td class="n">${degrees(r.q05)} to ${degrees(r.q95)}</td></tr>`,
  )}</tbody></table></div></details></section>`;
}

/** Amounts in millimetres, as rain is spoken of; files say centimetres. */
function rain(rows: readonly ForecastRow[]): Markup | false {
  const [unit, factor] = rows[0]?.unit === 'cm' ? ['mm', 10] : [rows[0]?.unit, 1];
  return (
    rows.length > 0 &&
    html`<section aria-labelledby="rain"><h2 id="rain">Rain</h2><div class="scroll" tabindex="0" role="region" aria-label="Table: rain"><table><caption>Chance of any, and the amount in a day, ${unit}: the median, and what 95 days in 100 stay below</caption><thead><tr><th scope="col">Day</th><th scope="col" class="n">Chance</th><th scope="col" class="n">Median</th><th scope="col" class="n">95 in 100</th></tr></thead><tbody>${rows.map(
      r =>
        html`<tr><th scope="row">${longDate(r.date)}</th><td class="n">${r.chanceWet === undefined ? '–' : percent(r.chanceWet)}</td><td class="n">${(factor * r.q50).toFixed(1)}</td><td class="n">${(factor * r.q95).toFixed(1)}</td></tr>`,
    )}</tbody></table></div></section>`
  );
}

function skill(b: WeatherBacktest, simulated: boolean): Markup | false {
  const { own, federated, pooled } = b.models;
  const variable = TEMPERATURES.map(t => t[0]).find(v => (federated[v] ?? []).length > 0);
  if (variable === undefined) return false;
  const at = (rows: readonly SkillRow[] | undefined, lead: number) => rows?.find(r => r.leadDays === lead);
  const ratio = (r: SkillRow | undefined) => html`<td class="n">${r ? r.toDampedPersistence.toFixed(3) : '–'}</td>`;
  const crps = (r: SkillRow | undefined) => html`<td class="n">${r ? r.crps.toFixed(2) : '–'}</td>`;
  return html`<section aria-labelledby="skill"><h2 id="skill">How good were such forecasts?</h2>
<p>${b.testYear}, a year that training never saw, at ${plural(b.stations, 'station')}${simulated && ' (simulated)'}. The error of ${TEMPERATURES.find(t => t[0] === variable)![1].toLowerCase()} beside that of damped persistence, which says “as today, fading to usual”: below 1 is better. <em>Own</em> learns from one station, <em>federated</em> from all through secure sums, <em>pooled</em> from all rows in one place, which nobody has to hand over.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Table: skill by lead"><table><caption>Mean over stations; RMSE as a ratio to damped persistence, CRPS in °C</caption><thead><tr><th scope="col">Days ahead</th><th scope="col" class="n">Own</th><th scope="col" class="n">Federated</th><th scope="col" class="n">Pooled</th><th scope="col" class="n">CRPS own</th><th scope="col" class="n">CRPS federated</th><th scope="col" class="n">Federated to climatology</th><th scope="col" class="n">Inside 90 %</th></tr></thead><tbody>${federated[
    variable
  ].map(
    f =>
      html`<tr><th scope="row">${f.leadDays}</th>${ratio(at(own[variable], f.leadDays))}${ratio(f)}${ratio(at(pooled[variable], f.leadDays))}${crps(at(own[variable], f.leadDays))}${crps(f)}<td class="n">${f.toClimatology.toFixed(3)}</td><td class="n">${(100 * f.coverage90).toFixed(1)} %</td></tr>`,
  )}</tbody></table></div></section>`;
}
