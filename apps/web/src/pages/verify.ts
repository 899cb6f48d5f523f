// /verify, and the panel with the Verify button that other pages show: what is checked, from which root, and what no check can prove (protocol, sections 1 and 9).
import { html, type Markup } from '../html/html.ts';
import { document, facts } from '../html/layout.ts';
import { bytes, count } from '../html/words.ts';
import type { Site } from '../models.ts';

/** A hybrid statement is about 5.3 KB and takes some 2 ms in a browser. */
const STATEMENT_BYTES = 5_300;
const STATEMENT_SECONDS = 0.003;

/** Logs up to this size are replayed whole at the first press; of longer ones an entry is checked, and the whole on request. */
const WHOLE_LOG = 5_000;

/** The panel of the first page: the whole log while it is short. Script brings it to life; without script it names the command. */
export function verifyPanel(site: Site): Markup {
  const { log } = site;
  if (log.size > WHOLE_LOG) return itemPanel(site, log.finalSize - 1, 'the newest final statement');
  return panel(
    site,
    html`<p>Your browser downloads all ${count(log.size)} signed statements, the tree they hang in and the witnesses’ signatures, and checks every one with the same program that the members run.</p>
${rootWords(site)}`,
    html`<p class="act" hidden><button type="button" data-act="verify">Verify now</button> <span class="hint">${costOf(log.size)}</span></p>`,
  );
}

/** The panel for one entry: it and what it rests on, and the whole log on request. */
export function itemPanel(site: Site, entry: number, what: string): Markup {
  return panel(
    site,
    html`<p>Your browser downloads entry <span data-part="entry">${entry}</span>, ${what}, with the statements that its keys rest on and the way of each to the tree that the witnesses signed, and checks them.</p>
${rootWords(site)}`,
    html`<p class="act" hidden><button type="button" data-act="item" data-entry="${entry}">Check entry ${entry}</button> <button type="button" class="quiet" data-act="verify">Replay the whole log</button> <span class="hint">the whole: ${costOf(site.log.size)}</span></p>
<p class="hint">To keep: <a href="/log/${entry}/proof.html" download>the proof as a page</a> that checks itself without this hub, or <a href="/log/${entry}/proof.json" download>as a file</a>.</p>`,
  );
}

function costOf(size: number): string {
  const seconds = Math.max(1, Math.round(size * STATEMENT_SECONDS));
  return `about ${bytes(size * STATEMENT_BYTES)} and ${seconds === 1 ? 'a second' : `${count(seconds)} seconds`}`;
}

function panel(site: Site, about: Markup, acts: Markup): Markup {
  const { log } = site;
  const ready = site.assets.verifier !== undefined && log.size > 0;
  return html`<section class="panel verify" aria-labelledby="verify-title"${
    ready && html` data-verifier="${site.assets.verifier}"`
  }>
<h2 id="verify-title">Check it yourself</h2>
${about}
${
  ready
    ? html`${acts}
<noscript><p class="hint">The button needs script. The same check in a terminal: <code>npx madang verify ADDRESS</code></p></noscript>`
    : html`<p class="hint">${
        log.size === 0
          ? 'There is nothing to check yet.'
          : html`The verifier has not been built on this hub (<code>npm run prepare</code> builds it). The same check in a terminal: <code>npx madang verify ADDRESS</code>`
      }</p>`
}
<div class="progress" hidden><progress max="${log.size}" value="0" aria-label="Statements checked"></progress> <span data-part="progress"></span></div>
<div class="outcome" data-part="outcome" role="status" aria-live="polite"></div>
</section>`;
}

/** Fields for a copy of the log that does not come from this hub's own address. */
function elsewherePanel(site: Site): Markup {
  if (site.assets.verifier === undefined) return html``;
  return html`<section class="panel verify" aria-labelledby="copy-title" data-verifier="${site.assets.verifier}">
<h2 id="copy-title">Check another copy</h2>
<p>Every member keeps a copy of the log. A folder or a proof is read here and sent nowhere; it works while the hub is down.</p>
<p class="act" hidden><label for="folder">Folder that holds the <code>checkpoint</code></label> <input type="file" id="folder" webkitdirectory></p>
<p class="act" hidden><label for="proof-file">Proof of one entry (.json)</label> <input type="file" id="proof-file" accept=".json,application/json"></p>
<p class="act" hidden><label for="base">Path of another copy on this host</label> <input type="text" id="base" name="base" placeholder="/" autocomplete="off" spellcheck="false" dir="ltr"> <button type="button" data-act="verify">Check it</button></p>
<div class="progress" hidden><progress max="${site.log.size}" value="0" aria-label="Statements checked"></progress> <span data-part="progress"></span></div>
<div class="outcome" data-part="outcome" role="status" aria-live="polite"></div>
<p class="hint">To keep: <a href="/verify/offline.html" download>the verifier as one file</a>, which needs no hub. Folders can be picked in most browsers on a computer, hardly on a telephone.</p>
</section>`;
}

/** The root that everything rests on, and where to compare it. */
export function rootWords(site: Site): Markup {
  if (site.log.rootWords.length === 0) return html``;
  const words = site.log.rootWords;
  return html`<div class="root"><p class="label">Root fingerprint this page starts from</p>
<p class="words" dir="ltr" translate="no">${words.map((w, i) => html`${i > 0 && ' '}<span>${w}</span>`)}</p>
<p class="hint">Compare these eight words with what a member publishes elsewhere, or with what <code>madang demo</code> printed when it started. A page can only vouch for the hub that serves it.</p></div>`;
}

export function drawVerify(site: Site): string {
  const { assets, log } = site;
  return document(site, {
    title: 'Verify',
    section: '/verify',
    prefetch: assets.verifier,
    body: html`<h1>Anyone can check what was done here</h1>
<p class="lead">Every act at this hub is a signed statement in a public log. Whoever holds the log can add it up again and must come to the same state.</p>
<div class="columns"><div>${verifyPanel(site)}${elsewherePanel(site)}</div>
<section aria-labelledby="compare-title"><h2 id="compare-title">Is it the right root?</h2>
<form class="compare" data-root="${log.rootId}" data-words="${log.rootWords.join(' ')}"><label for="root">Root that you got from another source: eight words, or 64 hexadecimal digits</label>
<input id="root" name="root" autocomplete="off" spellcheck="false" autocapitalize="none" dir="ltr"><p><button type="submit">Compare</button></p><p role="status" aria-live="polite" data-part="compared"></p></form>
<noscript><p class="hint">Compare by eye with the words shown, or give the root to the terminal: <code>npx madang verify ADDRESS --root ID</code></p></noscript>
${facts([
  ['Founding statement', html`<a href="/log/0">entry 0</a>, <code class="break">${log.rootId}</code>`],
  ['Log', html`<code>${site.origin}</code>`],
  assets.verifierDigest !== undefined && [
    'This verifier',
    html`<a href="${assets.verifier}">the program</a>, SHA-256 <code class="break">${assets.verifierDigest}</code>`,
  ],
])}
</section></div>
<section aria-labelledby="proves"><h2 id="proves">What the check proves</h2>
<ul class="plain">
<li>Every signature, both kinds of each, and that every statement is in the log where it says.</li>
<li>One history, cosigned by a quorum of witnesses; every rule kept, from the first statement to the last.</li>
<li>Who approved which study, and that a round had enough organisations; which contributions were accepted.</li>
<li>That shares were committed to before any was revealed, and that each public result is exactly the sum of the revealed shares.</li>
<li>That no privacy budget was spent twice or beyond its limit.</li>
</ul></section>
${limits()}
<section aria-labelledby="elsewhere"><h2 id="elsewhere">Stronger than this page</h2>
<p>This page checks the hub with code from the hub: good against faults, mirrors and outsiders, not against the hub itself. In a terminal, with a root from another source, the check does not rest on this hub:</p>
<pre tabindex="0"><code>npx madang verify ADDRESS --root ${log.rootId}</code></pre>
<p>It ends 0 when all is checked, 1 with the first thing that is wrong, 3 when something could not be checked.</p></section>`,
  });
}

const LIMITS: readonly (readonly [promise: string, holds: string, not: string])[] = [
  [
    'Nobody reads a contribution',
    'One aggregator of the study is honest',
    'All aggregators together; all other contributors and the result’s reader together (only noise helps there)',
  ],
  [
    'The result is the sum of the accepted contributions plus the stated noise',
    'Every aggregator is honest',
    'One aggregator adding an offset to its own share: not detectable; it must choose it blind',
  ],
  [
    'Every accepted vector is in range',
    'Every aggregator is honest (Prio3)',
    'In masked sum: nothing; the node’s clip is its own promise',
  ],
  [
    'An entry is true',
    'Never proven',
    'A node that lies within range: its influence is bounded, and printed with the result',
  ],
  [
    'One history, rules kept',
    'Fewer than 2q − n of the n witnesses lie (q make a checkpoint final)',
    'A hub that delays: seen by the one it delays, cured by replacing the hub',
  ],
];

/** What no check proves, in the words of the protocol. */
export function limits(): Markup {
  return html`<section id="limits" aria-labelledby="limits-title"><h2 id="limits-title">What it does not prove</h2>
<p>The public can check everything except the arithmetic of the aggregators. Not proven: that aggregators added honestly or added noise, that data were true, that the approved code is what ran, that keys were erased, that nothing left by another way.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Table: Promises and their limits"><table><caption>Each promise, and where it ends</caption><thead><tr><th scope="col">Promise</th><th scope="col">Holds as long as</th><th scope="col">Does not hold against</th></tr></thead>
<tbody>${LIMITS.map(([p, h, n]) => html`<tr><th scope="row">${p}</th><td>${h}</td><td>${n}</td></tr>`)}</tbody></table></div></section>`;
}
