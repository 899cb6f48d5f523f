// One file that verifies without any hub: style, script and, where one is given, the proof of an entry are in it. Its policy lets it load and send nothing;
// script and style run because their digests are named.
import { html, trusted } from '../html/html.ts';

export interface StandaloneParts {
  readonly script: string;
  readonly style: string;
  /** SHA-256 of both, base64. */
  readonly scriptSha256: string;
  readonly styleSha256: string;
  /** Log that the page was saved from, and its root in eight words. */
  readonly origin: string;
  readonly rootWords: readonly string[];
  /** Proof of an entry as JSON. */
  readonly proof?: { readonly index: number; readonly json: string };
}

export function drawStandalone(p: StandaloneParts): string {
  const policy = `default-src 'none'; script-src 'sha256-${p.scriptSha256}'; style-src 'sha256-${p.styleSha256}'; base-uri 'none'; form-action 'none'`;
  const title = p.proof ? `Entry ${p.proof.index} and its proof` : 'The verifier';
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title} · Madang</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta http-equiv="content-security-policy" content="${policy}">
<style>${trusted(p.style)}</style>
</head><body><main id="main"><div class="wrap">
<h1>${title}</h1>
<p class="lead">Saved from <code>${p.origin}</code>. This page needs no hub and no network; it can send nothing.</p>
<section class="panel verify" aria-labelledby="check"><h2 id="check">${p.proof ? 'The check' : 'Check a copy of the log'}</h2>
<p id="progress">${p.proof ? 'Checking …' : ''}</p>
<div id="outcome" role="status" aria-live="polite"></div>
<noscript><p>The check needs script. In a terminal: <code>npx madang verify FOLDER</code></p></noscript></section>
<section class="panel" aria-labelledby="pick"><h2 id="pick">Check something else</h2>
<p><label for="folder">A copy of the log: the folder that holds its <code>checkpoint</code></label> <input type="file" id="folder" webkitdirectory></p>
<p><label for="file">A proof of one entry (.json)</label> <input type="file" id="file" accept=".json,application/json"></p></section>
<section aria-labelledby="root"><h2 id="root">Root to compare</h2><p class="words" dir="ltr" translate="no">${p.rootWords.join(' ')}</p>
<p class="hint">These are the words that the hub showed when the page was saved. What the check rests on is printed with its result; compare it with what a member publishes elsewhere.</p></section>
</div></main>
${p.proof && html`<script type="application/json" id="proof">${trusted(p.proof.json.replace(/</g, '\\u003c'))}</script>`}
<script>${trusted(p.script)}</script>
</body></html>
`.text;
}
