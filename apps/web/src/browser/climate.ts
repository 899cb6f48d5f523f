// The sliders of /climate: each with its number field; a move asks the worker, and only the newest move is answered. The address holds the state.
import type { YearBand } from '../charts/band.ts';
import { climatePicture } from '../climate/picture.ts';
import { EMISSIONS_YEAR, idleValues, type LeverValues, SLIDERS, valuesFrom } from '../climate/sliders.ts';
import type { ClimateQuestion, ClimateReply } from './climate-worker.ts';

/** What the policies do to emissions, in a sentence. */
function emitted(before: number | undefined, now: number | undefined): string {
  if (before === undefined || now === undefined) return '';
  return ` Fossil CO₂ less what is captured, ${EMISSIONS_YEAR}: ${now.toFixed(1)} Gt, ${before.toFixed(1)} without policies.`;
}

function climate(form: HTMLFormElement): void {
  const { data: address, worker: script } = form.dataset;
  const picture = form.querySelector<HTMLElement>('[data-part=picture]');
  const said = form.querySelector<HTMLElement>('[data-part=said]');
  if (!address || !script || !picture || !said) return;
  const members = Number(form.dataset['members']);
  let values: LeverValues = valuesFrom(key => form.querySelector<HTMLInputElement>(`#n-${key}`)?.value);
  let worker: Worker | undefined;
  let base: (YearBand & { readonly fossil: number | undefined }) | undefined;
  let ready = false;
  let busy = false;
  let waiting = false;

  const ask = (question: ClimateQuestion) => worker!.postMessage(question);

  function start(): Worker {
    const w = new Worker(script!, { type: 'module' });
    w.addEventListener('message', ({ data: reply }: MessageEvent<ClimateReply>) => {
      if (reply.kind === 'failed') {
        said!.textContent = `The model could not run here: ${reply.why}. “Show” asks the hub instead.`;
        busy = false;
      } else if (reply.kind === 'ready') {
        ready = true;
        // The first answer is that of no policy: what all others are compared with.
        ask({ kind: 'move', values: idleValues });
      } else {
        const band = { firstYear: reply.firstYear, rows: reply.rows, fossil: reply.fossil };
        if (base === undefined) {
          base = band;
          waiting = true;
        } else {
          const open = picture!.querySelector('details')?.open ?? false;
          picture!.innerHTML = climatePicture(base, band, members).text;
          picture!.querySelector('details')!.open = open;
          said!.textContent = `${members} members in ${Math.round(reply.milliseconds)} ms, in this browser.${emitted(base.fossil, band.fossil)}`;
        }
        busy = false;
        if (waiting) move();
      }
    });
    w.addEventListener('error', () => {
      said!.textContent = 'The model could not be started here. “Show” asks the hub instead.';
    });
    said!.textContent = 'Downloading the ensemble';
    busy = true;
    w.postMessage({ kind: 'tables', address: address! } satisfies ClimateQuestion);
    return w;
  }

  function move(): void {
    worker ??= start();
    if (!ready || busy) {
      waiting = true;
      return;
    }
    waiting = false;
    busy = true;
    ask({ kind: 'move', values });
  }

  function set(key: string, text: string): void {
    const s = SLIDERS.find(x => x.key === key)!;
    const x = Number(text);
    if (text.trim() === '' || !(x >= s.low && x <= s.high)) return;
    values = { ...values, [key]: x };
    const changed = SLIDERS.filter(l => values[l.key] !== l.idle).map(l => `${l.key}=${values[l.key]}`);
    history.replaceState(null, '', changed.length > 0 ? `/climate?${changed.join('&')}` : '/climate');
    move();
  }

  for (const slider of form.querySelectorAll<HTMLInputElement>('input[type=range]')) {
    const key = slider.dataset['key']!;
    const field = form.querySelector<HTMLInputElement>(`#n-${key}`)!;
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
  form.querySelector<HTMLButtonElement>('button[type=submit]')!.hidden = true;
}

for (const form of document.querySelectorAll<HTMLFormElement>('form.climate')) climate(form);
