// The Verify panel: each of its buttons and fields starts a worker with a job, shows how far it is, and lists each check with its outcome.
import { html, type Markup } from '../html/html.ts';
import { bytes, count } from '../html/words.ts';
import { reportMarkup } from './verify-report.ts';
import type { VerifyJob, VerifyMessage } from './verify-work.ts';

const LIMITS = html`<a href="/verify#limits">All limits</a>`;

export function verifyPanel(panel: HTMLElement): void {
  const verifier = panel.dataset['verifier'];
  const progress = panel.querySelector<HTMLElement>('.progress');
  const outcome = panel.querySelector<HTMLElement>('[data-part=outcome]');
  if (!verifier || !progress || !outcome) return;
  const bar = progress.querySelector('progress')!;
  const said = progress.querySelector<HTMLElement>('[data-part=progress]')!;
  const controls = panel.querySelectorAll<HTMLButtonElement | HTMLInputElement>('.act button, .act input');
  for (const act of panel.querySelectorAll<HTMLElement>('.act')) act.hidden = false;

  const show = (m: Markup) => {
    outcome.innerHTML = m.text;
  };
  function start(job: VerifyJob, done: () => void): void {
    for (const c of controls) c.disabled = true;
    progress!.hidden = false;
    bar.removeAttribute('value');
    said.textContent =
      job.kind === 'item'
        ? 'Downloading the entry and its proof'
        : job.kind === 'files'
          ? 'Reading'
          : 'Downloading the log';
    show(html``);
    const worker = new Worker(verifier!, { type: 'module' });
    const end = (m: Markup) => {
      worker.terminate();
      for (const c of controls) c.disabled = false;
      progress!.hidden = true;
      done();
      show(m);
    };
    worker.addEventListener('message', ({ data }: MessageEvent<VerifyMessage>) => {
      if (data.kind !== 'progress') return end(reportMarkup(data, LIMITS));
      bar.max = data.total;
      bar.value = data.done;
      said.textContent =
        data.done < data.total
          ? `${count(data.done)} of ${count(data.total)} statements, ${bytes(data.bytes)}`
          : 'All statements replayed; checking witnesses and results';
    });
    worker.addEventListener('error', () =>
      end(reportMarkup({ kind: 'failed', why: 'the verifier could not be started' }, LIMITS)),
    );
    worker.postMessage(job);
  }

  for (const button of panel.querySelectorAll<HTMLButtonElement>('button[data-act]'))
    button.addEventListener('click', () => {
      const { act, entry } = button.dataset;
      const job: VerifyJob =
        act === 'item' ? { kind: 'item', address: `/log/${entry}/proof.json` } : { kind: 'log', base: baseOf(panel) };
      start(job, () => {
        button.textContent = act === 'item' ? `Check entry ${entry} again` : 'Verify again';
        button.focus();
      });
    });
  for (const input of panel.querySelectorAll<HTMLInputElement>('input[type=file]'))
    input.addEventListener('change', () => {
      const files = [...(input.files ?? [])];
      if (files.length > 0) start({ kind: 'files', files }, () => input.focus());
    });
}

/** Another copy of the log on this host, where the reader named one. */
function baseOf(panel: HTMLElement): string {
  const text = panel.querySelector<HTMLInputElement>('input[name=base]')?.value.trim() ?? '';
  return `/${text.replace(/^\/+|\/+$/g, '')}/`.replace(/^\/\/$/, '/');
}
