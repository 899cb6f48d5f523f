// /log and /log/<n>: the statements themselves, newest first, and one of them with what signed it and how it hangs in the tree.
import { html } from '../html/html.ts';
import { document, facts, member } from '../html/layout.ts';
import { sentence } from '../html/sentence.ts';
import { bytes, count, moment, plural } from '../html/words.ts';
import type { EntryModel, LogModel, Site } from '../models.ts';
import { itemPanel } from './verify.ts';

export function drawLog(site: Site, m: LogModel): string {
  const { log } = site;
  const query = m.kind === undefined ? '' : `&kind=${m.kind}`;
  return document(site, {
    title: 'Log',
    section: '/log',
    body: html`<h1>${plural(log.size, 'signed statement')}, ${log.finalSize === log.size ? 'all final' : `${count(log.finalSize)} of them final`}</h1>
<p class="lead">Final means: under a checkpoint that ${count(log.witnesses.needed)} of ${count(log.witnesses.listed.length)} witnesses cosigned after replaying the rules. Nothing is ever taken out.</p>
<form class="jump" action="/log" method="get"><label for="n">Go to entry</label> <input id="n" name="n" inputmode="numeric" pattern="[0-9]*" size="8"> <button type="submit">Go</button></form>
${m.kind !== undefined && html`<p>Only <code>${m.kind}</code>. <a href="/log">All kinds</a></p>`}
<div class="scroll" tabindex="0" role="region" aria-label="Table: Statements"><table><caption>Statements, newest first</caption><thead><tr><th scope="col" class="n">Entry</th><th scope="col">Statement</th><th scope="col" class="spare">Kind</th><th scope="col">Log time</th></tr></thead><tbody>${m.entries.map(
      e =>
        html`<tr><th scope="row" class="n"><a href="/log/${e.index}">${e.index}</a></th><td>${sentence(e)}</td><td class="spare"><a href="/log?kind=${e.kind}"><code>${e.kind}</code></a></td><td>${moment(e.time)}</td></tr>`,
    )}</tbody></table></div>
<nav class="pager" aria-label="More statements">${m.newer !== undefined && html`<a href="/log?before=${m.newer}${query}" rel="prev">Newer</a>`} ${m.older !== undefined && html`<a href="/log?before=${m.older}${query}" rel="next">Older</a>`}</nav>`,
  });
}

export function drawEntry(site: Site, e: EntryModel): string {
  const line = { index: e.index, kind: e.kind, org: e.org, name: e.name, time: e.time };
  return document(site, {
    title: `Entry ${e.index}`,
    section: '/log',
    twins: [
      [`/entry/${e.index}`, 'JSON with its way in the tree'],
      [`/log/${e.index}/proof.json`, 'JSON with all it rests on'],
    ],
    body: html`<h1>Entry ${e.index}</h1>
<p class="lead">${sentence(line)}. ${
      e.final ? 'Final: a quorum of witnesses stands behind it.' : 'Not final yet: witnesses have still to cosign it.'
    }</p>
${
  e.refused &&
  html`<p class="wrong"><strong>The rules refuse this entry (${e.refused.code}):</strong> ${e.refused.why}. ${e.refused.voided ? 'A quorum agreed that it has no effect.' : 'Until a quorum voids it, nothing after it counts.'}</p>`
}
${facts([
  ['Kind', html`<a href="/log?kind=${e.kind}"><code>${e.kind}</code></a>: ${e.summary}`],
  ['Statement', html`<code class="break">${e.id}</code>`],
  ['Log time', moment(e.time)],
  ['Size', bytes(e.bytes)],
  [
    'Signed by',
    html`<ul class="plain">${e.signers.map(s => html`<li>${s.use ? `${s.use} key` : 'a key introduced by this statement'}${s.org && html` of ${member(site, s.org)}`}, <code class="break">${s.keyId}</code>, with Ed25519 and ML-DSA-65</li>`)}</ul>`,
  ],
])}
<section aria-labelledby="payload"><h2 id="payload">What was signed</h2><pre tabindex="0"><code>${e.payload}</code></pre></section>
<section aria-labelledby="proof"><h2 id="proof">How it hangs in the log</h2><p>${plural(e.proof.length, 'hash', 'hashes')} lead from this entry to the root of the tree of size ${count(e.proofSize)}.</p><details><summary>The hashes</summary><ol>${e.proof.map(h => html`<li><code class="break">${h}</code></li>`)}</ol></details></section>
${itemPanel(site, e.index, 'this one')}
<nav class="pager" aria-label="Neighbours">${e.index > 0 && html`<a href="/log/${e.index - 1}" rel="prev">Entry ${e.index - 1}</a>`} ${e.index + 1 < site.log.size && html`<a href="/log/${e.index + 1}" rel="next">Entry ${e.index + 1}</a>`}</nav>`,
  });
}
