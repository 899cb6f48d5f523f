// / : what is true this week, in a sentence; the forecast of every place; what was asked and who answered; members, log and the Verify button.
import { drawSmallFan } from '../charts/fan.ts';
import { WAYS, wayOfFan } from '../charts/way.ts';
import { figuresNote } from '../forecast/evidence.ts';
import { silentSince, unitOf } from '../forecast/state.ts';
import { reliabilityFigure } from '../forecast/warnings.ts';
import { html, type Markup } from '../html/html.ts';
import { document, facts } from '../html/layout.ts';
import { entryList } from '../html/sentence.ts';
import { capital, count, longDate, placeName, plural, quantity, shortDate, targetName } from '../html/words.ts';
import type { OverallScore, PlaceForecasts, Site, StudyModel, TodayModel } from '../models.ts';
import { memberTable } from './members.ts';
import { aggregatorWords, answered, budgets, noiseWords } from './study-parts.ts';
import { featured, headline, map, newestDate, seriesOf } from './today-hero.ts';
import { verifyPanel } from './verify.ts';

export function drawToday(site: Site, m: TodayModel): string {
  return document(site, {
    title: 'Today',
    section: '/',
    twins: m.targets.length > 0 ? [['/forecasts.csv', 'newest forecasts as CSV (hubverse)']] : [],
    body: html`<div class="hero"><div>${headline(m)}${m.targets.length > 0 && featured(m.targets[0].places, m.regions)}</div><div>${verifyPanel(site)}${m.targets.length > 0 && map(m.targets[0].places)}</div></div>
${m.score && scoreSection(m.score, m)}
${m.targets.map((t, i) => targetSection(t.target, t.places, i === 0 && m.days.length > 1 && dayForm(m)))}
${m.unreadable > 0 && html`<p class="hint">${plural(m.unreadable, 'forecast file')} named in the log ${m.unreadable === 1 ? 'is' : 'are'} missing here or cannot be read; nothing is drawn in ${m.unreadable === 1 ? 'its' : 'their'} place.</p>`}
<div class="columns">${m.study && studySection(m.study)}${logSection(site, m)}</div>
<section aria-labelledby="members-title"><h2 id="members-title">The members</h2>${memberTable(m.members)}</section>`,
  });
}

/** How the forecasts of all places have done so far. */
function scoreSection(s: OverallScore, m: TodayModel): Markup {
  const two = (x: number) => x.toFixed(2);
  return html`<section aria-labelledby="score"><h2 id="score">How good the forecasts have been</h2>
${
  s.toBaseline !== undefined &&
  html`<p class="key"><b>${two(s.toBaseline)}</b> <span>times the baseline’s error (mean weighted interval score, every place weighing the same; below 1 is better); better than it at ${count(s.better ?? 0)} of ${plural(s.places, 'place')}${
    s.ensembleToBaseline !== undefined &&
    html`<br>the ensemble of all models had ${two(s.ensembleToBaseline)} on the same weeks`
  }</span></p>`
}
<p>Of ${plural(s.scored, 'forecast week')}, ${Math.round(100 * s.inside95)} in 100 fell inside the 95 % band and ${Math.round(100 * s.inside50)} in 100 inside the 50 % band.</p>
${m.warned && reliabilityFigure(m.warned, 'of all places')}
${m.figures && figuresNote(m.figures)}</section>`;
}

/** Any earlier day of forecasts as a page of its own, with a field that needs no script. */
function dayForm(m: TodayModel): Markup {
  return html`<form class="jump" action="/" method="get"><label for="as-of">Forecasts as of</label> <select id="as-of" name="as-of">${[
    ...m.days,
  ]
    .reverse()
    .map(
      d => html`<option value="${d}"${d === m.day && html` selected`}>${longDate(d)}</option>`,
    )}</select> <button type="submit" class="quiet">Show</button></form>`;
}

function targetSection(target: string, places: readonly PlaceForecasts[], form: Markup | false): Markup {
  const newest = newestDate(places);
  const observed = places.some(p => p.evidence);
  const sorted = [...places].sort((a, b) => (placeName(a.place) < placeName(b.place) ? -1 : 1));
  return html`<section aria-labelledby="t-${target}"><h2 id="t-${target}">${capital(targetName(target))}, place by place</h2>
<p class="legend"><span class="key95">95 % band</span> <span class="key50">50 % band</span> <span class="keymedian">median</span> ${observed ? html`<span class="keyknown">observed, as known that day</span>` : html`<span class="keytrail">what earlier forecasts said of the week ahead</span>`}</p>
<p class="hint">Weekly figures, ${commonUnit(places)}; places differ in definition, so each has its own scale from zero. The members’ own series never left them${observed ? ': what is drawn as observed is public' : '; only forecasts are shown'}.</p>
${form}<ul class="cards">${sorted.map(p => card(p, newest))}</ul></section>`;
}

function card(p: PlaceForecasts, newest: string): Markup {
  const fan = p.fans[p.fans.length - 1];
  const end = fan.points[fan.points.length - 1];
  const { word, arrow } = WAYS[wayOfFan(fan)];
  const silent = silentSince(fan, p.evidence?.fans[p.fans.length - 1].known);
  return html`<li class="card"><h3><a href="/forecasts/${p.target}/${p.place}">${placeName(p.place)}</a></h3>${drawSmallFan(p.fans, p.evidence ? seriesOf(p).known : [])}<p><span class="way" aria-hidden="true">${arrow}</span> ${word === 'level' ? 'level at' : `${word} to`} <b>${quantity(end.median)}</b></p><p class="hint">95 % band ${quantity(end.low95)}\u2060–\u2060${quantity(end.high95)}</p>${
    fan.asOf !== newest && html`<p class="hint">of ${longDate(fan.asOf)}</p>`
  }${silent !== undefined && html`<p class="hint">no figure since ${shortDate(silent)}</p>`}</li>`;
}

/** The unit where all places of a target have the same. */
function commonUnit(places: readonly PlaceForecasts[]): string {
  const units = new Set(places.map(unitOf));
  const [unit] = units;
  return units.size === 1 && unit !== undefined ? unit : 'in the unit that each member reports';
}

function studySection(s: StudyModel): Markup {
  return html`<section aria-labelledby="asked"><h2 id="asked">What was asked, who answered</h2>
<p class="question"><a href="/studies/${s.id}">${s.title}</a></p><p>${answered(s)}</p>
${facts([
  ['Asked by', html`<a href="/members/${s.proposer}">${s.proposerName}</a>`],
  ['What left a member', html`${plural(s.numbers, 'number')} a round, split into shares that say nothing alone`],
  ['Added up by', aggregatorWords(s)],
  ['Noise', noiseWords(s)],
  ['Budget', budgets(s.ledgers)],
])}</section>`;
}

function logSection(site: Site, m: TodayModel): Markup {
  const { log } = site;
  const { good, listed, needed } = log.witnesses;
  return html`<section aria-labelledby="log-title"><h2 id="log-title">What the hub did last</h2>
${facts([
  [
    'Log',
    html`${plural(log.size, 'statement')}, ${log.finalSize === log.size ? 'all final' : html`${count(log.finalSize)} of them final`}`,
  ],
  ['Witnesses', html`${count(good.length)} of ${count(listed.length)} cosigned; ${count(needed)} are needed`],
])}
${entryList(m.recent)}<p><a href="/log">The whole log</a></p></section>`;
}
