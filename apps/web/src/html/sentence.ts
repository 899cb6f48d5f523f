// Statements of the log in words. A kind that is not listed here is said by its own name, so a newer log still reads.
import type { EntryLine } from '../models.ts';
import { html, type Markup } from './html.ts';
import { longDate, targetName } from './words.ts';

const SAID: Readonly<Record<string, string>> = {
  'root.found': 'founded the log',
  'root.propose': 'proposed a new root',
  'root.agree': 'agreed to a new root',
  'log.time': 'The log stated the time',
  'log.void': 'agreed that an entry has no effect',
  'member.invite': 'invited new members',
  'member.admit': 'agreed to the invitation',
  'member.join': 'joined',
  'member.key': 'introduced a key',
  'member.key-end': 'ended a key',
  'member.root': 'changed its root key',
  'member.leave': 'left',
  'dataset.register': 'registered a dataset',
  'dataset.budget': 'set a privacy budget',
  'budget.release': 'took back a budget that was not spent',
  'blob.withdraw': 'withdrew a text',
  'study.propose': 'proposed a study',
  'study.approve': 'approved a study',
  'study.withdraw': 'withdrew its approval',
  'round.ready': 'stood ready to aggregate',
  'round.open': 'opened the rounds',
  'round.transcript': 'agreed which contributions count',
  'round.commit': 'committed to its share of the sum',
  'round.reveal': 'revealed its share of the sum',
  'study.result': 'published a result',
  'round.close': 'closed the rounds and erased its keys',
  'study.fail': 'ended a study without a result',
  'study.finish': 'ended a study whose question is answered',
  'forecast.publish': 'published a forecast',
  'compute.offer': 'offered a machine to compute on',
  'compute.request': 'asked for a compute job',
  'compute.start': 'started a compute job',
  'compute.end': 'ended a compute job',
  'compute.cancel': 'took a compute job back',
};

/** One statement as a sentence with its links. */
export function sentence(e: EntryLine): Markup {
  const of = e.forecast ? ` of ${targetName(e.forecast.target)} as of ${longDate(e.forecast.asOf)}` : '';
  const link = html`<a href="/log/${e.index}">${SAID[e.kind] ?? `signed ${e.kind}`}${of}</a>`;
  if (e.kind === 'log.time') return link;
  return html`<a href="/members/${e.org}">${e.name}</a> ${link}`;
}

/** A list of statements, newest first. */
export function entryList(entries: readonly EntryLine[]): Markup {
  return html`<ol class="entries" reversed>${entries.map(
    e => html`<li value="${e.index}"><span class="no">${e.index}</span> <span>${sentence(e)}</span></li>`,
  )}</ol>`;
}
