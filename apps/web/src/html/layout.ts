// The frame around every page: title, skip link, navigation, the notice that says when data are simulated, and what a reader may rely on.
import type { Site } from '../models.ts';
import { type Child, html, type Markup } from './html.ts';
import { count, moment } from './words.ts';

const NAVIGATION = [
  ['/', 'Today'],
  ['/studies', 'Studies'],
  ['/climate', 'Climate'],
  ['/weather', 'Weather'],
  ['/energy', 'Energy'],
  ['/carbon', 'Carbon'],
  ['/compute', 'Compute'],
  ['/members', 'Members'],
  ['/log', 'Log'],
  ['/status', 'Status'],
  ['/verify', 'Verify'],
] as const;

export interface Page {
  readonly title: string;
  /** Address of the entry of the navigation that this page belongs to. */
  readonly section?: string;
  /** Same content in other forms: address and name. */
  readonly twins?: readonly (readonly [address: string, name: string])[];
  /** Further built scripts this page loads, beside the common one. */
  readonly scripts?: readonly (string | undefined)[];
  /** Fetched once the page is idle: what a reader will need even when the hub is gone. */
  readonly prefetch?: string | undefined;
  /** True for a page that shows nothing out of the log: neither its notice nor its foot speaks of it. */
  readonly apart?: boolean;
  /** A warning across the page, in place of the log's own. */
  readonly notice?: Markup | false;
  readonly body: Child;
}

/** A whole document. Everything it loads comes from the same origin. */
export function document(site: Site, page: Page): string {
  const { assets } = site;
  const scripts = [assets.page, ...(page.scripts ?? [])].filter(s => s !== undefined);
  const text = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${page.title} · Madang</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="A neutral hub: partners compute together, nobody hands over data, anyone can check.">
${assets.icon && html`<link rel="icon" href="${assets.icon}" type="image/svg+xml">`}
${assets.style && html`<link rel="stylesheet" href="${assets.style}">`}
${(page.twins ?? []).map(([address, name]) => html`<link rel="alternate" href="${address}" title="${name}">`)}
${scripts.map(s => html`<script type="module" src="${s}"></script>`)}
${page.prefetch && html`<link rel="prefetch" href="${page.prefetch}">`}
</head><body>
<a class="skip" href="#main">Skip to the content</a>
<header class="site"><div class="wrap">
<a class="brand" href="/"><b>Madang</b> <span lang="ko">마당</span></a>
<nav aria-label="Pages"><ul>${NAVIGATION.map(
    ([address, name]) =>
      html`<li><a href="${address}"${page.section === address && html` aria-current="page"`}>${name}</a></li>`,
  )}</ul></nav></div></header>
${page.apart ? page.notice : notice(site)}
<main id="main" tabindex="-1"><div class="wrap">
${page.body}
</div></main>
<footer class="site"><div class="wrap">
<p>${
    page.apart
      ? 'Computed from what this page names, not from the log.'
      : site.log.size > 0
        ? html`Drawn from ${count(site.log.size)} signed statements of the log <code>${site.origin}</code>${
            site.log.time > 0 && html`, log time ${moment(site.log.time)}`
          }.`
        : html`The log <code>${site.origin}</code> is still empty.`
  } This page sets no cookie, and nothing on it comes from another host.</p>
${
  (page.twins ?? []).length > 0 &&
  html`<p>This page in other forms: ${page.twins!.map(([address, name], i) => html`${i > 0 && ', '}<a href="${address}">${name}</a>`)}.</p>`
}
<p><a href="/verify#limits">What is not protected</a> · <a href="/openapi.json">Interface for programs</a></p>
</div></footer>
</body></html>
`.text;
  return text.replace(/\n{2,}/g, '\n');
}

/** A demo says that it is one, and simulated data are called so at the top of every page. */
function notice(site: Site): Markup | false {
  if (site.simulated)
    return html`<aside class="notice" aria-label="Simulated data"><div class="wrap"><p><strong>Simulated data.</strong> The series behind these pages were made by a simulator; no figure here describes the world. Members, keys, signatures and checks are as in earnest.</p></div></aside>`;
  if (site.origin.startsWith('demo/'))
    return html`<aside class="notice" aria-label="Demonstration"><div class="wrap"><p><strong>Demonstration.</strong> The members of this log are a cast on one machine; no organisation stands behind them.</p></div></aside>`;
  return false;
}

/** A list of names and values. */
export function facts(rows: readonly (readonly [name: string, value: Child] | false | undefined)[]): Markup {
  return html`<dl class="facts">${rows
    .filter(r => r !== false && r !== undefined)
    .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A member by its name, linked to its page. */
export function member(site: Site, org: string): Markup {
  return html`<a href="/members/${org}">${site.nameOf(org)}</a>`;
}

/** A digest: whole for copying, short for reading. */
export function digest(hex: string): Markup {
  return html`<code class="digest" title="${hex}">${hex.slice(0, 16)}…</code>`;
}
