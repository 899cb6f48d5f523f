// A register of removals read and audited: what is issued, held, used and owed, and each check with its outcome. The page's example at the hub, a reader's own
// file in the browser, by the same code as `madang carbon register`.
import { auditRegister, type Batch, batchesOf, type Register, readRemovalEvent, registerFigures } from '@madang/carbon';
import { html, type Markup } from '../html/html.ts';
import { count, plural } from '../html/words.ts';

/** Over which durability is told. */
const HORIZON_YEARS = 100;

export interface Audited {
  readonly name: string;
  readonly register: Register;
  readonly batches: readonly Batch[];
  readonly events: number;
}

/** Events, one a line. Throws naming file and line of what is no event. */
export function readEvents(text: string, name: string): Audited {
  const lines = text.split(/\r?\n/);
  const events = lines.flatMap((line, i) => {
    if (line.trim() === '') return [];
    if (/^\s*\{"payload":/.test(line))
      throw new Error(`${name} is signed; its signatures are checked in a terminal: madang carbon register ${name}`);
    try {
      return [readRemovalEvent(JSON.parse(line))];
    } catch (error) {
      throw new Error(`${name}, line ${i + 1}: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  if (events.length === 0) throw new Error(`${name}: there is no event`);
  const register = auditRegister(events);
  return { name, register, batches: batchesOf(events, register, HORIZON_YEARS), events: events.length };
}

const failedOf = (a: Audited) => a.register.checks.filter(c => !c.ok);

export function registerReport(a: Audited): Markup {
  const { register: r, batches } = a;
  const failed = failedOf(a);
  const tonnes = (kg: number) => html`<td class="n">${count(kg)}</td>`;
  const line = (name: string, kg: number) => html`<tr><th scope="row">${name}</th>${tonnes(kg)}</tr>`;
  return html`<h2>${failed.length === 0 ? 'Nothing is counted twice' : `${plural(failed.length, 'check')} failed`}: ${a.name}</h2>
<p class="key"><b>${count(r.retiredKg)}</b> <span>kg of CO₂ used, of ${count(r.issuedKg)} issued<br>${plural(a.events, 'event')}, ${plural(r.checks.length, 'check')}, ${failed.length === 0 ? 'none' : count(failed.length)} failed; not signed</span></p>
${r.owedKg > 0 && html`<p class="wrong">${count(r.owedKg)} kg came out again and nothing covers them: they are to be made good.</p>`}
<div class="columns"><section aria-labelledby="units"><h3 id="units">Where every unit is</h3><div class="scroll" tabindex="0" role="region" aria-label="Table: units"><table><caption>kg CO₂</caption><tbody>${line('Held', r.heldKg)}${r.holdings.map(h => line(`of it, by ${h.holder}`, h.kilograms))}${line('Buffer against reversals', r.bufferKg)}${line('Used (retired)', r.retiredKg)}${line('Cancelled after reversals', r.cancelledKg)}${line('Cancelled for overall mitigation', r.mitigationKg)}<tr class="sum"><th scope="row"><strong>Issued</strong></th><td class="n"><strong>${count(r.issuedKg)}</strong></td></tr></tbody></table></div></section>
<section aria-labelledby="countries"><h3 id="countries">What countries add and subtract</h3>${
    r.adjustments.countries.length === 0
      ? html`<p>No corresponding adjustment.</p>`
      : html`<div class="scroll" tabindex="0" role="region" aria-label="Table: adjustments"><table><caption>Corresponding adjustments, kg CO₂; added less subtracted less what no country counts (${count(r.adjustments.uncountedKg)}) is ${count(r.adjustments.balanceKg)}</caption><thead><tr><th scope="col">Country</th><th scope="col" class="n">Added to its emissions</th><th scope="col" class="n">Subtracted</th></tr></thead><tbody>${r.adjustments.countries.map(c => html`<tr><th scope="row">${c.country}</th>${tonnes(c.addedKg)}${tonnes(c.subtractedKg)}</tr>`)}</tbody></table></div>`
  }
<h3>How long it lasts</h3><div class="scroll" tabindex="0" role="region" aria-label="Table: durability"><table><caption>Over ${HORIZON_YEARS} years</caption><thead><tr><th scope="col">Batch</th><th scope="col" class="n">Tonne-years kept</th><th scope="col" class="n">Expected loss</th><th scope="col" class="n">Buffer</th></tr></thead><tbody>${batches.map(b => html`<tr><th scope="row">${b.id}<br><small>${b.medium}</small></th><td class="n">${percent(b.durability)}</td><td class="n">${percent(b.fairBuffer)}</td><td class="n">${percent(b.bufferShare)}</td></tr>`)}</tbody></table></div></section></div>
<h3>Every check</h3><ul class="checks">${[...failed, ...r.checks.filter(c => c.ok)].map(
    c =>
      html`<li${!c.ok && html` class="wrong"`}><span class="mark" aria-hidden="true">${c.ok ? '✓' : '✗'}</span><span><b>${c.ok ? '' : 'Failed: '}${c.name}</b> ${c.code !== undefined && html`<code>${c.code}</code> `}${c.detail}</span></li>`,
  )}</ul>`;
}

const percent = (x: number) => `${(100 * x).toFixed(0)} %`;

export function registerTable(
  a: Audited,
  madeBy: string,
): { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | number)[])[] } {
  const about = `${a.name}: ${plural(a.events, 'event')}, not signed; audited by ${madeBy} (@madang/carbon); cite: Article 6.2 guidance, decisions 2/CMA.3 and 4/CMA.6`;
  const checks = { failed: failedOf(a).length, of: a.register.checks.length };
  return {
    columns: ['quantity', 'value', 'unit', 'provenance'],
    rows: registerFigures(a.register, a.batches, HORIZON_YEARS, checks).map(r => [...r, about]),
  };
}
