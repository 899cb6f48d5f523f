// The form of /carbon: sliders beside fields, and a click that runs the column in a worker. A newer run ends an older one. The address holds the design.
import { formatCsv } from '@madang/numerics';
import { type CarbonAnswer, designFrom, FIELDS, queryOf, startValues, type Values } from '../carbon/design.ts';
import { carbonReport, inShort } from '../carbon/report.ts';
import { carbonTable, OWN_PROVENANCE } from '../carbon/table.ts';
import type { CarbonReply } from './carbon-worker.ts';

function designer(form: HTMLFormElement): void {
  const script = form.dataset['worker'];
  const report = form.querySelector<HTMLElement>('[data-part=report]');
  const said = form.querySelector<HTMLElement>('[data-part=said]');
  const button = form.querySelector<HTMLButtonElement>('button[type=submit]');
  const table = form.querySelector<HTMLAnchorElement>('[data-part=table]');
  if (!script || !report || !said || !button || !table) return;
  const fieldOf = (key: string) => form.querySelector<HTMLInputElement>(`#n-${key}`)!;
  let worker: Worker | undefined;
  button.hidden = false;

  /** The values of the fields, or the name of the first that cannot be used. */
  function read(): { readonly values: Values } | { readonly wrong: string } {
    for (const f of FIELDS) {
      const x = Number(fieldOf(f.key).value);
      if (fieldOf(f.key).value.trim() === '' || !(x >= f.low && x <= f.high))
        return { wrong: `${f.label} must be between ${f.low} and ${f.high} ${f.unit}.` };
    }
    return { values: { ...startValues, ...designFrom(key => fieldOf(key).value) } };
  }

  function offer(answer: CarbonAnswer): void {
    URL.revokeObjectURL(table!.href);
    const { columns, rows } = carbonTable(answer, OWN_PROVENANCE);
    table!.href = URL.createObjectURL(new Blob([formatCsv(columns, rows)], { type: 'text/csv' }));
    table!.hidden = false;
  }

  function run(): void {
    const asked = read();
    worker?.terminate();
    worker = undefined;
    if ('wrong' in asked) {
      said!.textContent = asked.wrong;
      return;
    }
    const query = queryOf(asked.values);
    history.replaceState(null, '', query === '' ? '/carbon' : `/carbon?${query}`);
    said!.textContent = 'Running the column …';
    report!.setAttribute('aria-busy', 'true');
    const w = new Worker(script!, { type: 'module' });
    worker = w;
    const done = (text: string) => {
      said!.textContent = text;
      report!.removeAttribute('aria-busy');
      w.terminate();
    };
    w.addEventListener('message', ({ data }: MessageEvent<CarbonReply>) => {
      if (!data.ok) return done(`The column could not be run: ${data.why}`);
      report!.innerHTML = carbonReport(data.answer).text;
      offer(data.answer);
      const seconds = (data.answer.milliseconds / 1000).toFixed(1);
      done(
        data.answer.steady.converged
          ? `Converged in ${seconds} s, in this browser. ${inShort(data.answer)}`
          : `Did not converge, after ${seconds} s in this browser.`,
      );
    });
    w.addEventListener('error', () => done('The column could not be started here.'));
    w.postMessage(asked.values);
  }

  const changed = () => {
    said.textContent = 'Changed: the figures above are of the last run.';
  };
  for (const slider of form.querySelectorAll<HTMLInputElement>('input[type=range]')) {
    const field = fieldOf(slider.dataset['key']!);
    slider.hidden = false;
    slider.addEventListener('input', () => {
      field.value = slider.value;
      changed();
    });
    slider.addEventListener('change', run);
    field.addEventListener('input', () => {
      slider.value = field.value;
      changed();
    });
    field.addEventListener('change', run);
  }
  form.addEventListener('submit', event => {
    event.preventDefault();
    run();
  });
  if (queryOf(designFrom(key => fieldOf(key).value)) !== '') run();
}

for (const form of document.querySelectorAll<HTMLFormElement>('form.carbon')) designer(form);
