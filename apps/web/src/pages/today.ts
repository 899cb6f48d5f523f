// / : what is true this week, in a sentence; the forecast of every place; what was asked and who answered; members, log and the Verify button.
import { drawFan, drawSmallFan } from '../charts/fan.ts';
import { drawTileMap } from '../charts/tile-map.ts';
import { WAYS, wayOfFan } from '../charts/way.ts';
import { figuresNote } from '../forecast/evidence.ts';
import { reliabilityFigure } from '../forecast/warnings.ts';
import { html, type Markup } from '../html/html.ts';
import { document, facts } from '../html/layout.ts';
import { entryList } from '../html/sentence.ts';
import { capital, count, longDate, placeName, plural, quantity, targetName } from '../html/words.ts';
import type { OverallScore, PlaceForecasts, Site, StudyModel, TodayModel } from '../models.ts';
import { memberTable } from './members.ts';
import { aggregatorWords, answered, budgets, contributorsOf, noiseWords } from './study-parts.ts';
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

/** The one sentence, by how far things have come. */
function headline(m: TodayModel): Markup {
  const first = m.targets[0];
  const active = m.members.filter(x => !x.left).length;
  if (!first) {
    const study = m.study;
    return html`<h1>${
      study === undefined
        ? active === 0
          ? 'This hub has not been founded yet.'
          : `${plural(active, 'member')}, and no question has been asked yet.`
        : study.stage === 'failed'
          ? 'The first study ended without a result.'
          : `${plural(active, 'member')} are at work on one question; no forecast is out yet.`
    }</h1>${study && html`<p class="lead">“${study.title}”. ${answered(study)}</p>`}`;
  }
  const newest = newestDate(first.places);
  const current = first.places.filter(p => p.fans.at(-1)?.asOf === newest);
  const verbs = current.map(p => WAYS[wayOfFan(p.fans[p.fans.length - 1])].verb);
  const times = (verb: string) => verbs.filter(v => v === verb).length;
  const verb = ['rise', 'fall', 'stay level'].reduce((a, b) => (times(b) > times(a) ? b : a));
  const contributors = m.study ? contributorsOf(m.study).length : 0;
  return html`<h1>${capital(targetName(first.target))} is expected to ${verb} in ${count(times(verb))} of ${plural(current.length, 'place')}.</h1>
<p class="lead">So say the forecasts of ${longDate(newest)} for the weeks to ${longDate(lastWeek(current))}${
    contributors > 0 &&
    html`, made by ${plural(contributors, 'organisation')} that pooled what their data have in common and handed none of it over`
  }. <a href="/verify#proves">How anyone can check this</a>.</p>
<p class="key"><b>${count(first.places.length)}</b> <span>${first.places.length === 1 ? 'place' : 'places'} with a published forecast<br>newest of ${longDate(newest)}${current.length < first.places.length && html`, ${count(first.places.length - current.length)} older`}</span></p>`;
}

/** Forecasts of the key picture. */
const RECENT = 9;

/** The key picture: the reader's own country where it is among the places, else the one whose forecast is surest of a change. */
function featured(places: readonly PlaceForecasts[], regions: readonly string[]): Markup {
  const newest = newestDate(places);
  const current = places.filter(p => p.fans.at(-1)?.asOf === newest);
  const own = regions.map(r => places.find(p => p.place.toUpperCase() === r)).find(p => p !== undefined);
  // Change against the width of the band: a fan that says something comes before one that says it does not know.
  const size = (p: PlaceForecasts) => {
    const end = p.fans[p.fans.length - 1].points.at(-1)!;
    return Math.abs(change(p)) / (end.high95 - end.low95 || Number.POSITIVE_INFINITY);
  };
  const p = own ?? current.reduce((a, b) => (size(b) > size(a) ? b : a));
  const fan = p.fans[p.fans.length - 1];
  const end = fan.points[fan.points.length - 1];
  const label = `Fan chart of ${placeName(p.place)}: median ${quantity(end.median)} in the week to ${longDate(end.date)}, 95 chances in 100 between ${quantity(end.low95)} and ${quantity(end.high95)}.`;
  return html`<figure>${drawFan({ label, fans: p.fans.slice(-RECENT), shown: Math.min(p.fans.length, RECENT) - 1, column: true, ...(p.evidence ? { series: seriesOf(p) } : {}) })}<figcaption><a href="/forecasts/${p.target}/${p.place}">${placeName(p.place)}</a>, ${
    own ? 'the place your browser’s language names' : 'where the forecast is surest of a change'
  }: the newest forecast over the ones before it${p.data === 'simulated' && '; simulated data'}.${p.evidence && ' The dark line was known that day; the dots came later.'} The same as a table is on its page.</figcaption></figure>`;
}

/** The public series as known on the newest forecast's day. */
function seriesOf(p: PlaceForecasts) {
  const e = p.evidence!;
  return { known: e.fans[p.fans.length - 1]?.known ?? [], newest: e.observed };
}

/** How the forecasts of all places have done so far. */
function scoreSection(s: OverallScore, m: TodayModel): Markup {
  const two = (x: number) => x.toFixed(2);
  return html`<section aria-labelledby="score"><h2 id="score">How good the forecasts have been</h2>
<div class="keys"><p class="key"><b>${Math.round(100 * s.inside95)} of 100</b> <span>weeks fell inside the 95 % band, ${Math.round(100 * s.inside50)} inside the 50 % band<br>${plural(s.scored, 'forecast week')} at ${plural(s.places, 'place')}</span></p>
${
  s.toBaseline !== undefined &&
  html`<p class="key"><b>${two(s.toBaseline)}</b> <span>of the baseline’s score, every place weighing the same; better than it at ${count(s.better ?? 0)} of ${plural(s.places, 'place')}${
    s.ensembleToBaseline !== undefined &&
    html`<br>the ensemble of all models had ${two(s.ensembleToBaseline)} on the same weeks`
  }</span></p>`
}</div>
${m.warned && reliabilityFigure(m.warned, 'of all places')}
${m.figures && figuresNote(m.figures)}</section>`;
}

function newestDate(places: readonly PlaceForecasts[]): string {
  return latest(places.map(p => p.fans[p.fans.length - 1].asOf));
}

function lastWeek(places: readonly PlaceForecasts[]): string {
  return latest(places.map(p => p.fans[p.fans.length - 1].points.at(-1)!.date));
}

/** The latest of ISO dates; they sort as text. */
function latest(dates: readonly string[]): string {
  return [...dates].sort().at(-1) ?? '';
}

/** Last median less first: the direction over the forecast weeks. */
function change(p: PlaceForecasts): number {
  const { points } = p.fans[p.fans.length - 1];
  return points[points.length - 1].median - points[0].median;
}

/** Which way it goes, where: the places with a forecast of the newest day. */
function map(places: readonly PlaceForecasts[]): Markup | false {
  const newest = newestDate(places);
  const tiles = places.flatMap(p => {
    const fan = p.fans[p.fans.length - 1];
    return fan.asOf === newest
      ? [{ place: p.place, way: wayOfFan(fan), warned: isWarned(p), address: `/forecasts/${p.target}/${p.place}` }]
      : [];
  });
  const drawn = drawTileMap(tiles);
  if (!drawn) return false;
  return html`<figure class="map">${drawn.picture}<figcaption>Over the weeks of the newest forecast: ⇈ up by a third or more, ↑ up, → level, ↓ down, ⇊ down by a quarter or more.${tiles.some(t => t.warned) && ' A ring: an unusually high week is more likely than not.'} Every place has a tile of the same size${!drawn.geographic && ', in the order of their codes'}.</figcaption></figure>`;
}

/** Whether any week of the newest forecast is more likely than not unusually high. */
function isWarned(p: PlaceForecasts): boolean {
  return p.evidence?.fans[p.fans.length - 1].chances.some(c => c > 0.5) ?? false;
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
<p class="hint">Weekly figures, in the unit that each member reports; places differ in definition, so each has its own scale from zero. The members’ own series never left them${observed ? ': what is drawn as observed is public' : '; only forecasts are shown'}.</p>
${form}<ul class="cards">${sorted.map(p => card(p, newest))}</ul></section>`;
}

function card(p: PlaceForecasts, newest: string): Markup {
  const fan = p.fans[p.fans.length - 1];
  const end = fan.points[fan.points.length - 1];
  const { word, arrow } = WAYS[wayOfFan(fan)];
  return html`<li class="card"><h3><a href="/forecasts/${p.target}/${p.place}">${placeName(p.place)}</a></h3>${drawSmallFan(p.fans, p.evidence ? seriesOf(p).known : [])}<p><span class="way" aria-hidden="true">${arrow}</span> ${word === 'level' ? 'level at' : `${word} to`} <b>${quantity(end.median)}</b> <span class="hint">${quantity(end.low95)}–${quantity(end.high95)}</span></p>${
    fan.asOf !== newest && html`<p class="hint stale">of ${longDate(fan.asOf)}</p>`
  }</li>`;
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
