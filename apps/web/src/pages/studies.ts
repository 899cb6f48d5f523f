// /studies and /studies/<id>: the question as signed, who was asked and answered, round by round, what it cost in privacy, what came out.
import { purposeInWords } from '@madang/study';
import { roundStrip } from '../charts/marks.ts';
import { html, type Markup } from '../html/html.ts';
import { digest, document, facts, member } from '../html/layout.ts';
import { capital, count, longDate, plural } from '../html/words.ts';
import type { Site, StudyLine, StudyModel } from '../models.ts';
import { aggregatorWords, answered, budgets, kindWords, noiseWords, STAGES } from './study-parts.ts';

export function drawStudies(site: Site, studies: readonly StudyLine[]): string {
  return document(site, {
    title: 'Studies',
    section: '/studies',
    body: html`<h1>${studies.length === 0 ? 'No question has been asked yet' : `${plural(studies.length, 'question')} asked`}</h1>
<p class="lead">A study is a question that many members answer together. Each answers only what its steward approved.</p>
<ul class="plain rows">${studies.map(
      s =>
        html`<li><a href="/studies/${s.id}">${s.title}</a><br><span class="hint">${STAGES[s.stage] ?? s.stage} · ${kindWords(s.kind)} · asked by ${member(site, s.proposer)}</span></li>`,
    )}</ul>`,
  });
}

export function drawStudy(site: Site, s: StudyModel): string {
  return document(site, {
    title: s.title,
    section: '/studies',
    twins: [[`/studies/${s.id}.json`, 'JSON']],
    body: html`<h1>${s.title}</h1>
<p class="lead">${capital(STAGES[s.stage] ?? s.stage)}. ${answered(s)}</p>
<div class="columns"><section aria-labelledby="question"><h2 id="question">The question as signed</h2>
${facts([
  [
    'Asked by',
    html`<a href="/members/${s.proposer}">${s.proposerName}</a>, <a href="/log/${s.proposedAt}">entry ${s.proposedAt}</a>`,
  ],
  ['Study', html`<code class="break">${s.id}</code>`],
  ['Kind', html`${capital(kindWords(s.kind))} (<code>${s.kind}</code>, version ${s.version})`],
  ['Purpose', capital(purposeInWords(s.purpose))],
  [
    'What leaves a member',
    html`${plural(s.numbers, 'number')} from 0 to ${count(s.maximum)} a round, as shares (${s.encoding})`,
  ],
  ['Least contributors', count(s.minimum)],
  ['Result for', s.collector === 'public' ? 'everyone' : member(site, s.collector)],
  ['If a round differs by few members', differencingWords(s)],
  ['Program', digest(s.code)],
])}
${s.leaves !== undefined && html`<ul>${s.leaves.map(l => html`<li>${l}</li>`)}</ul>`}
<details><summary>The query, digest ${digest(s.query)}</summary>${
      s.queryText === undefined
        ? html`<p>This hub does not have the query’s text.</p>`
        : html`<pre tabindex="0"><code>${pretty(s.queryText)}</code></pre><p><a href="/v1/blobs/${s.query}">The bytes whose SHA-256 the members approved</a></p>`
    }</details></section>
<section aria-labelledby="privacy"><h2 id="privacy">Privacy</h2>
${facts([
  ['Added up by', aggregatorWords(s)],
  ['Noise', noiseWords(s)],
  ['Budget', budgets(s.ledgers)],
  ['Keys erased', s.closed ? 'every aggregator signed so; no one can prove it' : 'not yet: the rounds are not closed'],
])}</section></div>
<section aria-labelledby="who"><h2 id="who">Who answered</h2>
${s.done.length > 0 ? roundStrip(s.asked, s.done) : html`<p>No round has begun.</p>`}
<p class="hint">An organisation that is not in did not answer, declined or came too late; the public is not told which.</p>
${approvals(s)}</section>
${differences(site, s)}${twins(site, s)}${results(site, s)}`,
  });
}

function differencingWords(s: StudyModel): string {
  if (s.differencing !== 'accept') return 'withheld';
  return s.charges.length > 0 ? 'accepted: every release has noise' : 'accepted: this kind releases exact totals';
}

function differences(site: Site, s: StudyModel): Markup | false {
  const rounds = s.done.flatMap(r => (r.differ ? [{ number: r.number, ...r.differ }] : []));
  if (rounds.length === 0) return false;
  return html`<section aria-labelledby="differ"><h2 id="differ">Rounds without a result</h2><p>The aggregators signed different transcripts of what had come in, so nothing was added up or spent. Both are public, and <code>madang verify</code> says how they differ.</p><ul class="plain">${rounds.map(
    r =>
      html`<li>Round ${r.number}, shown by ${member(site, r.by)}: <a href="/v1/blobs/${r.theirs}">the other aggregator’s transcript</a>, <a href="/v1/blobs/${r.ours}">its own</a></li>`,
  )}</ul></section>`;
}

function twins(site: Site, s: StudyModel): Markup | false {
  const found = s.done.flatMap(r => (r.twins ?? []).map(t => ({ number: r.number, ...t })));
  if (found.length === 0) return false;
  return html`<section aria-labelledby="twins"><h2 id="twins">Two answers of one member</h2><p>A member may contribute once to a round. Of these that signed two different contributions neither counts; both signed slips are public, and <code>madang verify</code> checks them.</p><ul class="plain">${found.map(
    t => html`<li>Round ${t.number}: ${member(site, t.org)}, <a href="/v1/blobs/${t.evidence}">both slips</a></li>`,
  )}</ul></section>`;
}

function approvals(s: StudyModel): Markup {
  return html`<details><summary>Approvals: ${count(s.asked.filter(a => a.approved !== undefined).length)} of ${count(s.asked.length)}</summary><ul class="plain">${s.asked.map(
    a =>
      html`<li><a href="/members/${a.org}">${a.name}</a>: ${a.approved === undefined ? 'no approval in the log' : html`approved, <a href="/log/${a.approved}">entry ${a.approved}</a>`}</li>`,
  )}</ul></details>`;
}

function results(site: Site, s: StudyModel): Markup | false {
  const rounds = s.done.filter(r => r.result);
  if (rounds.length === 0) return false;
  return html`<section aria-labelledby="out"><h2 id="out">What came out</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Table: Results"><table><caption>Results, each the sum of the revealed shares</caption><thead><tr><th scope="col">Round</th><th scope="col">As known on</th><th scope="col" class="n">Organisations</th><th scope="col">Budget</th><th scope="col">Result</th></tr></thead><tbody>${rounds.map(
    r =>
      html`<tr><th scope="row">${r.number}</th><td>${r.asOf === undefined ? '–' : longDate(r.asOf)}</td><td class="n">${count(r.counted?.length ?? 0)}</td><td>${r.spent ? 'spent' : 'not spent'}</td><td>${
        r.result!.entry !== undefined && html`<a href="/log/${r.result!.entry}">entry ${r.result!.entry}</a>, `
      }${s.collector === 'public' ? html`<a href="/v1/blobs/${r.result!.digest}">JSON</a>` : html`for ${member(site, s.collector)} alone`}</td></tr>`,
  )}</tbody></table></div>${s.forecasts > 0 && html`<p>${plural(s.forecasts, 'forecast')} ${s.forecasts === 1 ? 'was' : 'were'} made from these results; <a href="/">the newest are on the first page</a>.</p>`}</section>`;
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 1).slice(0, 20_000);
  } catch {
    return text.slice(0, 20_000);
  }
}
