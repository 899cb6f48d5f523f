// What public figures add to a place's page: where the epidemic stands as known on the deadline (reproduction number, early warning), what came of the
// forecast, and how the season's forecasts scored beside the baseline and the ensemble.
import { drawChances, drawRt } from '../charts/season.ts';
import { html, type Markup } from '../html/html.ts';
import { count, dayNumber, longDate, plural, quantity } from '../html/words.ts';
import type { FiguresSource, Outcome, PlaceEvidence, PlaceForecasts } from '../models.ts';
import { scoreOf } from './score.ts';
import { unitOf } from './state.ts';
import { reliabilityFigure, warnedWeeks } from './warnings.ts';

const percent = (x: number) => (x < 0.005 ? 'under 1 %' : x > 0.995 ? 'over 99 %' : `${Math.round(100 * x)} %`);
const ratio = (x: number) => x.toFixed(2);

/** The part under a frame's fan: nothing in it but the outcomes rests on what came after the deadline. */
export function standing(p: PlaceForecasts, e: PlaceEvidence, shown: number): Markup {
  const fan = p.fans[shown];
  const now = e.fans[shown];
  const next = nextPoint(p, shown);
  const chance = now.chances[next];
  const past = p.fans.slice(0, shown + 1).flatMap((f, i) => ({ fan: f, evidence: e.fans[i], next: nextPoint(p, i) }));
  const rt = past.flatMap(x => (x.evidence.rt ? [x.evidence.rt] : []));
  const chances = past.flatMap(x => {
    const c = x.evidence.chances[x.next];
    const came = x.evidence.outcomes[x.next];
    const known = came?.observed !== undefined && came.date < fan.asOf;
    return c === undefined
      ? []
      : [{ date: x.fan.asOf, chance: c, ...(known ? { happened: came.observed! > x.evidence.threshold! } : {}) }];
  });
  const span = [p.fans[0].asOf, p.fans[p.fans.length - 1].asOf] as const;
  const rtText = now.rt
    ? `${now.rt.r.toFixed(2)}, with 95 chances in 100 between ${now.rt.low.toFixed(2)} and ${now.rt.high.toFixed(2)}`
    : 'cannot be told: five weeks without a gap or a zero are needed';
  return html`<div class="standing"><section aria-label="Reproduction number">
<p class="key"><b>${now.rt ? now.rt.r.toFixed(2) : '–'}</b> <span>reproduction number${now.rt ? html` in the five weeks to ${longDate(now.rt.date)}<br>95 % interval ${now.rt.low.toFixed(2)} to ${now.rt.high.toFixed(2)}; above 1 the signal grows` : html`<br>${rtText}`}</span></p>
${rt.length > 1 && drawRt(rt, span, `Reproduction number as known on each deadline so far. Now ${rtText}.`)}</section>
<section aria-label="Early warning">
<p class="key"><b>${chance === undefined ? '–' : percent(chance)}</b> <span>${
    chance === undefined
      ? 'early warning needs a year of values'
      : html`chance of an unusually high week to ${longDate(fan.points[next].date)}<br>above ${quantity(now.threshold!)}, which nine in ten of the place’s known weeks did not exceed; ${laterChances(now.chances, next)}`
  }</span></p>
${chances.length > 1 && drawChances(chances, span, `Chance of an unusually high week ahead, as said on each deadline so far. Now ${chance === undefined ? 'unknown' : percent(chance)}.`)}
${chances.length > 1 && html`<p class="legend"><span class="keyhigh">a high week came</span> <span class="keynothigh">none came</span> <span class="keyopen">not known that day</span></p>`}</section></div>
${outcomeTable(now.outcomes, e, unitOf(p))}`;
}

/** The first week that ends on the deadline or later: the one that a warning is about. */
function nextPoint(p: PlaceForecasts, i: number): number {
  const { points, asOf } = p.fans[i];
  const at = points.findIndex(x => x.date >= asOf);
  return at < 0 ? points.length - 1 : at;
}

function laterChances(chances: readonly number[], next: number): string {
  const later = chances.slice(next + 1);
  return later.length === 0
    ? 'nothing further was forecast'
    : `then ${later.map(percent).join(', ')} for the ${plural(later.length, 'week')} after`;
}

function outcomeTable(outcomes: readonly Outcome[], e: PlaceEvidence, unit: string | undefined): Markup | false {
  const came = outcomes.filter(o => o.observed !== undefined);
  if (came.length === 0) return false;
  const cell = (v: number | undefined) => html`<td class="n">${v === undefined ? '–' : quantity(v)}</td>`;
  return html`<details class="outcomes"><summary>What came of this forecast</summary><div class="scroll" tabindex="0" role="region" aria-label="Table: what came"><table><caption>Observed, and the weighted interval score (WIS), ${unit ?? 'in the unit of the place'}: smaller is better</caption><thead><tr><th scope="col">Week to</th><th scope="col" class="n">Observed</th><th scope="col">In the bands</th><th scope="col" class="n">WIS</th>${e.baselineName !== undefined && html`<th scope="col" class="n">Baseline</th>`}${e.ensembleName !== undefined && html`<th scope="col" class="n">Ensemble</th>`}</tr></thead><tbody>${came.map(
    o =>
      html`<tr><th scope="row">${longDate(o.date)}</th>${cell(o.observed)}<td>${o.inside50 ? 'both' : o.inside95 ? '95 % only' : 'neither'}</td>${cell(o.wis)}${e.baselineName !== undefined && cell(o.baseline)}${e.ensembleName !== undefined && cell(o.ensemble)}</tr>`,
  )}</tbody></table></div></details>`;
}

/** The weeks of a horizon, seen from the deadline: hubs count horizons differently, dates they do not. */
function weekWords(p: PlaceForecasts, horizon: number): string {
  const fan = p.fans.find(f => f.points.some(x => x.horizon === horizon))!;
  const ahead = Math.floor((dayNumber(fan.points.find(x => x.horizon === horizon)!.date) - dayNumber(fan.asOf)) / 7);
  if (ahead < 0) return ahead === -1 ? 'The week before the deadline' : `${-ahead} weeks before the deadline`;
  return ahead === 0 ? 'The week of the deadline' : `${plural(ahead, 'week')} later`;
}

/** The season so far at this place, by weeks ahead. */
export function seasonScore(p: PlaceForecasts, e: PlaceEvidence, source: FiguresSource | undefined): Markup | false {
  const all = e.fans.flatMap(f => f.outcomes);
  const total = scoreOf(all);
  if (!total) return false;
  const horizons = [...new Set(all.map(o => o.horizon))].sort((a, b) => a - b);
  const lines = horizons.flatMap(h => {
    const s = scoreOf(all.filter(o => o.horizon === h));
    return s ? [{ name: weekWords(p, h), s }] : [];
  });
  const unit = unitOf(p);
  const beside = total.ensemble !== undefined;
  const row = ({ name, s }: (typeof lines)[number]) =>
    html`<tr><th scope="row">${name}</th><td class="n">${count(s.n)}</td><td class="n">${quantity(s.wis)}</td><td class="n">${s.baseline === undefined ? '–' : quantity(s.baseline)}</td>${beside && html`<td class="n">${s.ensemble === undefined ? '–' : quantity(s.ensemble)}</td>`}<td class="n">${s.baseline === undefined ? '–' : ratio(s.wis / s.baseline)}</td><td class="n">${Math.round(100 * s.inside50)} %</td><td class="n">${Math.round(100 * s.inside95)} %</td></tr>`;
  return html`<section aria-labelledby="score"><h2 id="score">How good these forecasts were</h2>
${
  total.baseline !== undefined &&
  html`<p class="key"><b>${ratio(total.wis / total.baseline)}</b> <span>times the baseline’s error over ${plural(total.n, 'forecast week')}: ${total.wis < total.baseline ? 'better' : 'worse'} than the baseline${
    total.ensemble !== undefined &&
    html`<br>the ensemble of all models had ${ratio(total.ensemble / total.baseline)} on the same weeks: ${total.wis < total.ensemble ? 'these were better' : 'it was better'}`
  }</span></p>`
}
<div class="scroll" tabindex="0" role="region" aria-label="Table: scores by step"><table><caption>Mean weighted interval score${unit !== undefined && `, ${unit}`}, on the weeks that all compared models forecast; smaller is better. The last columns: weeks inside the bands, which should be 50 and 95 %</caption><thead><tr><th scope="col">Week forecast</th><th scope="col" class="n">Forecasts</th><th scope="col" class="n">These</th><th scope="col" class="n">Baseline</th>${beside && html`<th scope="col" class="n">Ensemble</th>`}<th scope="col" class="n">These to baseline</th><th scope="col" class="n">In 50 % band</th><th scope="col" class="n">In 95 % band</th></tr></thead><tbody>${lines.map(row)}${row({ name: 'All', s: total })}</tbody></table></div>
<p class="hint">${e.baselineName !== undefined && html`Baseline: ${e.baselineName}. `}${e.ensembleName !== undefined && html`Ensemble: ${e.ensembleName}. `}</p>
${reliabilityFigure(warnedWeeks(e), 'of this place')}
${source && figuresNote(source)}</section>`;
}

/** Where the public figures come from, and what they are not. */
export function figuresNote(s: FiguresSource): Markup {
  return html`<p class="hint"><strong>${s.simulated ? 'Simulated figures' : 'Public figures'}</strong>, named by the operator of this hub; they are not in the log, and no member’s node gave them. Source: ${s.cite} ${s.note}</p><details><summary>Files of these figures and their SHA-256</summary><ul class="plain">${s.files.map(f => html`<li>${f.name} <code class="break">${f.sha256}</code></li>`)}</ul></details>`;
}
