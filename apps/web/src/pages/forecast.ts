// /forecasts/<target>/<place>[?as-of=DATE]: the fan of one deadline over what was said before, a replay of the season, the same as table, CSV and JSON.
import { drawFan, fanTable } from '../charts/fan.ts';
import { WAYS, wayOfFan } from '../charts/way.ts';
import { figuresNote, seasonScore, standing } from '../forecast/evidence.ts';
import { isLow, silentSince, unitOf } from '../forecast/state.ts';
import { html, type Markup } from '../html/html.ts';
import { document } from '../html/layout.ts';
import { capital, count, longDate, placeName, plural, quantity, targetName } from '../html/words.ts';
import type { Fan, FiguresSource, PlaceForecasts, Site } from '../models.ts';
import { itemPanel } from './verify.ts';

/** A table of so many forecasts is open when the page is. */
const OPEN_ROWS = 6;

/** What a place's page needs beside its forecasts. */
export interface Around {
  readonly names: (org: string) => string;
  /** Organisations whose contributions are in the result that a forecast is made from; undefined when that is not known. */
  readonly contributors: (fan: Fan) => readonly string[] | undefined;
  readonly figures?: FiguresSource;
}

/** `shown`: index into the place's fans. */
export function drawForecast(site: Site, p: PlaceForecasts, shown: number, around: Around): string {
  const place = placeName(p.place);
  const base = `/forecasts/${p.target}/${p.place}`;
  const { names } = around;
  const e = p.evidence;
  return document(site, {
    title: `${place}: ${targetName(p.target)}`,
    section: '/',
    twins: [
      [`${base}.csv`, 'CSV (hubverse)'],
      [`${base}.json`, 'JSON'],
      ...(e
        ? ([
            [`${base}/observed.csv`, 'public figures with their revisions, CSV'],
            [`${base}/scores.csv`, 'scores, reproduction numbers and warnings, CSV'],
          ] as const)
        : []),
    ],
    body: html`<p class="crumb"><a href="/">All places</a></p>
<div class="replay" data-base="${base}" data-frames="${p.fans.length}">
${replayControls(p, shown, base)}
<div data-part="frame">${forecastFrame(p, shown, around)}</div>
</div>
<p class="hint">The member that holds the series of ${place} made these forecasts at its own node from what all contributors pooled. ${
      e
        ? 'Its own series never left it: what is drawn as observed is the public figure.'
        : 'The series itself never left it, and this hub has no public figures of the place: so earlier forecasts are drawn, and no observed line, score or warning.'
    }</p>
${e && seasonScore(p, e, around.figures)}
${e && around.figures && !e.fans.some(f => f.outcomes.some(o => o.observed !== undefined)) && figuresNote(around.figures)}
${itemPanel(site, p.fans[shown].entry, 'the forecast shown above')}
<details${p.fans.length <= OPEN_ROWS && html` open`}><summary>${p.fans.length === 1 ? 'The one forecast' : `All ${plural(p.fans.length, 'forecast')}`} of this place</summary><div class="scroll" tabindex="0" role="region" aria-label="Table: All forecasts"><table><caption>One row for each deadline</caption><thead><tr><th scope="col">As known on</th><th scope="col">Signed by</th><th scope="col">Log</th><th scope="col">Last week forecast</th><th scope="col" class="n">Median</th><th scope="col" class="n">95 % band</th></tr></thead><tbody>${[
      ...p.fans,
    ]
      .reverse()
      .map(f => fanRow(f, base, names))}</tbody></table></div></details>`,
  });
}

/** The part that changes from deadline to deadline; the replay fetches it alone. */
export function forecastFrame(p: PlaceForecasts, shown: number, { names, contributors }: Around): Markup {
  const fan = p.fans[shown];
  const place = placeName(p.place);
  const first = fan.points[0];
  const last = fan.points[fan.points.length - 1];
  const { verb } = WAYS[wayOfFan(fan)];
  const e = p.evidence;
  const now = e?.fans[shown];
  const gave = contributors(fan);
  const unit = unitOf(p);
  const low = isLow(fan, now?.known);
  const silent = silentSince(fan, now?.known);
  const title = `${place}: ${targetName(p.target)} is expected to ${verb}${low ? ', at a low level' : ''}`;
  const text = `Median ${quantity(first.median)}${unit !== undefined ? ` ${unit}` : ''} in the week to ${longDate(first.date)} and ${quantity(last.median)} in the week to ${longDate(last.date)}, with 95 chances in 100 between ${quantity(last.low95)} and ${quantity(last.high95)}.`;
  return html`<h1>${title}</h1>
<p class="lead" data-entry="${fan.entry}">${text} As known on ${longDate(fan.asOf)}, signed by <a href="/members/${fan.org}">${names(fan.org)}</a> in <a href="/log/${fan.entry}">entry ${fan.entry}</a>; <a href="#verify-title">check it yourself</a>.</p>
${silent !== undefined && html`<p class="caution"><strong>No figure since the week to ${longDate(silent)}.</strong> The weeks between it and this forecast were missing that day, so it says less than its line may suggest.</p>`}
<figure>${drawFan({
    label: `Fan chart. ${capital(text)} ${shown > 0 ? `${plural(shown, 'earlier forecast')} drawn as thin lines.` : ''}${e ? ' The public series is drawn as known that day, and as dots what came.' : ''}`,
    fans: p.fans,
    shown,
    ...(e && now ? { series: { known: now.known, newest: e.observed } } : {}),
    ...(unit === undefined ? {} : { unit }),
  })}
<figcaption>Weekly ${targetName(p.target)} in ${place}, ${unit ?? 'in the unit that the member reports'}${p.data === 'simulated' && '; simulated data'}.${low && ' At a low level: half of the weeks known so far were higher than any week of this forecast is expected to be.'}</figcaption></figure>
<p class="legend">${e && html`<span class="keyknown">known that day</span> <span class="keycame">came later</span> `}<span class="key95">95 % band</span> <span class="key50">50 % band</span> <span class="keymedian">median</span>${shown > 0 && html` <span class="keyearlier">medians of earlier forecasts</span>`} <span class="keyasof">day of the forecast</span></p>
${e && standing(p, e, shown)}
${gave && gave.length > 0 && html`<p class="gave"><b>Contributed to it:</b> ${gave.map((org, i) => html`${i > 0 && ', '}<a href="/members/${org}">${names(org)}</a>`)}${fan.round !== undefined && html`, in round ${fan.round} of the study`}.</p>`}
<details><summary>This forecast as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="Table: This forecast">${fanTable(fan, `Forecast of ${longDate(fan.asOf)}${unit === undefined ? '' : `, ${unit}`}`)}</div></details>`;
}

/** A slider with buttons beside it, or plain links where there is no script. */
function replayControls(p: PlaceForecasts, shown: number, base: string): Markup | false {
  if (p.fans.length < 2) return false;
  const at = (i: number) => `${base}?as-of=${p.fans[i].asOf}`;
  return html`<div class="controls" role="group" aria-label="Replay the season">
${shown > 0 ? html`<a class="button" rel="prev" data-act="back" href="${at(shown - 1)}">Earlier</a>` : html`<a class="button" data-act="back" aria-disabled="true">Earlier</a>`}
<label class="range" hidden><span class="sr">Deadline</span><input type="range" min="0" max="${p.fans.length - 1}" value="${shown}" step="1" data-dates="${p.fans.map(f => f.asOf).join(' ')}" aria-valuetext="${longDate(p.fans[shown].asOf)}"></label>
${shown + 1 < p.fans.length ? html`<a class="button" rel="next" data-act="on" href="${at(shown + 1)}">Later</a>` : html`<a class="button" data-act="on" aria-disabled="true">Later</a>`}
<output data-part="deadline">${longDate(p.fans[shown].asOf)}, ${count(shown + 1)} of ${count(p.fans.length)}</output>
<button type="button" data-act="play" hidden>Play</button></div>`;
}

function fanRow(f: Fan, base: string, names: (org: string) => string): Markup {
  const last = f.points[f.points.length - 1];
  return html`<tr><th scope="row"><a href="${base}?as-of=${f.asOf}">${longDate(f.asOf)}</a></th><td><a href="/members/${f.org}">${names(f.org)}</a></td><td><a href="/log/${f.entry}">entry ${f.entry}</a></td><td>${longDate(last.date)}</td><td class="n">${quantity(last.median)}</td><td class="n">${quantity(last.low95)} to ${quantity(last.high95)}</td></tr>`;
}
