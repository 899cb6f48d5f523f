// What was asked and who answered: shared by the first page and the study's own.
import { budgetBar } from '../charts/marks.ts';
import { html, type Markup } from '../html/html.ts';
import { count, listed, placeName, plural, quantity } from '../html/words.ts';
import type { LedgerLine, StudyModel } from '../models.ts';

export const STAGES: Readonly<Record<string, string>> = {
  proposed: 'proposed, waiting for approvals',
  open: 'running',
  finished: 'finished',
  failed: 'failed',
};

const KINDS: Readonly<Record<string, string>> = {
  'pooled-increments': 'a pooled histogram of weekly changes',
  'shared-ridge': 'one linear model trained by all',
  'station-weather': 'one weather model trained by all',
  'border-planning': 'planning across a border',
  statistics: 'sums and means',
  linear: 'a linear regression trained by all',
  logistic: 'a logistic regression trained by all',
  poisson: 'a Poisson regression trained by all',
  ridge: 'one linear model trained by all',
  kmeans: 'groups that data fall into',
  gbdt: 'decision trees trained by all',
  network: 'a neural network trained by all',
};

/** A kind of study in words; a kind that is not listed is said by its own name. */
export function kindWords(kind: string): string {
  return KINDS[kind] ?? kind;
}

/** Organisations whose contributions counted in any round. */
export function contributorsOf(study: StudyModel): readonly string[] {
  return [...new Set(study.done.flatMap(r => r.counted ?? []))];
}

/** One sentence on who answered. */
export function answered(study: StudyModel): string {
  const yes = study.asked.filter(a => a.approved !== undefined).length;
  const said = `${count(yes)} of ${plural(study.asked.length, 'organisation')} said yes`;
  const results = study.done.filter(r => r.result).length;
  if (study.stage === 'proposed') return `${said} so far; the study needs ${count(study.minimum)}.`;
  if (study.stage === 'failed')
    return `${said}; the study ended without a result: ${study.failure?.why ?? 'no reason given'}.`;
  return `${said}, ${count(contributorsOf(study).length)} contributed, ${count(results)} of ${plural(study.rounds, 'round')} ${results === 1 ? 'has' : 'have'} a result.`;
}

/** Noise and what it costs, for each unit that the study charges. */
export function noiseWords(study: StudyModel): Markup {
  if (study.charges.length === 0) return html`None: the study charges no privacy budget.`;
  return html`${study.charges.map(
    c =>
      html`<p>Each of the ${plural(study.aggregators.length, 'aggregator')} adds its own; together ±${quantity(c.deviation)} (one standard deviation) to every number released. For one ${c.unit}: ε ${c.epsilonRound.toFixed(2)} a round, ε ${c.epsilonAll.toFixed(2)} for ${plural(study.rounds, 'round')}, at δ 10<sup>−5</sup>.</p>`,
  )}`;
}

export function aggregatorWords(study: StudyModel): Markup {
  return html`${listed(study.aggregators.map(a => `${a.name} (${a.seat}, ${placeName(a.home)})`))}`;
}

/** All budgets that a study draws on: one sentence when they stand alike, and the table behind it. */
export function budgets(ledgers: readonly LedgerLine[]): Markup {
  if (ledgers.length === 0) return html`<p>No budget is charged.</p>`;
  const [first] = ledgers;
  const alike = ledgers.every(l => l.spentMicroRho === first.spentMicroRho && l.capMicroRho === first.capMicroRho);
  return html`${
    alike &&
    html`<p>${ledgers.length === 1 ? 'The dataset has' : `Each of ${plural(ledgers.length, 'dataset')} has`} spent ε ${first.spentEpsilon.toFixed(2)} of ${first.capEpsilon.toFixed(2)} for one ${first.unit} in period ${first.period}.</p>${budgetBar(first)}`
  }${
    ledgers.length > 1 || !alike
      ? html`<details><summary>All budgets as a table</summary>${ledgerTable(ledgers)}</details>`
      : ''
  }`;
}

export function ledgerTable(ledgers: readonly LedgerLine[]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table: Privacy budgets"><table><caption>Privacy budgets (ε at δ 10<sup>−5</sup>; the ledger counts micro-rho)</caption><thead><tr><th scope="col">Dataset</th><th scope="col">Unit, period</th><th scope="col" class="n">Spent</th><th scope="col" class="n">Limit</th><th scope="col" class="n">Reserved, micro-rho</th></tr></thead><tbody>${ledgers.map(
    l =>
      html`<tr><th scope="row"><code>${l.dataset}</code></th><td>${l.unit}, ${l.period}</td><td class="n">ε ${l.spentEpsilon.toFixed(2)} <small>(${count(l.spentMicroRho)})</small></td><td class="n">ε ${l.capEpsilon.toFixed(2)} <small>(${count(l.capMicroRho)})</small></td><td class="n">${count(l.reservedMicroRho)}</td></tr>`,
  )}</tbody></table></div>`;
}
