// /energy : a grid as a picture with flows, prices and lines at their limit; and the reader's own grid, solved in the browser, which never leaves it.
import type { GridAnswer } from '../energy/answer.ts';
import { gridReport } from '../energy/report.ts';
import { html } from '../html/html.ts';
import { document } from '../html/layout.ts';
import type { Site } from '../models.ts';

export function drawEnergy(site: Site, answer: GridAnswer): string {
  return document(site, {
    title: 'Energy',
    section: '/energy',
    apart: true,
    scripts: [site.assets.energy],
    twins: [
      ['/energy.csv', 'CSV'],
      ['/energy.json', 'JSON'],
    ],
    body: html`<h1>What a grid costs, and where it is too narrow</h1>
<p class="lead">The cheapest operation under the full physics of alternating current. Where a line is at its limit, prices part: that is where building would help.</p>
<div data-part="grid">${gridReport(answer)}</div>
<section class="panel" aria-labelledby="own"><h2 id="own">Your own grid</h2>
<form class="grid-file"${site.assets.energyWorker && html` data-worker="${site.assets.energyWorker}"`} hidden><label for="case">MATPOWER case file (.m)</label> <input type="file" id="case" accept=".m,text/plain"><p class="hint" role="status" data-part="said">It is read and solved in this browser. Nothing is sent anywhere.</p></form>
<noscript><p>This needs script. In a terminal: <code>npx madang energy opf FILE.m</code></p></noscript></section>`,
  });
}
