// Small marks: the round strip (who is in, round by round) and the bar of a budget. Each says in text what it shows.
import { html, type Markup } from '../html/html.ts';
import { shortDate } from '../html/words.ts';
import type { LedgerLine, RoundLine } from '../models.ts';

/** A table whose cells are marks: a row for each organisation, a column for each round. It is its own table alternative. */
export function roundStrip(
  asked: readonly { readonly org: string; readonly name: string }[],
  rounds: readonly RoundLine[],
): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table: Rounds and organisations"><table class="strip"><caption>Who is in, round by round</caption><thead><tr><th scope="col">Organisation</th>${rounds.map(
    r =>
      html`<th scope="col" class="c"><abbr title="Round ${r.number}">${r.number}</abbr>${r.asOf ? html`<small>${shortDate(r.asOf)}</small>` : ''}</th>`,
  )}</tr></thead><tbody>${asked.map(
    o =>
      html`<tr><th scope="row"><a href="/members/${o.org}">${o.name}</a></th>${rounds.map(r => html`<td class="c">${mark(r, o.org)}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

function mark(round: RoundLine, org: string): Markup {
  if (!round.counted) return html`<span class="mark wait">·<span class="sr"> open</span></span>`;
  return round.counted.includes(org)
    ? html`<span class="mark in">●<span class="sr"> in</span></span>`
    : html`<span class="mark out">○<span class="sr"> not in</span></span>`;
}

/** Spent and reserved parts of one budget. */
export function budgetBar(l: LedgerLine): Markup {
  const part = (x: number) => Math.min(100, Math.max(0, (100 * x) / Math.max(1, l.capMicroRho)));
  const spent = part(l.spentMicroRho);
  const reserved = Math.min(100 - spent, part(l.reservedMicroRho));
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="cap" width="100" height="8"/><rect class="spent" width="${spent.toFixed(1)}" height="8"/>${
    reserved > 0 ? html`<rect class="reserved" x="${spent.toFixed(1)}" width="${reserved.toFixed(1)}" height="8"/>` : ''
  }</svg>`;
}
