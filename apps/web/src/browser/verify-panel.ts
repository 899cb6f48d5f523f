// The Verify button: starts the worker, shows how far it is, and lists each check with its outcome; never one green tick for all.
import type { AuditItem } from '@madang/study/verify';
import { html, type Markup } from '../html/html.ts';
import { bytes, count } from '../html/words.ts';
import type { VerifyMessage } from './verify-worker.ts';

const OUTCOMES: Readonly<Record<AuditItem['outcome'], readonly [mark: string, word: string]>> = {
  checked: ['✓', 'Checked'],
  wrong: ['✕', 'Wrong'],
  'not-checked': ['?', 'Could not check'],
};

export function verifyPanel(panel: HTMLElement): void {
  const verifier = panel.dataset['verifier'];
  const button = panel.querySelector<HTMLButtonElement>('[data-act=verify]');
  const progress = panel.querySelector<HTMLElement>('.progress');
  const outcome = panel.querySelector<HTMLElement>('[data-part=outcome]');
  if (!verifier || !button || !progress || !outcome) return;
  const bar = progress.querySelector('progress')!;
  const said = progress.querySelector<HTMLElement>('[data-part=progress]')!;
  button.parentElement!.hidden = false;

  const show = (m: Markup) => {
    outcome.innerHTML = m.text;
  };
  button.addEventListener('click', () => {
    button.disabled = true;
    progress.hidden = false;
    bar.removeAttribute('value');
    said.textContent = 'Downloading the log';
    show(html``);
    const worker = new Worker(verifier, { type: 'module' });
    const end = (m: Markup) => {
      worker.terminate();
      button.disabled = false;
      button.textContent = 'Verify again';
      progress.hidden = true;
      show(m);
    };
    worker.addEventListener('message', ({ data }: MessageEvent<VerifyMessage>) => {
      if (data.kind === 'progress') {
        bar.max = data.total;
        bar.value = data.done;
        said.textContent =
          data.done < data.total
            ? `${count(data.done)} of ${count(data.total)} statements, ${bytes(data.bytes)}`
            : 'All statements replayed; checking witnesses and results';
      } else end(data.kind === 'done' ? reportMarkup(data) : stopped(data.why));
    });
    worker.addEventListener('error', () => end(stopped('the verifier could not be started')));
  });
}

function stopped(why: string): Markup {
  return html`<p class="verdict not-checked"><b>Could not check.</b> ${why}. Nothing is proven and nothing is disproven; try again, or from another member’s copy of the log.</p>`;
}

function reportMarkup({ report: r, seconds, bytes: size }: Extract<VerifyMessage, { kind: 'done' }>): Markup {
  const amount = (o: AuditItem['outcome']) => r.items.filter(i => i.outcome === o).length;
  const verdict = r.exit === 0 ? 'checked' : r.exit === 1 ? 'wrong' : 'not-checked';
  return html`<p class="verdict ${verdict}"><b>${
    r.exit === 0
      ? `${count(amount('checked'))} checks made, none found anything wrong.`
      : r.exit === 1
        ? html`Something is wrong, at <span class="break">${r.at ?? 'an unnamed place'}</span>: ${r.reason ?? 'no reason given'}.`
        : `${count(amount('not-checked'))} of ${count(r.items.length)} checks could not be made.`
  }</b></p>
<ul class="checks">${r.items.map(i => item(i))}</ul>
<p>${count(r.statements)} statements of <code>${r.origin}</code>, ${bytes(size)}, ${seconds.toFixed(1)} s in this browser.${
    r.exit === 1 && ' Checks after the first fault were not made.'
  }</p>
${
  r.root.length > 0 &&
  html`<p>It rests on this root: <b class="words" dir="ltr" translate="no">${r.root.join(' ')}</b>. Compare it with another source.</p>`
}
<p><b>Not proven:</b> that aggregators added honestly or added noise, that data were true, that the approved code is what ran, that keys were erased. <a href="/verify#limits">All limits</a></p>`;
}

function item(i: AuditItem): Markup {
  const [mark, word] = OUTCOMES[i.outcome];
  return html`<li class="${i.outcome}"><span class="mark" aria-hidden="true">${mark}</span> <span><b>${word}:</b> ${i.what}<br><span class="hint">${i.detail}</span></span></li>`;
}
