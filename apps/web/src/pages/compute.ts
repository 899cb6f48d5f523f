// /compute: what members offer to compute on, who used how much of it, and the newest jobs. Sums over the log's statements.
import { html, type Markup } from '../html/html.ts';
import { digest, document, member } from '../html/layout.ts';
import { capital, count, moment, plural } from '../html/words.ts';
import type { Site } from '../models.ts';

export interface ComputeModel {
  readonly backends: readonly {
    readonly handle: string;
    readonly org: string;
    readonly kind: string;
    readonly unit: string;
    readonly order: 'arrival' | 'own';
    readonly maximum: { readonly milliseconds: number; readonly units: number };
    readonly quota: number;
    readonly waiting: number;
    readonly accounts: readonly {
      readonly org: string;
      readonly jobs: number;
      readonly milliseconds: number;
      readonly units: number;
      readonly reserved: number;
      readonly left: number;
    }[];
  }[];
  /** Newest first. */
  readonly jobs: readonly {
    readonly id: string;
    readonly backend: string;
    readonly org: string;
    readonly stage: string;
    readonly requested: number;
    readonly milliseconds: number | null;
    readonly units: number | null;
    readonly result: string | null;
  }[];
}

/** How many jobs the page shows. */
export const SHOWN_JOBS = 50;

type Backend = ComputeModel['backends'][number];
const seconds = (ms: number) => `${(ms / 1000).toLocaleString('en', { maximumFractionDigits: 1 })} s`;

export function drawCompute(site: Site, m: ComputeModel): string {
  return document(site, {
    title: 'Compute',
    section: '/compute',
    twins: [
      ['/v1/backends', 'Backends as JSON'],
      ['/v1/jobs', 'Jobs as JSON'],
    ],
    body: html`<h1>${headline(m)}</h1>
<p class="lead">Members run jobs for each other. Who asked, what was allowed and what was used is in the log; the rules let only the provider end a job, once, within what was asked. Programs and results are public. That a provider truly computed is not proven: a simulated job can be run again from its seed.</p>
<p>Your own circuit in OpenQASM: <code>npx madang quantum run FILE.qasm</code> here and now, <code>npx madang quantum submit --help</code> on a member's backend.</p>
${m.backends.map(b => backendPart(site, b))}
${m.jobs.length > 0 && jobTable(site, m)}`,
  });
}

function headline(m: ComputeModel): string {
  if (m.backends.length === 0) return 'No member offers to compute for others yet';
  const members = new Set(m.backends.map(b => b.org)).size;
  const jobs = m.jobs.length < SHOWN_JOBS ? plural(m.jobs.length, 'job') : `more than ${SHOWN_JOBS} jobs`;
  return `${plural(members, 'member')} ${members === 1 ? 'computes' : 'compute'} for the others; ${jobs} so far`;
}

/** The member behind a backend; the backend's own handle where it is offered no more. */
function orgOf(m: ComputeModel, backend: string): string {
  return m.backends.find(b => b.handle === backend)?.org ?? backend;
}

function backendPart(site: Site, b: Backend): Markup {
  const order = b.order === 'arrival' ? 'The oldest job runs first.' : 'The provider chooses what runs first.';
  return html`<section aria-labelledby="b-${b.handle}"><h2 id="b-${b.handle}">${site.nameOf(b.org)}: ${b.handle}</h2>
<p>${capital(b.kind)} jobs, computed by ${member(site, b.org)}; ${b.waiting === 0 ? 'none' : count(b.waiting)} waiting. ${order} A job may take ${seconds(b.maximum.milliseconds)} and ${plural(b.maximum.units, b.unit)}; an organisation has ${seconds(b.quota)} in all.</p>
${
  b.accounts.length > 0 &&
  html`<div class="scroll" tabindex="0" role="region" aria-label="Table: Accounts of ${b.handle}"><table><caption>Who used it</caption><thead><tr><th scope="col">Member</th><th scope="col" class="n">Jobs ended</th><th scope="col" class="n">Time used</th><th scope="col" class="n">${capital(b.unit)}s</th><th scope="col" class="n">Set aside</th><th scope="col" class="n">Left</th></tr></thead><tbody>${b.accounts.map(
    a =>
      html`<tr><th scope="row">${member(site, a.org)}</th><td class="n">${count(a.jobs)}</td><td class="n">${seconds(a.milliseconds)}</td><td class="n">${count(a.units)}</td><td class="n">${seconds(a.reserved)}</td><td class="n">${seconds(a.left)}</td></tr>`,
  )}</tbody></table></div>`
}</section>`;
}

function jobTable(site: Site, m: ComputeModel): Markup {
  return html`<section aria-labelledby="jobs"><h2 id="jobs">Jobs</h2><div class="scroll" tabindex="0" role="region" aria-label="Table: Jobs"><table><caption>Newest first</caption><thead><tr><th scope="col">Job</th><th scope="col">Asked by</th><th scope="col">Computed at</th><th scope="col">Stage</th><th scope="col">Asked on</th><th scope="col" class="n">Took</th><th scope="col">Result</th></tr></thead><tbody>${m.jobs.map(
    j =>
      html`<tr><th scope="row">${digest(j.id)}</th><td>${member(site, j.org)}</td><td>${site.nameOf(orgOf(m, j.backend))}, ${j.backend}</td><td>${j.stage}</td><td>${moment(j.requested)}</td><td class="n">${j.milliseconds === null ? '' : seconds(j.milliseconds)}</td><td>${j.result && html`<a href="/v1/blobs/${j.result}">counts and receipt</a>`}</td></tr>`,
  )}</tbody></table></div></section>`;
}
