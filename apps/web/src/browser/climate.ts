// The sliders of /climate: each with its number field; a move asks the worker, and only the newest move is answered. The address holds the plan and the kept one.
import { formatCsv } from '@madang/numerics';
import { climatePicture, climatePlans, inShort, type Shown } from '../climate/picture.ts';
import { climateQuery, fossilIn, planCommand, planFrom } from '../climate/plan.ts';
import { EMISSIONS_YEAR, idleValues, type LeverValues, SLIDERS, valuesFrom } from '../climate/sliders.ts';
import { climateFile, climateTable } from '../climate/table.ts';
import type { ClimateQuestion, ClimateReply } from './climate-worker.ts';
import { saveAs } from './download.ts';

/** What the policies do to emissions, in a sentence. */
function emitted({ base, plan }: Shown): string {
  const [before, now] = [fossilIn(base, EMISSIONS_YEAR), fossilIn(plan, EMISSIONS_YEAR)];
  if (before === undefined || now === undefined) return '';
  return ` Fossil CO₂ less what is captured, ${EMISSIONS_YEAR}: ${now.toFixed(1)} Gt, ${before.toFixed(1)} without policies.`;
}

function climate(form: HTMLFormElement): void {
  const { data: address, worker: script, cite = '', note = '', scenario: hubScenario = '' } = form.dataset;
  const part = <T extends HTMLElement>(name: string) => form.querySelector<T>(`[data-part=${name}]`)!;
  if (!address || !script) return;
  const [picture, plans, said, show, own, ownSaid] = ['picture', 'plans', 'said', 'show', 'own', 'own-said'].map(part);
  const file = form.querySelector<HTMLInputElement>('input[type=file]')!;
  const fieldOf = (key: string) => form.querySelector<HTMLInputElement>(`#n-${key}`)!;
  const withText = new URL(location.href).searchParams.get('with');
  let values: LeverValues = valuesFrom(key => fieldOf(key).value);
  let kept: LeverValues | undefined = withText === null ? undefined : planFrom(withText);
  let scenario = hubScenario;
  let sources = { cite, note };
  let shown: Shown | undefined;
  let worker: Worker | undefined;
  let ready = false;
  let busy = false;
  let waiting = false;
  let chosen: { readonly text: string; readonly name: string } | 'hub' | undefined;

  const ask = (question: ClimateQuestion) => {
    busy = true;
    worker!.postMessage(question);
  };

  /** A worker that failed is let go: the next move tries anew, and meanwhile the hub can be asked. */
  function failed(why: string): void {
    said.textContent = `The model could not run here: ${why}. “Show” asks the hub instead; another move tries again.`;
    show.hidden = false;
    worker?.terminate();
    worker = undefined;
    ready = false;
    busy = false;
  }

  function start(): Worker {
    const w = new Worker(script!, { type: 'module' });
    w.addEventListener('message', ({ data: reply }: MessageEvent<ClimateReply>) => {
      busy = false;
      if (reply.kind === 'failed') {
        failed(reply.why);
        return;
      }
      if (reply.kind === 'ready') {
        ready = true;
        show.hidden = true;
      } else if (reply.kind === 'band') draw(reply);
      else told(reply);
      if (waiting || reply.kind !== 'band') move();
    });
    w.addEventListener('error', () => failed('its script could not be loaded'));
    said.textContent = 'Downloading the ensemble';
    return w;
  }

  function draw(reply: Extract<ClimateReply, { kind: 'band' }>): void {
    const { base, plan, values: of, kept: beside } = reply;
    shown = { base, plan, values: of, scenario, ...(beside ? { kept: beside } : {}) };
    const open = plans.querySelector('details')?.open ?? false;
    picture.innerHTML = climatePicture(shown).text;
    plans.innerHTML = climatePlans(shown).text;
    plans.querySelector('details')!.open = open;
    said.textContent = `${inShort(shown)}; ${plan.final.length} members in ${Math.round(reply.milliseconds)} ms, in this browser.${emitted(shown)}`;
  }

  function told(reply: Extract<ClimateReply, { kind: 'own' | 'refused' }>): void {
    ownSaid.classList.toggle('wrong', reply.kind === 'refused');
    if (reply.kind === 'refused') {
      ownSaid.textContent = `This file cannot be run: ${reply.why}. Nothing has changed.`;
      return;
    }
    scenario = reply.scenario;
    const whose = `emissions of ${reply.given.join(', ')} from a file of the reader${reply.taken.length > 0 ? `, of other species from “${hubScenario}”` : ''}`;
    sources = { cite, note: reply.given.length === 0 ? note : `${whose}. ${note}`.trim() };
    part('command').textContent = planCommand(values, scenario);
    part('hub').hidden = reply.given.length === 0;
    const others = reply.others.length > 0 ? ` Its other scenarios are not run: ${reply.others.join(', ')}.` : '';
    const taken = reply.taken.length > 0 ? `; taken from “${hubScenario}”: ${reply.taken.join(', ')}` : '';
    ownSaid.textContent =
      reply.given.length === 0
        ? ''
        : `Scenario “${scenario}” of your file drives the ensemble: ${reply.given.join(', ')}${taken}.${others}`;
  }

  function move(): void {
    worker ??= start();
    if (busy) {
      waiting = true;
      return;
    }
    if (!ready) ask({ kind: 'tables', address: address! });
    else if (chosen !== undefined) {
      ask(chosen === 'hub' ? { kind: 'own' } : { kind: 'own', file: chosen });
      chosen = undefined;
    } else {
      waiting = false;
      ask({ kind: 'move', values, kept });
    }
  }

  /** The address and every link follow the plan. */
  function changed(): void {
    const query = climateQuery(values, kept);
    history.replaceState(null, '', `/climate${query}`);
    for (const a of document.querySelectorAll<HTMLAnchorElement>('a[href^="/climate."]'))
      a.setAttribute('href', `${a.getAttribute('href')!.replace(/\?.*$/, '')}${query}`);
    const [forget, rest] = [part<HTMLAnchorElement>('forget'), part<HTMLAnchorElement>('rest')];
    forget.hidden = kept === undefined;
    forget.href = `/climate${climateQuery(values)}`;
    rest.href = `/climate${climateQuery(idleValues, kept)}`;
    part('command').textContent = planCommand(values, scenario);
    move();
  }

  function set(key: string, text: string): void {
    const s = SLIDERS.find(x => x.key === key)!;
    const x = Number(text);
    if (text.trim() === '' || !(x >= s.low && x <= s.high)) {
      said.textContent = `${s.label} must be between ${s.low} and ${s.high} (${s.unit}); the picture is of ${values[key]}.`;
      return;
    }
    values = { ...values, [key]: x };
    changed();
  }

  for (const slider of form.querySelectorAll<HTMLInputElement>('input[type=range]')) {
    const key = slider.dataset['key']!;
    const field = fieldOf(key);
    slider.hidden = false;
    slider.addEventListener('input', () => {
      field.value = slider.value;
      set(key, slider.value);
    });
    field.addEventListener('input', () => {
      slider.value = field.value;
      set(key, field.value);
    });
  }
  show.hidden = true;
  own.hidden = false;
  const instead = (name: string, act: () => void) =>
    part(name).addEventListener('click', event => {
      event.preventDefault();
      act();
    });
  instead('keep', () => {
    kept = values;
    changed();
  });
  instead('forget', () => {
    kept = undefined;
    changed();
  });
  instead('rest', () => {
    values = idleValues;
    for (const s of SLIDERS) {
      fieldOf(s.key).value = String(s.idle);
      form.querySelector<HTMLInputElement>(`#r-${s.key}`)!.value = String(s.idle);
    }
    changed();
  });
  instead('hub', () => {
    chosen = 'hub';
    file.value = '';
    move();
  });
  file.addEventListener('change', async () => {
    const given = file.files?.[0];
    if (!given) return;
    ownSaid.classList.remove('wrong');
    ownSaid.textContent = `Reading ${given.name}`;
    chosen = { text: await given.text(), name: given.name };
    move();
  });
  // What has been run here is saved from here: also when the hub is gone, and of emissions that the hub never saw.
  for (const [name, type, text] of [
    ['csv', 'text/csv', (s: Shown) => asCsv(s)],
    ['svg', 'image/svg+xml', (s: Shown) => climateFile(s, sources)],
  ] as const)
    part<HTMLAnchorElement>(name).addEventListener('click', event => {
      if (!shown) return;
      event.preventDefault();
      saveAs(`climate-plan.${name}`, type, text(shown));
    });
  function asCsv(s: Shown): string {
    const { columns, rows } = climateTable(s, sources);
    return formatCsv(columns, rows);
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>('form.climate')) climate(form);
