// A sorbent out of the reader's own table, in place of the fields: read here, checked as the command line checks it, and sent nowhere.
import { readSorbent, type Sorbent } from '@madang/carbon';
import { parseCsv, type Table } from '@madang/numerics';

/** `use`: the sorbent that was chosen, or nothing when the fields count again. */
export function ownSorbent(form: HTMLFormElement, use: (sorbent: Sorbent | undefined) => void): void {
  const part = (name: string) => form.querySelector<HTMLElement>(`[data-part=${name}]`)!;
  const [box, said, back, fields] = ['own', 'own-said', 'back', 'sorbent-fields'].map(part);
  const file = form.querySelector<HTMLInputElement>('#own-file')!;
  const row = form.querySelector<HTMLSelectElement>('#own-row')!;
  let table: Table | undefined;
  box.hidden = false;

  function say(text: string, wrong: boolean): void {
    said.textContent = text;
    said.classList.toggle('wrong', wrong);
  }

  function choose(): void {
    try {
      const sorbent = readSorbent(table!, file.files?.[0]?.name ?? 'table', row.value);
      say(`${sorbent.name} of your table is in use; the fields of the sorbent are not.`, false);
      fields.hidden = true;
      back.hidden = false;
      use(sorbent);
    } catch (error) {
      say(`This sorbent cannot be used: ${error instanceof Error ? error.message : String(error)}`, true);
    }
  }

  file.addEventListener('change', async () => {
    const given = file.files?.[0];
    if (!given) return;
    try {
      table = parseCsv(await given.text(), given.name);
      row.replaceChildren(...table.text('row').map(name => new Option(name, name)));
      row.parentElement!.hidden = false;
      choose();
    } catch (error) {
      say(`This file cannot be read: ${error instanceof Error ? error.message : String(error)}`, true);
    }
  });
  row.addEventListener('change', choose);
  back.addEventListener('click', () => {
    file.value = '';
    fields.hidden = false;
    back.hidden = true;
    row.parentElement!.hidden = true;
    say('', false);
    use(undefined);
  });
}
