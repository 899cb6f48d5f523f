// The form of /carbon: sliders beside fields, and a click that runs the column in a worker. A newer run ends an older one. The address holds the design.
import type { Sorbent } from '@madang/carbon';
import { formatCsv } from '@madang/numerics';
import { columnFiles } from '../carbon/command.ts';
import { type CarbonAnswer, designFrom, FIELDS, queryOf, startValues, type Values } from '../carbon/design.ts';
import { carbonReport, inShort } from '../carbon/report.ts';
import { carbonTable, OWN_PROVENANCE } from '../carbon/table.ts';
import { ownSorbent } from './carbon-own.ts';
import { tradeOffPanel } from './carbon-tradeoff.ts';
import type { CarbonQuestion, CarbonReply } from './carbon-worker.ts';
import { saveAs } from './download.ts';

function designer(form: HTMLFormElement): void {
  const script = form.dataset['worker'];
  if (!script) return;
  const part = <T extends HTMLElement>(name: string) => form.querySelector<T>(`[data-part=${name}]`)!;
  const [report, said, table] = ['report', 'said', 'table'].map(part);
  const button = form.querySelector<HTMLButtonElement>('button[type=submit]')!;
  const fieldOf = (key: string) => form.querySelector<HTMLInputElement>(`#n-${key}`)!;
  let worker: Worker | undefined;
  let own: Sorbent | undefined;
  let shown: CarbonAnswer | undefined;
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

  function sayCommand(): void {
    const asked = read();
    part('command').textContent = 'wrong' in asked ? asked.wrong : columnFiles(asked.values, own).command;
  }

  function run(): void {
    const asked = read();
    worker?.terminate();
    worker = undefined;
    if ('wrong' in asked) {
      said.textContent = asked.wrong;
      return;
    }
    const query = queryOf(asked.values);
    history.replaceState(null, '', query === '' ? '/carbon' : `/carbon?${query}`);
    said.textContent = 'Running the column …';
    report.setAttribute('aria-busy', 'true');
    sayCommand();
    const w = new Worker(script!, { type: 'module' });
    worker = w;
    const done = (text: string) => {
      said.textContent = text;
      report.removeAttribute('aria-busy');
      w.terminate();
    };
    w.addEventListener('message', ({ data }: MessageEvent<CarbonReply>) => {
      if (data.kind === 'failed') done(`The column could not be run: ${data.why}`);
      if (data.kind !== 'design') return;
      shown = data.answer;
      report.innerHTML = carbonReport(shown).text;
      table.hidden = false;
      const seconds = (shown.milliseconds / 1000).toFixed(1);
      done(
        shown.steady.converged
          ? `Converged in ${seconds} s, in this browser. ${inShort(shown)}`
          : `Did not converge, after ${seconds} s in this browser.`,
      );
    });
    w.addEventListener('error', () => done('The column could not be started here.'));
    w.postMessage({ kind: 'design', values: asked.values, own } satisfies CarbonQuestion);
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
  table.addEventListener('click', event => {
    event.preventDefault();
    if (!shown) return;
    const { columns, rows } = carbonTable(shown, OWN_PROVENANCE);
    saveAs('capture-column.csv', 'text/csv', formatCsv(columns, rows));
  });
  part('cli').hidden = false;
  sayCommand();
  for (const [name, file, type] of [
    ['params', 'params.json', 'application/json'],
    ['sorbents', 'sorbents.csv', 'text/csv'],
  ] as const)
    part(name).addEventListener('click', () => {
      const asked = read();
      if ('values' in asked) saveAs(file, type, columnFiles(asked.values, own)[name]);
    });
  ownSorbent(form, found => {
    own = found;
    run();
  });
  tradeOffPanel(form, script, {
    asked: () => {
      const asked = read();
      if ('values' in asked) return { values: asked.values, own };
      said.textContent = asked.wrong;
      return undefined;
    },
    shown: () => shown,
    take(values) {
      for (const f of FIELDS) {
        fieldOf(f.key).value = String(values[f.key]);
        form.querySelector<HTMLInputElement>(`#r-${f.key}`)!.value = String(values[f.key]);
      }
      run();
      said.scrollIntoView({ block: 'nearest' });
    },
  });
  if (queryOf(designFrom(key => fieldOf(key).value)) !== '') run();
}

for (const form of document.querySelectorAll<HTMLFormElement>('form.carbon')) designer(form);
