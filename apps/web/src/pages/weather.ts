// /weather?station=NAME : the next ten days at a station as fans, spells to be warned of, and how good such forecasts were in a year not seen in training; and the
// same of the reader's own stations, learnt in the browser.
import { html } from '../html/html.ts';
import { document } from '../html/layout.ts';
import type { Site } from '../models.ts';
import { weatherBody } from '../weather/body.ts';
import { stationsOf, type WeatherModel } from '../weather/model.ts';
import { stationName } from '../weather/words.ts';

/** Undefined for a station that the forecast does not have. */
export function drawWeather(site: Site, m: WeatherModel, asked?: string): string | undefined {
  const stations = stationsOf(m.forecast);
  const station = asked ?? stations[0];
  if (station === undefined || !stations.includes(station)) return undefined;
  const only = asked === undefined ? '' : `?station=${encodeURIComponent(station)}`;
  return document(site, {
    title: `Weather: ${stationName(station)}`,
    section: '/weather',
    apart: true,
    scripts: [site.assets.weather],
    twins: [
      [`/weather.csv${only}`, 'CSV'],
      ...(m.backtest ? ([['/weather/skill.csv', 'scores as CSV']] as const) : []),
      [`/weather.json${only}`, 'JSON'],
    ],
    notice:
      m.simulated &&
      html`<aside class="notice" aria-label="Simulated weather"><div class="wrap"><p><strong>Simulated weather.</strong> These stations do not exist; no figure here describes the world.</p></div></aside>`,
    body: html`<div data-part="weather">${weatherBody(m, station)}</div>
<section class="panel" aria-labelledby="own"><h2 id="own">Your own stations</h2>
<form class="own-weather"${site.assets.weatherWorker && html` data-worker="${site.assets.weatherWorker}"`} hidden><p>The files that <code>madang weather forecast --data</code> takes: <code>stations.csv</code> and <code>daily_….csv</code>, some years of daily values. The model learns from them in this browser; nothing is sent anywhere, and no neighbour helps but those in your files.</p><p><label for="rows">stations.csv and daily files</label> <input type="file" id="rows" accept=".csv,text/csv" multiple> <button type="button" class="quiet" data-part="stop" hidden>Stop</button> <a href="/weather.csv" data-part="table" download="forecast.csv" hidden>Your forecast as CSV</a></p><p class="hint" role="status" data-part="said"></p><ul class="plain" data-part="noted"></ul></form>
<noscript><p>This needs script. In a terminal: <code>npx madang weather forecast --data FOLDER</code></p></noscript></section>`,
  });
}
