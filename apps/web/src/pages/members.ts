// /members and /members/<org>: who takes part, with which keys, data and budgets.
import { html, type Markup } from '../html/html.ts';
import { digest, document, facts } from '../html/layout.ts';
import { entryList } from '../html/sentence.ts';
import { capital, count, listed, moment, placeName, plural } from '../html/words.ts';
import type { MemberLine, MemberModel, Site } from '../models.ts';
import { ledgerTable } from './study-parts.ts';

export function memberTable(members: readonly MemberLine[]): Markup {
  if (members.length === 0) return html`<p>Nobody has joined yet.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table: Members"><table><caption>${plural(members.length, 'member')}</caption><thead><tr><th scope="col">Member</th><th scope="col">Seat</th><th scope="col">Legal home</th><th scope="col">Part</th><th scope="col" class="n">Datasets</th><th scope="col" class="n">Forecasts</th></tr></thead><tbody>${members.map(
    m =>
      html`<tr><th scope="row"><a href="/members/${m.org}">${m.name}</a>${m.left && ' (left)'}</th><td>${m.seat}</td><td>${placeName(m.home)}</td><td>${partOf(m)}</td><td class="n">${count(m.datasets)}</td><td class="n">${count(m.forecasts)}</td></tr>`,
  )}</tbody></table></div>`;
}

function partOf(m: MemberLine): string {
  const parts = m.roles.filter(r => r !== 'witness').map(r => r.replaceAll('-', ' '));
  return listed(m.witness ? [...parts, 'witness'] : parts);
}

export function drawMembers(site: Site, members: readonly MemberLine[]): string {
  const active = members.filter(m => !m.left);
  const banks = active.filter(m => m.seat === 'bank').length;
  return document(site, {
    title: 'Members',
    section: '/members',
    body: html`<h1>${plural(active.length, 'member')}: ${plural(active.length - banks, 'organisation')} and ${plural(banks, 'bank')}</h1>
<p class="lead">Each keeps its own keys and its own data. Members admit members; nobody else can.</p>${memberTable(members)}`,
  });
}

const USES: Readonly<Record<string, string>> = {
  root: 'root: certifies the others',
  officer: 'officer: votes, money, invitations',
  steward: 'steward: approvals, standing policies, stop',
  researcher: 'researcher: proposals',
  node: 'node: contributions, forecasts',
  aggregator: 'aggregator: transcripts, shares of sums',
  witness: 'witness: cosigns checkpoints',
  'replay-witness': 'replay witness: cosigns after replaying the rules',
  log: 'log: checkpoints and time',
};

export function drawMember(site: Site, m: MemberModel): string {
  const { member } = m;
  return document(site, {
    title: member.name,
    section: '/members',
    body: html`<h1>${member.name}</h1>
<p class="lead">${capital(member.seat)} with legal home ${placeName(member.home)}, member since <a href="/log/${m.joined}">entry ${m.joined}</a>${member.left && ', has left'}. ${capital(partOf(member))}.</p>
${facts([
  ['Handle', html`<code>${member.org}</code>`],
  ['Root key', digest(m.root)],
  ['Datasets', count(member.datasets)],
  ['Forecasts published', count(member.forecasts)],
])}
<section aria-labelledby="keys"><h2 id="keys">Keys</h2><div class="scroll" tabindex="0" role="region" aria-label="Table: Keys"><table><caption>Public keys of this member</caption><thead><tr><th scope="col">Key</th><th scope="col">May sign</th><th scope="col">From</th><th scope="col">Until</th></tr></thead><tbody>${m.keys.map(
      k =>
        html`<tr><th scope="row">${digest(k.id)}</th><td>${USES[k.use] ?? k.use}</td><td><a href="/log/${k.from}">entry ${k.from}</a></td><td>${k.ended === undefined ? (k.until >= Number.MAX_SAFE_INTEGER ? 'replaced' : moment(k.until)) : html`ended at <a href="/log/${k.ended}">entry ${k.ended}</a>`}</td></tr>`,
    )}</tbody></table></div></section>
${
  m.datasets.length > 0 &&
  html`<section aria-labelledby="data"><h2 id="data">Data and what has been spent on them</h2><p>Names and descriptions of datasets are for members only; the public sees handles and budgets.</p>${ledgerTable(m.datasets.flatMap(d => d.ledgers))}</section>`
}
${
  m.studies.length > 0 &&
  html`<section aria-labelledby="studies"><h2 id="studies">Studies</h2><ul class="plain">${m.studies.map(s => html`<li><a href="/studies/${s.id}">${s.title}</a>: ${s.part}</li>`)}</ul></section>`
}
<section aria-labelledby="recent"><h2 id="recent">Last statements</h2>${entryList(m.recent)}</section>`,
  });
}
