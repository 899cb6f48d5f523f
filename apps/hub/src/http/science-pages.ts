// The pages that show nothing out of the log: climate, weather, energy, carbon, each with its twins as JSON and CSV. All computing is the science thread's.

import type { OpenAPIHono } from '@hono/zod-openapi';
import { formatCsv } from '@madang/numerics';
import {
  carbonJson,
  carbonTable,
  designFrom,
  drawCarbon,
  drawClimate,
  drawEnergy,
  drawRegister,
  drawWeather,
  EXAMPLE_EVENTS,
  EXAMPLE_REGISTER,
  readEvents,
  registerTable,
  type Site,
  SLIDERS,
  START_PROVENANCE,
  weatherTable,
} from '@madang/web';
import type { Context } from 'hono';
import type { Hub } from '../hub.ts';
import { scienceDesk } from '../pages/science-desk.ts';
import { gridRows, skillRows } from '../pages/science-tables.ts';
import type { Query } from '../pages/science-worker.ts';
import { drawing, send, sendCsv, sendJson } from './drawing.ts';
import { problemResponse } from './problem.ts';

/** Characters of a lever's text that are looked at. */
const LONGEST = 200;

export function addSciencePages(app: OpenAPIHono, hub: Hub, site: () => Promise<Site>): void {
  const desk = scienceDesk(hub.options.log);
  const show = drawing(hub, site);
  /** Addresses whose answer the science thread could not give. */
  const guarded = (path: string, answer: (c: Context) => Promise<Response>) =>
    app.get(path, async c => {
      try {
        return await answer(c);
      } catch (error) {
        hub.options.log(`${path}: ${error instanceof Error ? error.message.slice(0, 500) : String(error)}`);
        return problemResponse({ code: 'internal', why: 'this could not be computed; the log of the hub says why' });
      }
    });
  const table = (
    path: string,
    rows: (
      c: Context,
    ) => Promise<{ columns: readonly string[]; rows: readonly (readonly (string | number)[])[] } | undefined>,
  ) =>
    guarded(path, async c => {
      const t = await rows(c);
      return t ? sendCsv(c, formatCsv(t.columns, t.rows)) : c.notFound();
    });
  /** Only what the levers know, so that questions that mean the same are the same. */
  const levers = (c: Context): Query =>
    Object.fromEntries(
      [...SLIDERS.map(s => s.key), 'with'].flatMap(key =>
        c.req.query(key) === undefined ? [] : [[key, c.req.query(key)!.slice(0, LONGEST)]],
      ),
    );

  guarded('/climate', c => show(c, async s => drawClimate(s, await desk.ask('climate', levers(c)))));
  guarded('/climate/tables.json', async c => send(c, await desk.ask('climateTables'), 'application/json'));
  guarded('/climate/emissions.csv', async c => sendCsv(c, await desk.ask('climateEmissions')));
  guarded('/climate.svg', async c => send(c, await desk.ask('climateSvg', levers(c)), 'image/svg+xml'));
  guarded('/climate.json', async c => sendJson(c, await desk.ask('climateJson', levers(c))));
  guarded('/climate.csv', async c => {
    const { columns, rows } = await desk.ask('climateCsv', levers(c));
    return sendCsv(c, formatCsv(columns, rows));
  });

  guarded('/energy', c => show(c, async s => drawEnergy(s, await desk.ask('grid'))));
  guarded('/energy.json', async c => sendJson(c, await desk.ask('grid')));
  table('/energy.csv', async () => gridRows(await desk.ask('grid')));

  guarded('/carbon', c =>
    show(c, async s =>
      drawCarbon(
        s,
        await desk.ask('carbon'),
        designFrom(key => c.req.query(key)),
      ),
    ),
  );
  guarded('/carbon.json', async c => sendJson(c, carbonJson(await desk.ask('carbon'))));
  table('/carbon.csv', async () => carbonTable(await desk.ask('carbon'), START_PROVENANCE));

  guarded('/carbon/register', c => show(c, async s => drawRegister(s)));
  guarded('/carbon/register/example.jsonl', async c => send(c, `${EXAMPLE_EVENTS}\n`, 'application/jsonl'));
  table('/carbon/register.csv', async () =>
    registerTable(readEvents(EXAMPLE_EVENTS, EXAMPLE_REGISTER), 'page /carbon/register'),
  );

  guarded('/weather', c =>
    show(c, async s => drawWeather(s, await desk.ask('weather'), c.req.query('station')), 'station'),
  );
  /** Of one station where one is asked for; nothing of a station that the forecast does not have. */
  const weatherOf = async (station: string | undefined) => {
    const all = await desk.ask('weather');
    if (station === undefined) return all;
    const of = <T extends { readonly station: string }>(rows: readonly T[]) => rows.filter(r => r.station === station);
    const { forecasts, warnings } = all.forecast;
    const own = { ...all, forecast: { ...all.forecast, forecasts: of(forecasts), warnings: of(warnings) } };
    return own.forecast.forecasts.length > 0 ? own : undefined;
  };
  guarded('/weather.json', async c => {
    const m = await weatherOf(c.req.query('station'));
    return m ? sendJson(c, m) : c.notFound();
  });
  table('/weather.csv', async c => {
    const m = await weatherOf(c.req.query('station'));
    return m && weatherTable(m);
  });
  table('/weather/skill.csv', async () => skillRows(await desk.ask('weather')));
}
