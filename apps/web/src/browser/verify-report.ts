// What Verify found, in words: each check with its outcome, never one green tick for all.
import type { AuditItem } from '@madang/study/verify';
import { html, type Markup } from '../html/html.ts';
import { bytes, count } from '../html/words.ts';
import type { VerifyMessage } from './verify-work.ts';

const OUTCOMES: Readonly<Record<AuditItem['outcome'], readonly [mark: string, word: string]>> = {
  checked: ['✓', 'Checked'],
  wrong: ['✕', 'Wrong'],
  'not-checked': ['?', 'Could not check'],
};

/** `limits`: where all limits are told. */
export function reportMarkup(m: Exclude<VerifyMessage, { kind: 'progress' }>, limits: Markup): Markup {
  if (m.kind === 'failed')
    return html`<p class="verdict not-checked"><b>Could not check.</b> ${m.why}. Nothing is proven and nothing is disproven; try again, or with another member’s copy of the log.</p>`;
  const { report: r } = m;
  const amount = (o: AuditItem['outcome']) => r.items.filter(i => i.outcome === o).length;
  const wrong = r.items.find(i => i.outcome === 'wrong');
  const at = m.kind === 'done' ? m.report.at : wrong?.what;
  const reason = m.kind === 'done' ? m.report.reason : wrong?.detail;
  return html`<p class="verdict ${r.exit === 0 ? 'checked' : r.exit === 1 ? 'wrong' : 'not-checked'}"><b>${
    r.exit === 0
      ? `${count(amount('checked'))} checks made, none found anything wrong.`
      : r.exit === 1
        ? html`Something is wrong, at <span class="break">${at ?? 'an unnamed place'}</span>: ${reason ?? 'no reason given'}.`
        : `${count(amount('not-checked'))} of ${count(r.items.length)} checks could not be made.`
  }</b></p>
<ul class="checks">${r.items.map(i => item(i))}</ul>
<p>${
    m.kind === 'done'
      ? html`${count(m.report.statements)} statements of <code>${r.origin}</code>, `
      : html`Entry ${m.report.said?.index ?? '?'} of <code>${r.origin}</code> with what it rests on, `
  }${m.bytes > 0 && `${bytes(m.bytes)}, `}${m.seconds.toFixed(1)} s in this browser.${r.exit === 1 && ' Checks after the first fault were not made.'}</p>
${
  r.root.length > 0 &&
  html`<p>It rests on this root: <b class="words" dir="ltr" translate="no">${r.root.join(' ')}</b>. Compare it with another source.</p>`
}
${m.kind === 'item' && html`<p>The rules of the log were not replayed for this: a quorum of witnesses did, and their signatures were checked. Replaying the whole log needs nobody’s word.</p>`}
<p><b>Not proven:</b> that aggregators added honestly or added noise, that data were true, that the approved code is what ran, that keys were erased. ${limits}</p>`;
}

function item(i: AuditItem): Markup {
  const [mark, word] = OUTCOMES[i.outcome];
  return html`<li class="${i.outcome}"><span class="mark" aria-hidden="true">${mark}</span> <span><b>${word}:</b> ${i.what}<br><span class="hint">${i.detail}</span></span></li>`;
}
