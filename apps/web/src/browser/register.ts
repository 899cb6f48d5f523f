// The file field of /carbon/register: the file is read and audited here, and sent nowhere.
import { formatCsv } from '@madang/numerics';
import { type Audited, readEvents, registerReport, registerTable } from '../carbon/register.ts';
import { saveAs } from './download.ts';

const LARGEST_BYTES = 16 * 1024 * 1024;

function register(form: HTMLFormElement): void {
  const part = (name: string) => document.querySelector<HTMLElement>(`[data-part=${name}]`)!;
  const [report, said, table] = ['report', 'said', 'table'].map(part);
  const input = form.querySelector<HTMLInputElement>('input[type=file]')!;
  let audited: Audited | undefined;
  form.hidden = false;
  const say = (text: string, wrong: boolean) => {
    said.textContent = text;
    said.classList.toggle('wrong', wrong);
  };
  input.addEventListener('change', async () => {
    const file = input.files?.[0];
    if (!file) return;
    if (file.size > LARGEST_BYTES)
      return say(`${file.name} has ${file.size} bytes; up to ${LARGEST_BYTES} are read here.`, true);
    try {
      audited = readEvents(await file.text(), file.name);
      report.innerHTML = registerReport(audited).text;
      say(`${file.name} was checked in this browser.`, false);
    } catch (error) {
      say(`${error instanceof Error ? error.message : String(error)}. What is shown has not changed.`, true);
    }
  });
  table.addEventListener('click', event => {
    if (!audited) return;
    event.preventDefault();
    const { columns, rows } = registerTable(audited, 'page /carbon/register in a browser');
    saveAs('register.csv', 'text/csv', formatCsv(columns, rows));
  });
}

for (const form of document.querySelectorAll<HTMLFormElement>('form.register')) register(form);
