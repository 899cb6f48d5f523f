// /status: is the house well, in a sentence; then witnesses, studies, entries in question. Silence is never shown as well-being.
import { html } from '../html/html.ts';
import { document, facts, member } from '../html/layout.ts';
import { count, moment, plural } from '../html/words.ts';
import type { Site, StatusModel } from '../models.ts';
import { STAGES } from './study-parts.ts';

/** Seconds within which the newest word is called new. */
const FRESH = 120;

export function drawStatus(site: Site, m: StatusModel): string {
  const { log } = site;
  const waiting = log.size - log.finalSize;
  const open = m.inadmissible.filter(i => !i.voided);
  const silent = log.witnesses.listed.filter(w => !log.witnesses.good.includes(w));
  const running = m.studies.filter(s => s.stage === 'proposed' || s.stage === 'open');
  const sentence =
    log.size === 0
      ? 'The log is still empty.'
      : open.length > 0
        ? `The log stands still: ${plural(open.length, 'entry', 'entries')} must be voided by a quorum.`
        : waiting > 0
          ? `${plural(waiting, 'statement')} wait${waiting === 1 ? 's' : ''} for witnesses.`
          : 'Nothing waits: every statement is final.';
  return document(site, {
    title: 'Status',
    section: '/status',
    twins: [['/v1/status', 'JSON']],
    body: html`<h1>${sentence}</h1>
<p class="lead">${log.time > 0 ? html`${m.ageSeconds < FRESH ? 'The newest word in the log is of' : 'No word in the log since'} ${moment(log.time)}, ${age(m.ageSeconds)} before this page was drawn.` : 'The log has not stated the time yet.'}</p>
${facts([
  ['Statements', html`${count(log.size)}, final ${count(log.finalSize)}`],
  [
    'Witnesses of the final checkpoint',
    html`${count(log.witnesses.good.length)} of ${count(log.witnesses.listed.length)}; ${count(log.witnesses.needed)} are needed`,
  ],
  silent.length > 0 && [
    'Not under the final checkpoint',
    html`${silent.map((w, i) => html`${i > 0 && ', '}${member(site, w)}`)} <span class="hint">(a quorum does not wait for the slowest)</span>`,
  ],
  [
    'Studies at work',
    running.length === 0
      ? 'none'
      : html`${running.map((s, i) => html`${i > 0 && '; '}<a href="/studies/${s.id}">${s.title}</a>, ${STAGES[s.stage]}`)}`,
  ],
  ['Rules in force', html`version ${log.rules}`],
  ['Tables kept in', m.engine === 'pglite' ? 'the embedded database' : 'a PostgreSQL server'],
  ['Program', html`Madang ${m.version}`],
])}
${
  m.inadmissible.length > 0 &&
  html`<section aria-labelledby="refused"><h2 id="refused">Entries that the rules refuse</h2><ul class="plain">${m.inadmissible.map(i => html`<li><a href="/log/${i.index}">Entry ${i.index}</a> (${i.code}): ${i.why}. ${i.voided ? 'Void by quorum.' : 'Not voided yet.'}</li>`)}</ul></section>`
}`,
  });
}

function age(seconds: number): string {
  if (seconds < 120) return plural(Math.max(0, seconds), 'second');
  if (seconds < 7200) return plural(Math.round(seconds / 60), 'minute');
  return seconds < 172_800 ? plural(Math.round(seconds / 3600), 'hour') : plural(Math.round(seconds / 86_400), 'day');
}

export function drawNotFound(site: Site, what: string): string {
  return document(site, {
    title: 'Not found',
    body: html`<h1>There is no ${what} here</h1><p class="lead">The address may be mistyped, or it belongs to another hub’s log. <a href="/">The first page</a> leads to all that there is.</p>`,
  });
}
