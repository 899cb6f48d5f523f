// The file field of /weather: the reader's stations go to a worker, and what it answers takes the place of the hub's forecast. A newer choice ends an older one.
import { formatCsv } from '@madang/numerics';
import { weatherBody } from '../weather/body.ts';
import { stationsOf, type WeatherModel } from '../weather/model.ts';
import { weatherTable } from '../weather/table.ts';
import { saveAs } from './download.ts';
import type { WeatherReply } from './weather-worker.ts';

const SHOWN = 20;

function ownWeather(form: HTMLFormElement): void {
  const script = form.dataset['worker'];
  if (!script) return;
  const part = (name: string) => document.querySelector<HTMLElement>(`[data-part=${name}]`)!;
  const [place, said, noted, stop, table] = ['weather', 'said', 'noted', 'stop', 'table'].map(part);
  const input = form.querySelector<HTMLInputElement>('input[type=file]')!;
  let worker: Worker | undefined;
  let model: WeatherModel | undefined;
  let station = '';
  form.hidden = false;

  function say(text: string, wrong = false): void {
    said.textContent = text;
    said.classList.toggle('wrong', wrong);
  }

  function ended(): void {
    worker?.terminate();
    worker = undefined;
    stop.hidden = true;
  }

  function draw(): void {
    if (!model) return;
    const stations = stationsOf(model.forecast);
    if (!stations.includes(station)) station = stations[0];
    place.innerHTML = weatherBody(model, station).text;
    // Another station of the reader's is drawn here: the hub does not have it.
    place.querySelector('form')?.addEventListener('submit', event => {
      event.preventDefault();
      station = place.querySelector('select')!.value;
      draw();
      place.querySelector('select')!.focus();
    });
    // The hub's word that its weather is simulated, and the link of its table, have no part in this.
    document.querySelector('.notice')?.remove();
    place.querySelector('a[href^="/weather.csv"]')?.remove();
    table.hidden = false;
  }

  input.addEventListener('change', async () => {
    const files = [...(input.files ?? [])];
    if (files.length === 0) return;
    ended();
    noted.replaceChildren();
    say(`Learning from ${files.map(f => f.name).join(', ')} …`);
    const texts = await Promise.all(files.map(async f => ({ name: f.name, text: await f.text() })));
    const started = performance.now();
    const seconds = () => `${((performance.now() - started) / 1000).toFixed(0)} s`;
    worker = new Worker(script, { type: 'module' });
    stop.hidden = false;
    worker.addEventListener('message', ({ data }: MessageEvent<WeatherReply>) => {
      if (data.kind === 'failed') {
        say(`${data.why}. What is shown has not changed.`, true);
        ended();
      } else if (data.kind === 'forecast') {
        model = data.model;
        draw();
        say(`The next days were learnt in ${seconds()}, in this browser; now the year that training never saw …`);
        const more = data.noted.length - SHOWN;
        noted.replaceChildren(
          ...[...data.noted.slice(0, SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].map(text => {
            const item = document.createElement('li');
            item.textContent = text;
            return item;
          }),
        );
      } else {
        if (model && data.backtest) model = { ...model, backtest: data.backtest };
        draw();
        say(
          data.backtest
            ? `Learnt and tried in ${seconds()}, in this browser. Nothing was sent.`
            : 'Learnt in this browser. For a record the files hold too few years: two before a whole one are needed.',
        );
        ended();
      }
    });
    worker.addEventListener('error', () => {
      say('The model could not be started here.', true);
      ended();
    });
    worker.postMessage(texts);
  });
  stop.addEventListener('click', () => {
    ended();
    say('Stopped.');
  });
  table.addEventListener('click', event => {
    event.preventDefault();
    if (!model) return;
    const { columns, rows } = weatherTable(model);
    saveAs('forecast.csv', 'text/csv', formatCsv(columns, rows));
  });
}

for (const form of document.querySelectorAll<HTMLFormElement>('form.own-weather')) ownWeather(form);
