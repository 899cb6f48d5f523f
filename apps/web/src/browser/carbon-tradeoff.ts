// The search for a trade-off curve, in a worker of its own: how far it is, a stop, and rows that can be taken over.
import type { Sorbent } from '@madang/carbon';
import { formatCsv } from '@madang/numerics';
import type { CarbonAnswer, Values } from '../carbon/design.ts';
import type { Frontier } from '../carbon/frontier.ts';
import { frontierReport, frontierTable } from '../carbon/frontier-report.ts';
import type { CarbonQuestion, CarbonReply } from './carbon-worker.ts';
import { saveAs } from './download.ts';

interface Designer {
  /** What the fields ask for; undefined when they cannot be used. */
  asked(): { readonly values: Values; readonly own: Sorbent | undefined } | undefined;
  shown(): CarbonAnswer | undefined;
  take(values: Values): void;
}

export function tradeOffPanel(form: HTMLFormElement, script: string, designer: Designer): void {
  const part = <T extends HTMLElement>(name: string) => form.querySelector<T>(`[data-part=${name}]`)!;
  const [box, search, stop, said, curve, save] = ['tradeoff', 'search', 'stop', 'searched', 'curve', 'curve-csv'].map(
    part,
  );
  const progress = form.querySelector<HTMLProgressElement>('progress')!;
  let worker: Worker | undefined;
  let found: Frontier | undefined;
  box.hidden = false;

  function ended(text: string): void {
    worker?.terminate();
    worker = undefined;
    said.textContent = text;
    progress.hidden = true;
    stop.hidden = true;
    search.hidden = false;
  }

  search.addEventListener('click', () => {
    const asked = designer.asked();
    if (!asked) return;
    const started = performance.now();
    worker = new Worker(script, { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<CarbonReply>) => {
      if (data.kind === 'done') progress.value = data.share;
      else if (data.kind === 'failed') ended(`The search could not be made: ${data.why}`);
      else if (data.kind === 'tradeoff') {
        found = data.found;
        curve.innerHTML = frontierReport(found, designer.shown()).text;
        save.hidden = found.points.length === 0;
        ended(`Found in ${((performance.now() - started) / 1000).toFixed(0)} s, in this browser.`);
      }
    });
    worker.addEventListener('error', () => ended('The search could not be started here.'));
    worker.postMessage({ kind: 'tradeoff', ...asked } satisfies CarbonQuestion);
    said.textContent = 'Running some hundred designs …';
    progress.value = 0;
    progress.hidden = false;
    stop.hidden = false;
    search.hidden = true;
  });
  stop.addEventListener('click', () => ended('Stopped.'));
  curve.addEventListener('click', event => {
    const take = (event.target as HTMLElement).dataset['take'];
    if (take !== undefined && found) designer.take(found.points[Number(take)].values);
  });
  save.addEventListener('click', event => {
    event.preventDefault();
    if (!found) return;
    const { columns, rows } = frontierTable(found);
    saveAs('capture-tradeoff.csv', 'text/csv', formatCsv(columns, rows));
  });
}
