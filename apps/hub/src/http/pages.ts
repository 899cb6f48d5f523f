// Where the public pages join the hub: each address makes a model of what the hub may show to anyone, and @madang/web draws it. Here those of the log itself;
// forecasts and sciences have files of their own.
import {
  drawCompute,
  drawEntry,
  drawLog,
  drawMember,
  drawMembers,
  drawStandalone,
  drawStatus,
  drawStudies,
  drawStudy,
  drawVerify,
  SHOWN_JOBS,
  type StandaloneParts,
} from '@madang/web';
import type { Context } from 'hono';
import { builtAssets } from '../pages/assets.ts';
import { itemProof } from '../pages/item-proof.ts';
import { entryModel, logModel, memberLines, memberModel } from '../pages/people.ts';
import { siteOf } from '../pages/site.ts';
import { studyLines, studyModel } from '../pages/studies.ts';
import type { PagesPlugin } from './app.ts';
import { backendLines, jobLines } from './compute.ts';
import { drawing, encodingOf, GUARDS, send, sendJson } from './drawing.ts';
import { addForecastPages } from './forecast-pages.ts';
import { addSciencePages } from './science-pages.ts';

const VERSION = '0.1.0';

export const pages: PagesPlugin = (app, hub) => {
  const { assets, files, standalone } = builtAssets();
  const site = siteOf(hub, assets);
  const show = drawing(hub, site);
  const index = (text: string | undefined) =>
    text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

  addForecastPages(app, hub, site);
  addSciencePages(app, hub, site);
  app.get('/compute', c =>
    show(c, async s =>
      drawCompute(s, { backends: backendLines(hub), jobs: await jobLines(hub, { limit: SHOWN_JOBS }) }),
    ),
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
      return model ? sendJson(c, model) : c.notFound();
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
  app.get('/log/:n/proof.json', async c => {
    const n = index(c.req.param('n'));
    const proof = n === undefined ? undefined : await itemProof(hub, n);
    return proof ? sendJson(c, proof) : c.notFound();
  });
  app.get('/log/:n/proof.html', async c => {
    const n = index(c.req.param('n'));
    const proof = n === undefined ? undefined : await itemProof(hub, n);
    if (!proof || !standalone) return c.notFound();
    return savedPage(c, standalone, `madang-entry-${proof.index}.html`, {
      index: proof.index,
      json: JSON.stringify(proof),
    });
  });
  app.get('/verify/offline.html', c => (standalone ? savedPage(c, standalone, 'madang-verify.html') : c.notFound()));

  /** A page for the reader's disk. Its own policy stands in it, since no header comes with a file. */
  async function savedPage(
    c: Context,
    parts: NonNullable<typeof standalone>,
    name: string,
    proof?: NonNullable<StandaloneParts['proof']>,
  ): Promise<Response> {
    const { origin, log } = await site();
    const text = drawStandalone({ ...parts, origin, rootWords: log.rootWords, ...(proof ? { proof } : {}) });
    return send(c, text, 'text/html; charset=utf-8', 200, { 'content-disposition': `attachment; filename="${name}"` });
  }

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
  app.get('/forecasts', c => c.redirect('/', 303));
  // People get a page that leads on; programs, a problem document.
  app.get('*', (c, next) =>
    (c.req.header('accept') ?? '').includes('text/html') ? show(c, async () => undefined) : next(),
  );
};
