// Where the public pages join the hub: each address makes a model of what the hub may show to anyone, and @madang/web draws it.
// Every page goes out compressed, under a policy that lets it load nothing from elsewhere.
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { formatCsv } from '@madang/numerics';
import {
  type CarbonAnswer,
  carbonAnswer,
  designFrom,
  drawCarbon,
  drawClimate,
  drawEnergy,
  drawEntry,
  drawForecast,
  drawLog,
  drawMember,
  drawMembers,
  drawNotFound,
  drawStatus,
  drawStudies,
  drawStudy,
  drawToday,
  drawVerify,
  drawWeather,
  FIELDS,
  forecastFrame,
  type GridAnswer,
  type PlaceForecasts,
  type Site,
  SLIDERS,
  startValues,
  type WeatherModel,
} from '@madang/web';
import type { Context } from 'hono';
import type { Hub } from '../hub.ts';
import { builtAssets } from '../pages/assets.ts';
import { type ClimateDesk, climateDesk } from '../pages/climate.ts';
import { installedGrid } from '../pages/energy.ts';
import { type ForecastBook, type Foretold, forecastBook, rowsOfPlace } from '../pages/forecast-book.ts';
import { entryLines, entryModel, logModel, memberLines, memberModel, nameIn, studyLines } from '../pages/people.ts';
import { siteOf } from '../pages/site.ts';
import { dataKindOf, studyModel } from '../pages/studies.ts';
import { installedWeather } from '../pages/weather.ts';
import type { PagesPlugin } from './app.ts';

const VERSION = '0.1.0';
const GUARDS = {
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};
const KEPT_PAGES = 200;
/** Everything in an address's query that any page depends on. */
const PARAMETERS = ['as-of', 'before', 'kind', 'station', ...SLIDERS.map(s => s.key), ...FIELDS.map(f => f.key)];

export const pages: PagesPlugin = (app, hub) => {
  const { assets, files } = builtAssets();
  const site = siteOf(hub, assets);
  const book = forecastBook(
    hub.database.db,
    hub.blobs,
    opening => hub.state.studies[hub.state.openings[opening]]?.proposedAt ?? 0,
  );
  const show = drawing(hub, site);
  const index = (text: string | undefined) =>
    text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

  app.get('/', c =>
    show(c, async s => {
      await book.refresh();
      const { state } = hub;
      const days = book.days();
      const asked = c.req.query('as-of');
      if (asked !== undefined && !days.includes(asked)) return undefined;
      const day = asked ?? days.at(-1) ?? '';
      const targets = book.targets().flatMap(target => {
        const places = book.places(target).flatMap(p => {
          const fans = p.fans.filter(f => f.asOf <= day);
          return fans.length > 0 ? [withData(hub, { ...p, fans })] : [];
        });
        return places.length > 0 ? [{ target, places }] : [];
      });
      // The study to show: the one behind the forecasts, else the newest.
      const opening = openingOf(book);
      const chosen = (opening === undefined ? undefined : state.openings[opening]) ?? Object.keys(state.studies).at(-1);
      const study = chosen === undefined ? undefined : await studyModel(hub, chosen);
      return drawToday(s, {
        regions: regionsOf(c),
        targets,
        days,
        day,
        ...(study ? { study } : {}),
        members: await memberLines(hub),
        recent: await entryLines(hub, { limit: 10, acts: true }),
        unreadable: book.unreadable,
      });
    }),
  );
  app.get('/members', c => show(c, async s => drawMembers(s, await memberLines(hub))));
  app.get('/members/:org', c =>
    show(
      c,
      async s => {
        const model = await memberModel(hub, c.req.param('org'));
        return model && drawMember(s, model);
      },
      'member',
    ),
  );
  app.get('/studies', c => show(c, async s => drawStudies(s, studyLines(hub.state))));
  app.get('/studies/:id', async c => {
    const id = c.req.param('id');
    if (id.endsWith('.json')) {
      const model = await studyModel(hub, id.slice(0, -5));
      return model ? c.json(model) : c.notFound();
    }
    return show(
      c,
      async s => {
        const model = await studyModel(hub, id);
        return model && drawStudy(s, model);
      },
      'study',
    );
  });
  app.get('/log', async (c): Promise<Response> => {
    const jump = index(c.req.query('n'));
    if (jump !== undefined) return c.redirect(`/log/${jump}`, 303);
    const kind = c.req.query('kind');
    const known = kind !== undefined && /^[a-z][a-z.-]{0,40}$/.test(kind) ? kind : undefined;
    return show(c, async s => drawLog(s, await logModel(hub, index(c.req.query('before')), known)));
  });
  app.get('/log/:n', c =>
    show(
      c,
      async s => {
        const n = index(c.req.param('n'));
        const model = n === undefined ? undefined : await entryModel(hub, n);
        return model && drawEntry(s, model);
      },
      'entry',
    ),
  );
  app.get('/status', c =>
    show(c, async s =>
      drawStatus(s, {
        members: await memberLines(hub),
        studies: studyLines(hub.state),
        engine: hub.database.engine,
        ageSeconds: hub.options.now() - hub.state.time,
        inadmissible: Object.entries(hub.state.inadmissible).map(([i, x]) => ({ ...x, index: Number(i) })),
        version: VERSION,
      }),
    ),
  );
  app.get('/verify', c => show(c, async s => drawVerify(s)));
  app.get('/forecasts.csv', async c => {
    await book.refresh();
    const newest = book.targets().flatMap(t => book.places(t).map(p => ({ ...p, fans: p.fans.slice(-1) })));
    return csv(c, await csvRows(hub, book, newest));
  });
  app.get('/forecasts/:target/:place', async c => {
    await book.refresh();
    const { target, place: asked } = c.req.param();
    const form = /\.(csv|json)$/.exec(asked)?.[1];
    const found = book.place(target, form ? asked.slice(0, -form.length - 1) : asked);
    const p = found && withData(hub, found);
    if (form === 'csv' && found) return csv(c, await csvRows(hub, book, [found]));
    if (form === 'json' && p) return c.json(p);
    if (form) return c.notFound();
    const day = c.req.query('as-of');
    const shown = p ? (day === undefined ? p.fans.length - 1 : p.fans.findIndex(f => f.asOf === day)) : -1;
    const names = nameIn(hub.state);
    if (c.req.query('frame') !== undefined && p && shown >= 0)
      return send(c, forecastFrame(p, shown, names).text, 'text/html; charset=utf-8');
    return show(c, async s => (p && shown >= 0 ? drawForecast(s, p, shown, names) : undefined), 'forecast');
  });
  const climate = installedClimate(hub);
  app.get('/climate', c =>
    show(c, async s =>
      drawClimate(
        s,
        climate()?.model(key => c.req.query(key)),
      ),
    ),
  );
  app.get('/climate/tables.json', c => {
    const desk = climate();
    return desk ? send(c, desk.tables, 'application/json') : c.notFound();
  });
  app.get('/climate.csv', c => {
    const table = climate()?.csv(key => c.req.query(key));
    return table ? csv(c, formatCsv(table.columns, table.rows)) : c.notFound();
  });
  let solved: GridAnswer | undefined;
  const grid = () => {
    try {
      solved ??= installedGrid(process.env['MADANG_GRID']);
    } catch (error) {
      hub.options.log(`MADANG_GRID: ${error instanceof Error ? error.message.slice(0, 500) : String(error)}`);
      solved = installedGrid(undefined);
    }
    return solved;
  };
  app.get('/energy', c => show(c, async s => drawEnergy(s, grid())));
  app.get('/energy.json', c => c.json(grid()));
  let column: CarbonAnswer | undefined;
  const startColumn = () => (column ??= carbonAnswer(startValues, () => performance.now()));
  app.get('/carbon', c =>
    show(c, async s =>
      drawCarbon(
        s,
        startColumn(),
        designFrom(key => c.req.query(key)),
      ),
    ),
  );
  app.get('/carbon.json', c => c.json(startColumn()));
  let sky: WeatherModel | undefined;
  const weather = () => {
    try {
      sky ??= installedWeather(process.env['MADANG_WEATHER']);
    } catch (error) {
      hub.options.log(`MADANG_WEATHER: ${error instanceof Error ? error.message.slice(0, 500) : String(error)}`);
      sky = installedWeather(undefined);
    }
    return sky;
  };
  app.get('/weather', c => show(c, async s => drawWeather(s, weather(), c.req.query('station')), 'station'));
  app.get('/weather.json', c => c.json(weather()));
  app.get('/.well-known/madang', async c => {
    const { log, origin } = await site();
    return c.json({
      origin,
      root: log.rootId,
      fingerprint: log.rootWords.join(' '),
      verifier: assets.verifierDigest ?? null,
    });
  });
  app.get('/assets/:name', c => {
    const file = files.get(c.req.param('name'));
    if (!file) return c.notFound();
    const encoding = encodingOf(c);
    return new Response(file[encoding ?? 'plain'] as BodyInit, {
      headers: {
        ...GUARDS,
        // A worker lives under its own file's policy; the climate model's kernel is WebAssembly.
        'content-security-policy': "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
        'content-type': file.type,
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'accept-encoding',
        ...(encoding ? { 'content-encoding': encoding } : {}),
      },
    });
  });
};

/** The ensemble named by MADANG_CLIMATE, read when the page is first asked for; nothing if there is none or it cannot be read. */
function installedClimate(hub: Hub): () => ClimateDesk | undefined {
  const path = process.env['MADANG_CLIMATE'];
  let desk: ClimateDesk | undefined;
  let tried = path === undefined || path === '';
  return () => {
    if (!tried) {
      tried = true;
      try {
        desk = climateDesk(path!);
      } catch (error) {
        hub.options.log(
          `MADANG_CLIMATE ${path}: ${error instanceof Error ? error.message.slice(0, 500) : String(error)}`,
        );
      }
    }
    return desk;
  };
}

type Draw = (site: Site) => Promise<string | undefined>;

/** Draws a page, or keeps the one drawn from the same log; an address that names nothing gets a page that says so. */
function drawing(hub: Hub, site: () => Promise<Site>): (c: Context, draw: Draw, what?: string) => Promise<Response> {
  const kept = new Map<string, { at: string; response: Response }>();
  return async (c, draw, what = 'page') => {
    const encoding = encodingOf(c);
    const url = new URL(c.req.url);
    // Only what a page looks at tells one drawing from another.
    const asked = PARAMETERS.map(p => url.searchParams.get(p) ?? '').join('&');
    const key = `${encoding} ${url.pathname} ${asked} ${url.pathname === '/' ? regionsOf(c) : ''}`;
    const at = `${hub.log.published?.size}/${hub.finality.final?.size}`;
    const same = kept.get(key);
    if (same?.at === at && url.pathname !== '/status') return same.response.clone();
    const s = await site();
    const text = await draw(s);
    if (text === undefined) return send(c, drawNotFound(s, what), 'text/html; charset=utf-8', 404);
    const response = send(c, text, 'text/html; charset=utf-8');
    kept.delete(key);
    kept.set(key, { at, response: response.clone() });
    if (kept.size > KEPT_PAGES) kept.delete(kept.keys().next().value!);
    return response;
  };
}

/** Regions of the reader's languages, `FR` out of `fr-FR,fr;q=0.9`; at most four. */
function regionsOf(c: Context): string[] {
  const header = (c.req.header('accept-language') ?? '').slice(0, 200);
  return [...new Set([...header.matchAll(/\b[a-z]{2,3}-([A-Z]{2})\b/g)].map(m => m[1]))].slice(0, 4);
}

function encodingOf(c: Context): 'br' | 'gzip' | undefined {
  const accepts = c.req.header('accept-encoding') ?? '';
  return /\bbr\b/.test(accepts) ? 'br' : /\bgzip\b/.test(accepts) ? 'gzip' : undefined;
}

function send(c: Context, text: string, type: string, status = 200): Response {
  const encoding = encodingOf(c);
  const bytes = new TextEncoder().encode(text);
  const body =
    encoding === 'br'
      ? brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
      : encoding === 'gzip'
        ? gzipSync(bytes)
        : bytes;
  return new Response(body as BodyInit, {
    status,
    headers: {
      ...GUARDS,
      'content-type': type,
      'cache-control': 'no-cache',
      vary: 'accept-encoding, accept-language',
      ...(encoding ? { 'content-encoding': encoding } : {}),
    },
  });
}

function csv(c: Context, text: string): Response {
  return send(c, text, 'text/csv; charset=utf-8');
}

function openingOf(book: ForecastBook): string | undefined {
  const [target] = book.targets();
  return target === undefined ? undefined : book.places(target)[0]?.opening;
}

function withData(hub: Hub, { opening, ...rest }: Foretold): PlaceForecasts {
  const study = hub.state.studies[hub.state.openings[opening]];
  return { ...rest, data: study ? dataKindOf(study.title) : 'unstated' };
}

/** The rows as their members signed them, and where each comes from: what the data are, who signed, the entry in the log. */
async function csvRows(hub: Hub, book: ForecastBook, places: readonly Foretold[]): Promise<string> {
  const files = new Map<string, Uint8Array | undefined>();
  const rows: (string | number)[][] = [];
  let columns: readonly string[] | undefined;
  for (const p of places) {
    const { data } = withData(hub, p);
    for (const fan of p.fans) {
      const digest = book.csvOf(fan.entry)!;
      if (!files.has(digest)) files.set(digest, await hub.blobs.get(digest));
      const bytes = files.get(digest);
      if (!bytes) continue;
      const part = rowsOfPlace(bytes, p.place);
      columns ??= part.columns;
      const order = columns.map(c => part.columns.indexOf(c));
      for (const r of part.rows) rows.push([...order.map(i => (i < 0 ? '' : r[i])), data, fan.org, fan.entry]);
    }
  }
  return formatCsv([...(columns ?? ['location']), 'data', 'signed_by', 'log_entry'], rows);
}
