// Reading the log: status, entries with their proofs, blobs, and the static files of tlog-tiles. Anyone may.
import { join } from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { fromUtf8, joinBundle, parseTilePath, readTile, toBase64 } from '@madang/trust';
import { folderStore } from '@madang/trust/folder';
import type { Hub } from '../hub.ts';
import { problemResponse } from './problem.ts';
import { forever, octets, routes } from './routes.ts';

export function addLogApi(app: OpenAPIHono, hub: Hub, version: string): void {
  const store = folderStore(join(hub.options.folder, 'log'));

  app.openapi(routes.status, c => {
    const s = hub.state;
    return c.json({
      origin: hub.options.origin,
      size: hub.log.published?.size ?? 0,
      finalSize: hub.finality.final?.size ?? 0,
      members: Object.values(s.members).filter(m => m.left === undefined).length,
      witnesses: s.root?.witnesses.length ?? 0,
      rules: s.rules,
      version,
      waits: hub.recall.refusal?.why,
    });
  });

  app.openapi(routes.entries, async c => {
    const { start, end } = c.req.valid('query');
    const size = hub.log.published?.size ?? 0;
    const last = Math.min(end, size, start + 1024);
    if (start >= last)
      return problemResponse({
        code: 'not-found',
        why: `the log has ${size} entries; ${start} to ${end} are not among them`,
      });
    const entries: Uint8Array[] = [];
    for await (const { entry } of hub.log.reader.entries(start, last)) entries.push(entry);
    return new Response(joinBundle(entries) as BodyInit, { headers: octets });
  });

  app.openapi(routes.entry, async c => {
    const { index } = c.req.valid('param');
    const final = hub.finality.final;
    const size = final && index < final.size ? final.size : (hub.log.published?.size ?? 0);
    if (index >= size)
      return problemResponse({ code: 'not-found', why: `the log has ${size} entries, 0 to ${size - 1}` });
    const note = final && size === final.size ? final.note : hub.log.checkpoint();
    const proof = await hub.log.inclusion(index, size);
    return c.json({
      index,
      entry: fromUtf8(await hub.log.entry(index)),
      proof: proof.map(toBase64),
      checkpoint: fromUtf8(note),
    });
  });

  app.openapi(routes.getBlob, async c => {
    const bytes = await hub.blobs.get(c.req.valid('param').digest);
    if (!bytes) return problemResponse({ code: 'not-found', why: 'this hub has no such blob' });
    return new Response(bytes as BodyInit, { headers: { ...octets, ...forever } });
  });

  app.get('/checkpoint', async () =>
    staticFile(await store.read('checkpoint'), {
      'cache-control': 'no-cache',
      'content-type': 'text/plain; charset=utf-8',
    }),
  );
  app.get('/checkpoint.final', async () =>
    staticFile(await store.read('checkpoint.final'), {
      'cache-control': 'no-cache',
      'content-type': 'text/plain; charset=utf-8',
    }),
  );
  app.get('/tile/*', async c => {
    const path = c.req.path.slice(1);
    return staticFile(parseTilePath(path) ? await readTile(store, path) : undefined, { ...octets, ...forever });
  });
}

function staticFile(bytes: Uint8Array | undefined, headers: Record<string, string>): Response {
  return bytes
    ? new Response(bytes as BodyInit, { headers })
    : problemResponse({ code: 'not-found', why: 'no such file' });
}
