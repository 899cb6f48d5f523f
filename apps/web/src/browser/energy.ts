// The file field of /energy: hands the file to a worker and draws what it answers. A newer file ends the work on an older one.
import { gridReport } from '../energy/report.ts';
import type { GridReply } from './energy-worker.ts';

const LARGEST_BYTES = 64 * 1024 * 1024;

function ownGrid(form: HTMLFormElement): void {
  const script = form.dataset['worker'];
  const input = form.querySelector<HTMLInputElement>('input[type=file]');
  const said = form.querySelector<HTMLElement>('[data-part=said]');
  const place = document.querySelector<HTMLElement>('[data-part=grid]');
  if (!script || !input || !said || !place) return;
  form.hidden = false;
  let worker: Worker | undefined;
  input.addEventListener('change', async () => {
    const file = input.files?.[0];
    if (!file) return;
    worker?.terminate();
    if (file.size > LARGEST_BYTES) {
      said.textContent = `${file.name} has ${file.size} bytes; up to ${LARGEST_BYTES} are read here.`;
      return;
    }
    said.textContent = `Solving ${file.name} …`;
    const text = await file.text();
    worker = new Worker(script, { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<GridReply>) => {
      if (data.ok) {
        place.innerHTML = gridReport(data.answer).text;
        said.textContent = `${file.name} solved in ${Math.round(data.answer.milliseconds)} ms, in this browser. Nothing was sent.`;
      } else said.textContent = `${file.name} cannot be solved: ${data.why}`;
      worker?.terminate();
    });
    worker.addEventListener('error', () => {
      said.textContent = 'The solver could not be started here.';
    });
    worker.postMessage({ text, name: file.name.replace(/\.m$/, '') });
  });
}

for (const form of document.querySelectorAll<HTMLFormElement>('form.grid-file')) ownGrid(form);
