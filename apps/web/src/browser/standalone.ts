// The script of a page saved to disk: checks the proof that the page carries, and copies of the log or proofs that the reader picks. It asks no network.
import { html } from '../html/html.ts';
import { count } from '../html/words.ts';
import { reportMarkup } from './verify-report.ts';
import { runVerify, type VerifyJob } from './verify-work.ts';

const LIMITS = html`The limits are written out on every hub’s page of verification.`;
const outcome = document.querySelector<HTMLElement>('#outcome')!;
/** Beside the live region: a screen reader is told the outcome, not every step. */
const progress = document.querySelector<HTMLElement>('#progress')!;

function start(job: VerifyJob): void {
  outcome.textContent = '';
  progress.textContent = 'Checking …';
  void runVerify(job, m => {
    if (m.kind === 'progress') {
      progress.textContent = `${count(m.done)} of ${count(m.total)} statements`;
      return;
    }
    progress.textContent = '';
    outcome.innerHTML = reportMarkup(m, LIMITS).text;
  });
}

const carried = document.querySelector('#proof')?.textContent ?? '';
if (carried !== '') start({ kind: 'proof', text: carried });
for (const input of document.querySelectorAll<HTMLInputElement>('input[type=file]'))
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    if (files.length > 0) start({ kind: 'files', files });
  });
