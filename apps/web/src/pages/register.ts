// /carbon/register : a register of removals checked for double counting. An example comes with the page; a reader's own file is checked in the browser.
import { REGISTER } from '@madang/carbon/examples';
import { readEvents, registerReport } from '../carbon/register.ts';
import { html } from '../html/html.ts';
import { document } from '../html/layout.ts';
import type { Site } from '../models.ts';

export const EXAMPLE_EVENTS = REGISTER.map(e => JSON.stringify(e)).join('\n');
export const EXAMPLE_REGISTER = 'example';

export function drawRegister(site: Site): string {
  return document(site, {
    title: 'Register of removals',
    section: '/carbon',
    apart: true,
    scripts: [site.assets.register],
    twins: [
      ['/carbon/register.csv', 'CSV of the example'],
      ['/carbon/register/example.jsonl', 'its events'],
    ],
    body: html`<p class="crumb"><a href="/carbon">Carbon capture</a></p><h1>Is a removal counted once?</h1>
<p class="lead">A register is a list of events. Everything is recomputed from it: every unit is in one state and one hand, one country counts it at most, and what comes out again is made good.</p>
<form class="register" hidden><p><label for="events">Your register (one event a line)</label> <input type="file" id="events" accept=".jsonl,.json,.txt"> <a href="/carbon/register.csv" data-part="table" download="register.csv">This as CSV</a></p><p class="hint" role="status" data-part="said">It is read in this browser and goes nowhere. <a href="/carbon/register/example.jsonl" download>The example’s events, to start from</a></p></form>
<noscript><p>Your own register is checked with script, or in a terminal: <code>npx madang carbon register FILE</code></p></noscript>
<div data-part="report">${registerReport(readEvents(EXAMPLE_EVENTS, EXAMPLE_REGISTER))}</div>
<p class="hint">After the guidance on Article 6.2 of the Paris Agreement (decisions 2/CMA.3 and 4/CMA.6). Signed registers, and their signatures: <code>npx madang carbon sign --help</code>, <code>npx madang carbon register FILE --keeper KEY</code>.</p>`,
  });
}
