// The pages of forecasts: the first page, a place, the replay's frames, and the same as tables. Signed forecasts come from the log's blobs, public figures
// beside them from the operator's folder.

import type { OpenAPIHono } from '@hono/zod-openapi';
import { formatCsv } from '@madang/numerics';
import {
  type Around,
  drawForecast,
  drawToday,
  type Fan,
  forecastFrame,
  overallOf,
  type PlaceForecasts,
  type Site,
  scoreOf,
  warnedWeeks,
} from '@madang/web';
import type { Hub } from '../hub.ts';
import { placeEvidence } from '../pages/evidence.ts';
import { type Figures, installedFigures } from '../pages/figures.ts';
import { type ForecastBook, type Foretold, forecastBook, rowsOfPlace } from '../pages/forecast-book.ts';
import { entryLines, memberLines, nameIn } from '../pages/people.ts';
import { dataKindOf, studyModel } from '../pages/studies.ts';
import { revisionRows, scoreRows } from '../pages/tables.ts';
import { breathe, drawing, regionsOf, send, sendCsv, sendJson } from './drawing.ts';

export function addForecastPages(app: OpenAPIHono, hub: Hub, site: () => Promise<Site>): void {
  const book = forecastBook(
    hub.database.db,
    hub.blobs,
    opening => hub.state.studies[hub.state.openings[opening]]?.proposedAt ?? 0,
  );
  let figures: Figures | undefined;
  const loading = installedFigures(process.env['MADANG_DISEASE'], hub.options.log).then(f => {
    figures = f;
  });
  const show = drawing(hub, site, () => (figures ? 'figures' : ''));

  /** A place with what its data are and what public figures say of it, up to a day. */
  function known({ opening, ...rest }: Foretold, until?: string): PlaceForecasts {
    const study = hub.state.studies[hub.state.openings[opening]];
    const fans = until === undefined ? rest.fans : rest.fans.filter(f => f.asOf <= until);
    const own = figures?.place(rest.target, rest.place);
    return {
      ...rest,
      fans,
      data: study ? dataKindOf(study.title) : 'unstated',
      ...(own && fans.length > 0 ? { evidence: placeEvidence(own, fans, book.quantilesOf) } : {}),
    };
  }

  // What the first reader would wait for is worked out when the hub has started, a place at a time between requests. Where that fails the first reader meets
  // the same fault, and is told.
  void Promise.all([book.refresh(), loading])
    .then(async () => {
      for (const target of book.targets())
        for (const place of book.places(target)) {
          known(place);
          await breathe();
        }
    })
    .catch(() => undefined);

  const around = (): Around => ({
    names: nameIn(hub.state),
    contributors: (fan: Fan) => {
      const study = fan.opening === undefined ? undefined : hub.state.studies[hub.state.openings[fan.opening]];
      return study?.opening?.rounds[String(fan.round)]?.transcript?.organisations;
    },
    ...(figures ? { figures: figures.source } : {}),
  });

  app.get('/', c =>
    show(c, async s => {
      await Promise.all([book.refresh(), loading]);
      const { state } = hub;
      const days = book.days();
      const asked = c.req.query('as-of');
      if (asked !== undefined && !days.includes(asked)) return undefined;
      const day = asked ?? days.at(-1) ?? '';
      const targets: { target: string; places: PlaceForecasts[] }[] = [];
      for (const target of book.targets()) {
        const places: PlaceForecasts[] = [];
        for (const p of book.places(target)) {
          const place = known(p, day);
          if (place.fans.length > 0) places.push(place);
          if (place.evidence) await breathe();
        }
        if (places.length > 0) targets.push({ target, places });
      }
      // The study to show: the one behind the forecasts, else the newest.
      const opening = openingOf(book);
      const chosen = (opening === undefined ? undefined : state.openings[opening]) ?? Object.keys(state.studies).at(-1);
      const study = chosen === undefined ? undefined : await studyModel(hub, chosen);
      // On an earlier day only what had come true by then counts.
      const before = asked === undefined ? '9999' : day;
      const score = overallOf(
        (targets[0]?.places ?? []).flatMap(p => {
          const came = p.evidence?.fans.flatMap(f => f.outcomes.filter(o => o.date < before)) ?? [];
          return scoreOf(came) ?? [];
        }),
      );
      const warned = (targets[0]?.places ?? []).flatMap(p => (p.evidence ? warnedWeeks(p.evidence, before) : []));
      return drawToday(s, {
        regions: regionsOf(c),
        targets,
        days,
        day,
        ...(score ? { score, warned } : {}),
        ...(figures ? { figures: figures.source } : {}),
        ...(study ? { study } : {}),
        members: await memberLines(hub),
        recent: await entryLines(hub, { limit: 10, acts: true }),
        unreadable: book.unreadable,
      });
    }),
  );

  app.get('/forecasts.csv', async c => {
    await book.refresh();
    const newest = book.targets().flatMap(t => book.places(t).map(p => ({ ...p, fans: p.fans.slice(-1) })));
    return sendCsv(c, await signedRows(newest));
  });

  app.get('/forecasts/:target/:place/:table{(observed|scores)\\.csv}', async c => {
    await Promise.all([book.refresh(), loading]);
    const { target, place, table } = c.req.param();
    const found = book.place(target, place);
    const own = figures?.place(target, place);
    if (!found || !own) return c.notFound();
    const rows =
      table === 'observed.csv' ? revisionRows(own, figures!.source) : scoreRows(known(found), figures!.source);
    return sendCsv(c, formatCsv(rows.columns, rows.rows));
  });

  app.get('/forecasts/:target/:place', async c => {
    await Promise.all([book.refresh(), loading]);
    const { target, place: asked } = c.req.param();
    const form = /\.(csv|json)$/.exec(asked)?.[1];
    const found = book.place(target, form ? asked.slice(0, -form.length - 1) : asked);
    if (form === 'csv' && found) return sendCsv(c, await signedRows([found]));
    if (form === 'json' && found) return sendJson(c, known(found));
    if (form) return c.notFound();
    const day = c.req.query('as-of');
    const shown = found ? (day === undefined ? found.fans.length - 1 : found.fans.findIndex(f => f.asOf === day)) : -1;
    if (c.req.query('frame') !== undefined && found && shown >= 0)
      return send(c, forecastFrame(known(found), shown, around()).text, 'text/html; charset=utf-8');
    return show(
      c,
      async s => (found && shown >= 0 ? drawForecast(s, known(found), shown, around()) : undefined),
      'forecast',
    );
  });

  /** The rows as their members signed them, and where each comes from: what the data are, who signed, the entry in the log. */
  async function signedRows(places: readonly Foretold[]): Promise<string> {
    const files = new Map<string, Uint8Array | undefined>();
    const rows: (string | number)[][] = [];
    let columns: readonly string[] | undefined;
    for (const p of places) {
      const { data } = known({ ...p, fans: [] });
      for (const fan of p.fans) {
        const digest = book.csvOf(fan.entry)!;
        if (!files.has(digest)) files.set(digest, await hub.blobs.get(digest));
        const bytes = files.get(digest);
        if (!bytes) continue;
        const part = rowsOfPlace(bytes, p.place);
        columns ??= part.columns;
        const order = columns.map(k => part.columns.indexOf(k));
        for (const r of part.rows) rows.push([...order.map(i => (i < 0 ? '' : r[i])), data, fan.org, fan.entry]);
      }
      await breathe();
    }
    return formatCsv([...(columns ?? ['location']), 'data', 'signed_by', 'log_entry'], rows);
  }
}

function openingOf(book: ForecastBook): string | undefined {
  const [target] = book.targets();
  return target === undefined ? undefined : book.places(target)[0]?.opening;
}
