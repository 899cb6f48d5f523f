// The hub's HTTP interface: static log tiles, statements, the mailbox, long polls, and the OpenAPI document made from the same schemas.

import { join } from 'node:path';
import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { digest, events, handle, LIMITS, problem, recallAnswer, receipt, status, topic } from '@madang/api';
import {
  formatAddCheckpoint,
  fromUtf8,
  joinBundle,
  parseTilePath,
  type Refusal,
  readTile,
  toBase64,
} from '@madang/trust';
import { folderStore } from '@madang/trust/folder';
import type { Context } from 'hono';
import { z } from 'zod';
import type { Hub } from '../hub.ts';
import { authenticator } from './authenticate.ts';
import { addCompute } from './compute.ts';
import { addOpenApi } from './openapi.ts';
import { problemResponse } from './problem.ts';
import { readBody } from './read-body.ts';
import { readRecall } from './recall.ts';

const VERSION = '0.1.0';
const octets = { 'content-type': 'application/octet-stream' };
/** Tiles and blobs never change under their name. */
const forever = { 'cache-control': 'public, max-age=31536000, immutable' };

// Typed as descriptions only: handlers answer with plain Responses, since every route may also answer with a problem document.
type Described = { readonly 200: { readonly description: string } };
const problems = {
  default: { description: 'Refused, with the reason', content: { 'application/problem+json': { schema: problem } } },
} as unknown as Record<never, never>;
const bytesBody = (what: string) => ({
  body: {
    content: {
      'application/octet-stream': { schema: z.string().openapi({ format: 'binary', description: what }) },
    },
  },
});
const answers = (description: string, schema: z.ZodType): Described =>
  ({ 200: { description, content: { 'application/json': { schema } } }, ...problems }) as Described;

const routes = {
  submit: createRoute({
    method: 'post',
    path: '/v1/statements',
    summary: 'Submit a signed statement (a DSSE envelope). Answered when it is on disk under a published checkpoint.',
    request: bytesBody('statement'),
    responses: answers('Admitted', receipt),
  }),
  status: createRoute({
    method: 'get',
    path: '/v1/status',
    summary: 'Size, members, rules of this hub.',
    responses: answers('Status', status),
  }),
  events: createRoute({
    method: 'get',
    path: '/v1/events',
    summary:
      'Waits up to 25 s for a newer final checkpoint; signed by a member also for a checkpoint to cosign and mail.',
    request: {
      query: z.object({
        final: z.coerce.number().int().nonnegative().default(0),
        witness: z.coerce.number().int().nonnegative().optional(),
        mail: z.coerce.number().int().nonnegative().default(0),
        recall: z.coerce.number().int().nonnegative().default(0),
        restored: z.coerce.number().int().nonnegative().default(0),
      }),
    },
    responses: answers('What is new', events),
  }),
  entries: createRoute({
    method: 'get',
    path: '/v1/entries',
    summary: 'Entries [start, end) as one tlog-tiles bundle, at most 1,024.',
    request: {
      query: z.object({ start: z.coerce.number().int().nonnegative(), end: z.coerce.number().int().positive() }),
    },
    responses: { 200: { description: 'Bundle' }, ...problems },
  }),
  entry: createRoute({
    method: 'get',
    path: '/entry/{index}',
    summary: 'One entry with its inclusion proof under the newest checkpoint.',
    request: { params: z.object({ index: z.coerce.number().int().nonnegative() }) },
    responses: answers(
      'Entry, proof, checkpoint',
      z.object({ index: z.number(), entry: z.string(), proof: z.array(z.string()), checkpoint: z.string() }),
    ),
  }),
  putBlob: createRoute({
    method: 'post',
    path: '/v1/blobs',
    summary: 'Store a blob (members only); named by its SHA-256.',
    request: bytesBody('blob'),
    responses: answers('Stored', z.object({ digest })),
  }),
  getBlob: createRoute({
    method: 'get',
    path: '/v1/blobs/{digest}',
    summary: 'A blob by its SHA-256.',
    request: { params: z.object({ digest }) },
    responses: { 200: { description: 'Bytes' }, ...problems },
  }),
  cosign: createRoute({
    method: 'post',
    path: '/v1/cosignatures',
    summary:
      "A replay witness's two signature lines on a checkpoint, after a line with its organisation and one with the size.",
    request: bytesBody('size and signature lines'),
    responses: answers('Taken', z.object({ finalSize: z.number() })),
  }),
  recall: createRoute({
    method: 'post',
    path: '/v1/recall',
    summary:
      "A member's answer to a hub that asks after a start: the last checkpoint it cosigned, cosigned again now; and entries that the hub lacks.",
    request: bytesBody('an answer to a recall, as JSON'),
    responses: answers('Heard', recallAnswer),
  }),
  sendMail: createRoute({
    method: 'post',
    path: '/v1/mail',
    summary: 'Leave a sealed message for a member (members only).',
    request: { ...bytesBody('message'), query: z.object({ to: handle, topic }) },
    responses: answers('Stored', z.object({ ok: z.literal(true) })),
  }),
  readMail: createRoute({
    method: 'get',
    path: '/v1/mail/{seq}',
    summary: 'One message of the signing member.',
    request: { params: z.object({ seq: z.coerce.number().int().positive() }) },
    responses: { 200: { description: 'Bytes' }, ...problems },
  }),
};

/** Adds pages (the web's server-drawn HTML) in front of the API; they only read the hub. */
export type PagesPlugin = (app: OpenAPIHono, hub: Hub) => void;

export function hubApp(hub: Hub, pages?: PagesPlugin): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, _c) => {
      if (!result.success) {
        const first = result.error.issues[0];
        return problemResponse({ code: 'bad-shape', why: `${first.path.join('.')}: ${first.message}` });
      }
      return undefined;
    },
  });
  const { now } = hub.options;
  const authenticate = authenticator(() => hub.state, now);
  const store = folderStore(join(hub.options.folder, 'log'));
  const refused = (r: Refusal) => problemResponse(r);

  /** Runs `work` with the body and the member who signed the request, or answers with the reason. */
  async function asMember(
    c: Context,
    limit: number,
    work: (org: string, body: Uint8Array) => Promise<Response>,
  ): Promise<Response> {
    const body = await readBody(c.req.raw, limit);
    if (!(body instanceof Uint8Array)) return refused(body);
    const sender = await authenticate(c, body);
    return sender.ok ? work(sender.org, body) : refused(sender.refusal);
  }

  app.openapi(routes.submit, async c => {
    const body = await readBody(c.req.raw, LIMITS.statementBytes);
    if (!(body instanceof Uint8Array)) return refused(body);
    const answer = await hub.submit(body);
    if (!answer.ok) return problemResponse(answer.refusal, answer.signed);
    const { id, index, published } = answer.admitted;
    return c.json({ id, index, size: published.size, checkpoint: fromUtf8(published.note) });
  });

  app.openapi(routes.status, c => {
    const s = hub.state;
    return c.json({
      origin: hub.options.origin,
      size: hub.log.published?.size ?? 0,
      finalSize: hub.finality.final?.size ?? 0,
      members: Object.values(s.members).filter(m => m.left === undefined).length,
      witnesses: s.root?.witnesses.length ?? 0,
      rules: s.rules,
      version: VERSION,
      waits: hub.recall.refusal?.why,
    });
  });

  app.openapi(routes.events, async c => {
    const q = c.req.valid('query');
    let org: string | undefined;
    if (c.req.header('signature-input')) {
      const sender = await authenticate(c, new Uint8Array(0));
      // A hub that may have lost the end of its log cannot know every key: until it is whole, a caller it does not know hears what everybody hears.
      if (!sender.ok && !hub.recall.holding) return refused(sender.refusal);
      if (sender.ok) org = sender.org;
    }
    const until = performance.now() + LIMITS.pollSeconds * 1000;
    for (;;) {
      const news = await newsFor(hub, org, q);
      const left = until - performance.now();
      const any = news.final || news.candidate || news.mail.length > 0 || news.recall || news.restored;
      if (any || left <= 0 || c.req.raw.signal.aborted) return c.json(news);
      await hub.wait(left, c.req.raw.signal);
    }
  });

  app.openapi(routes.entries, async c => {
    const { start, end } = c.req.valid('query');
    const size = hub.log.published?.size ?? 0;
    const last = Math.min(end, size, start + 1024);
    if (start >= last)
      return refused({ code: 'not-found', why: `the log has ${size} entries; ${start} to ${end} are not among them` });
    const entries: Uint8Array[] = [];
    for await (const { entry } of hub.log.reader.entries(start, last)) entries.push(entry);
    return new Response(joinBundle(entries) as BodyInit, { headers: octets });
  });

  app.openapi(routes.entry, async c => {
    const { index } = c.req.valid('param');
    const final = hub.finality.final;
    const size = final && index < final.size ? final.size : (hub.log.published?.size ?? 0);
    if (index >= size) return refused({ code: 'not-found', why: `the log has ${size} entries, 0 to ${size - 1}` });
    const note = final && size === final.size ? final.note : hub.log.checkpoint();
    const proof = await hub.log.inclusion(index, size);
    return c.json({
      index,
      entry: fromUtf8(await hub.log.entry(index)),
      proof: proof.map(toBase64),
      checkpoint: fromUtf8(note),
    });
  });

  app.openapi(routes.putBlob, c =>
    asMember(c, LIMITS.blobBytes, async (_org, body) => c.json({ digest: await hub.blobs.put(body) })),
  );

  app.openapi(routes.getBlob, async c => {
    const bytes = await hub.blobs.get(c.req.valid('param').digest);
    if (!bytes) return refused({ code: 'not-found', why: 'this hub has no such blob' });
    return new Response(bytes as BodyInit, { headers: { ...octets, ...forever } });
  });

  // Needs no other authentication: the lines are signatures, and only those of a listed witness count.
  app.openapi(routes.cosign, async c => {
    const body = await readBody(c.req.raw, 16_384);
    if (!(body instanceof Uint8Array)) return refused(body);
    const [org, size, ...lines] = fromUtf8(body).split('\n');
    const refusal = await hub.cosign(org, Number(size), lines.join('\n'));
    return refusal ? refused(refusal) : c.json({ finalSize: hub.finality.final?.size ?? 0 });
  });

  // Authenticates itself too: only our own signature and a listed witness's count, and entries only with their proof.
  app.openapi(routes.recall, async c => {
    const body = await readBody(c.req.raw, LIMITS.blobBytes);
    if (!(body instanceof Uint8Array)) return refused(body);
    const answer = readRecall(body);
    if (!answer) return refused({ code: 'bad-shape', why: 'not an answer to a recall: see /openapi.json' });
    const refusal = await hub.hear(answer.org, answer.checkpoint, answer.more);
    return refusal ? refused(refusal) : c.json({ size: hub.log.size, send: hub.recall.maySend(answer.org) });
  });

  app.openapi(routes.sendMail, c =>
    asMember(c, LIMITS.mailBytes, async (org, body) => {
      const { to, topic: subject } = c.req.valid('query');
      if (!hub.state.members[to]) return refused({ code: 'not-found', why: `${to} is not a member` });
      await hub.mail.send(org, to, subject, body);
      hub.notify();
      return c.json({ ok: true as const });
    }),
  );

  app.openapi(routes.readMail, c =>
    asMember(c, 0, async org => {
      const bytes = await hub.mail.read(org, c.req.valid('param').seq);
      return bytes
        ? new Response(bytes as BodyInit, { headers: octets })
        : refused({ code: 'not-found', why: 'no such message for this member' });
    }),
  );

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
  addCompute(app, hub);
  addOpenApi(app, VERSION);
  // Pages read the tables, which follow the log in steps: whoever has a receipt finds its statement there.
  app.use(async (_c, next) => {
    await hub.settled();
    await next();
  });
  pages?.(app, hub);
  app.notFound(() =>
    refused({ code: 'not-found', why: 'there is nothing at this address; /openapi.json lists what there is' }),
  );
  app.onError(error => {
    const code = (error as { code?: string }).code;
    const known = code === 'disk-full' || code === 'store-failed';
    hub.options.log(`request failed: ${error.message.slice(0, 500)}`);
    return refused(
      known
        ? { code, why: `${error.message}. Nothing was taken; free some space and send it again` }
        : { code: 'internal', why: 'the hub could not do this; its log says why' },
    );
  });
  return app;
}

async function newsFor(
  hub: Hub,
  org: string | undefined,
  have: { final: number; witness?: number | undefined; mail: number; recall: number; restored: number },
) {
  const final = hub.finality.final;
  // While members are asked, a witness that is behind may also cosign what is final: that answers the question.
  const newest = hub.finality.newest ?? (hub.recall.holding ? hub.log.published : undefined);
  const { question } = hub.recall;
  // Whoever has cosigned more than we have is asked at any time: it may know of a loss that we do not.
  const ask = have.recall !== question && (hub.recall.holding || (have.witness ?? 0) > hub.log.size);
  const wanted = have.witness !== undefined && newest && newest.size > have.witness;
  const tell = org !== undefined && hub.restored !== undefined && hub.restored !== have.restored && !hub.recall.holding;
  return {
    ...(final && final.size > have.final ? { final: fromUtf8(final.note) } : {}),
    ...(wanted ? { candidate: await addCheckpointBody(hub, have.witness ?? 0, newest) } : {}),
    mail: org === undefined ? [] : await hub.mail.list(org, have.mail),
    ...(ask ? { recall: question } : {}),
    ...(tell ? { restored: hub.restored } : {}),
  };
}

/** Body of tlog-witness add-checkpoint: old size, consistency proof, an empty line, the checkpoint. */
async function addCheckpointBody(
  hub: Hub,
  oldSize: number,
  published: { size: number; note: Uint8Array },
): Promise<string> {
  const proof = oldSize === 0 ? [] : await hub.log.consistency(oldSize, published.size);
  return fromUtf8(formatAddCheckpoint({ oldSize, proof, note: published.note }));
}

function staticFile(bytes: Uint8Array | undefined, headers: Record<string, string>): Response {
  return bytes
    ? new Response(bytes as BodyInit, { headers })
    : problemResponse({ code: 'not-found', why: 'no such file' });
}
