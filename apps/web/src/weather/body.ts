// What /weather says of a station: the next days as fans, warnings, rain, and the record. The hub draws it of its own forecast, the browser of a reader's rows.
import { drawDays } from '../charts/days.ts';
import { html, type Markup } from '../html/html.ts';
import { longDate, plural } from '../html/words.ts';
import { type ForecastRow, stationsOf, type WeatherModel } from './model.ts';
import { record } from './record.ts';
import { degrees, FANS, stationName, unitOf } from './words.ts';

const percent = (x: number) => `${(100 * x).toFixed(0)} %`;

/** `station` is one of the forecast's. */
export function weatherBody(m: WeatherModel, station: string): Markup {
  const rowsOf = (variable: string) =>
    m.forecast.forecasts
      .filter(r => r.station === station && r.variable === variable)
      .sort((a, b) => a.leadDays - b.leadDays);
  const fans = FANS.map(f => ({ ...f, rows: rowsOf(f.key) })).filter(f => f.rows.length > 0);
  return html`<h1>The next ${plural(fans[0]?.rows.length ?? 0, 'day')} at ${stationName(station)}</h1>
<p class="lead">${leadSentence(fans[0]?.rows)} Known until ${longDate(m.forecast.issued)}${m.simulated && '; simulated'}.</p>
${picker(stationsOf(m.forecast), station)}
${warnings(
  m,
  station,
  fans.some(f => f.key === 'temp_max' || f.key === 'temp_min'),
)}
${fans.map((f, i) => fan(f.name, f.rows, i, m))}
${fans.length > 0 && html`<p class="legend"><span class="key95">9 chances in 10</span> <span class="key50">1 chance in 2</span> <span class="keymedian">median</span></p>`}
${rain(rowsOf('precipitation'))}
<p><a href="/weather.csv?station=${encodeURIComponent(station)}">The forecast of this station as CSV</a></p>
${m.backtest && record(m.backtest, station, stationName(station), m.simulated)}
<p class="hint">${m.cite} ${m.note}</p>`;
}

function leadSentence(rows: readonly ForecastRow[] | undefined): string {
  const first = rows?.[0];
  if (!first) return 'This forecast has no temperature for the station.';
  const unit = unitOf(first);
  return `${longDate(first.date)}: ${degrees(first.q50)} ${unit} at the median, 9 chances in 10 between ${degrees(first.q05)} and ${degrees(first.q95)} ${unit}.`;
}

function picker(stations: readonly string[], station: string): Markup {
  return html`<form class="jump" action="/weather" method="get"><label for="station">Station</label> <select id="station" name="station">${stations.map(
    s => html`<option value="${s}"${s === station && html` selected`}>${stationName(s)}</option>`,
  )}</select> <button type="submit">Show</button></form>`;
}

/** `judged`: whether the forecast has what spells are told from. */
function warnings(m: WeatherModel, station: string, judged: boolean): Markup | false {
  const own = m.forecast.warnings.filter(w => w.station === station);
  if (own.length === 0)
    return judged && html`<p><strong>No warning:</strong> no spell of heat or cold is likely enough here.</p>`;
  return html`<section aria-labelledby="spells"><h2 id="spells">Warnings</h2><ul class="plain">${own.map(
    w =>
      html`<li><strong>${w.level}: ${w.kind === 'heat' ? 'heat' : 'cold'}</strong> from ${longDate(w.from)}, ${plural(w.days, 'day')} ${w.kind === 'heat' ? 'above' : 'below'} ${degrees(w.thresholdC)} °C: ${percent(w.chance)}</li>`,
  )}</ul></section>`;
}

function fan(name: string, rows: readonly ForecastRow[], i: number, m: WeatherModel): Markup {
  const last = rows[rows.length - 1];
  const label = `${name}, ${plural(rows.length, 'day')}. ${leadSentence(rows)} ${longDate(last.date)}: between ${degrees(last.q05)} and ${degrees(last.q95)}.`;
  return html`<section aria-labelledby="fan${i}"><h2 id="fan${i}">${name}</h2><figure>${drawDays(rows, unitOf(last), label)}${m.simulated && html`<figcaption>Simulated data.</figcaption>`}</figure>
<details><summary>${name} as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="Table: ${name}"><table><caption>${unitOf(last)}</caption><thead><tr><th scope="col">Day</th><th scope="col" class="n">Median</th><th scope="col" class="n">1 chance in 2</th><th scope="col" class="n">9 chances in 10</th></tr></thead><tbody>${rows.map(
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
