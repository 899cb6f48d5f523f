// The top of the first page: the one sentence of the week, the number that says how far to trust it, the key picture, and the map.
import { drawFan } from '../charts/fan.ts';
import { drawTileMap, type Tile } from '../charts/tile-map.ts';
import { WAYS, wayOfFan } from '../charts/way.ts';
import { unitOf } from '../forecast/state.ts';
import { html, type Markup } from '../html/html.ts';
import { capital, count, longDate, placeName, plural, quantity, targetName } from '../html/words.ts';
import type { OverallScore, PlaceForecasts, TodayModel } from '../models.ts';
import { answered, contributorsOf } from './study-parts.ts';

/** The one sentence, by how far things have come. */
export function headline(m: TodayModel): Markup {
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
${m.score ? heldKey(m.score) : placesKey(first.places.length, current.length, newest)}`;
}

/** The number that says how far to trust what stands above. */
function heldKey(s: OverallScore): Markup {
  return html`<p class="key"><b>${Math.round(100 * s.inside95)} of 100</b> <span>weeks that were forecast so far came out inside the band that should hold 95 of 100<br>${plural(s.scored, 'forecast week')} at ${plural(s.places, 'place')}; <a href="#score">how good the forecasts have been</a></span></p>`;
}

function placesKey(all: number, current: number, newest: string): Markup {
  return html`<p class="key"><b>${count(all)}</b> <span>${all === 1 ? 'place' : 'places'} with a published forecast<br>newest of ${longDate(newest)}${current < all && `, ${count(all - current)} older`}</span></p>`;
}

/** Forecasts of the key picture. */
const RECENT = 9;

/** The key picture: the reader's own country where it is among the places, else the one whose forecast is surest of a change. */
export function featured(places: readonly PlaceForecasts[], regions: readonly string[]): Markup {
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
  const unit = unitOf(p);
  const label = `Fan chart of ${placeName(p.place)}: median ${quantity(end.median)} in the week to ${longDate(end.date)}, 95 chances in 100 between ${quantity(end.low95)} and ${quantity(end.high95)}.`;
  return html`<figure>${drawFan({
    label,
    fans: p.fans.slice(-RECENT),
    shown: Math.min(p.fans.length, RECENT) - 1,
    column: true,
    ...(p.evidence ? { series: seriesOf(p) } : {}),
    ...(unit === undefined ? {} : { unit }),
  })}<figcaption><a href="/forecasts/${p.target}/${p.place}">${placeName(p.place)}</a>, ${
    own ? 'the place your browser’s language names' : 'where the forecast is surest of a change'
  }: the newest forecast over the ones before it${p.data === 'simulated' && '; simulated data'}.${p.evidence && ' The dark line was known that day; the dots came later.'} The same as a table is on its page.</figcaption></figure>`;
}

/** The public series as known on the newest forecast's day. */
export function seriesOf(p: PlaceForecasts) {
  const e = p.evidence!;
  return { known: e.fans[p.fans.length - 1]?.known ?? [], newest: e.observed };
}

export function newestDate(places: readonly PlaceForecasts[]): string {
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

/** Which way it goes, where; a place without a forecast of the newest day says so. */
export function map(places: readonly PlaceForecasts[]): Markup | false {
  const newest = newestDate(places);
  const tiles = places.map((p): Tile => {
    const fan = p.fans[p.fans.length - 1];
    const at = { place: p.place, address: `/forecasts/${p.target}/${p.place}` };
    return fan.asOf === newest ? { ...at, way: wayOfFan(fan), warned: isWarned(p) } : at;
  });
  const drawn = drawTileMap(tiles);
  if (!drawn) return false;
  return html`<figure class="map">${drawn.picture}<figcaption>Over the weeks of the newest forecast: ⇈ up by a third or more, ↑ up, → level, ↓ down, ⇊ down by a quarter or more.${tiles.some(t => t.warned) && ' A ring: an unusually high week is more likely than not.'}${tiles.some(t => t.way === undefined) && ` A dot: no forecast of ${longDate(newest)}.`} Every place has a tile of the same size${!drawn.geographic && ', in the order of their codes'}.</figcaption></figure>`;
}

/** Whether any week of the newest forecast is more likely than not unusually high. */
function isWarned(p: PlaceForecasts): boolean {
  return p.evidence?.fans[p.fans.length - 1].chances.some(c => c > 0.5) ?? false;
}
