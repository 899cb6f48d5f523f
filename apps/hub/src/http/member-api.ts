// What members do at the hub: statements, cosignatures, answers to a recall, blobs, mail, and the long poll that tells them of all of it.
import type { OpenAPIHono } from '@hono/zod-openapi';
import { LIMITS } from '@madang/api';
import { formatAddCheckpoint, fromUtf8 } from '@madang/trust';
import type { Context } from 'hono';
import type { Hub } from '../hub.ts';
import { authenticator } from './authenticate.ts';
import { problemResponse } from './problem.ts';
import { bodyReader } from './read-body.ts';
import { readRecall } from './recall.ts';
import { octets, routes } from './routes.ts';

export function addMemberApi(app: OpenAPIHono, hub: Hub): void {
  const authenticate = authenticator(() => hub.state, hub.options.now);
  const readBody = bodyReader();

  /** Runs `work` with the body and the member who signed the request, or answers with the reason. */
  async function asMember(
    c: Context,
    limit: number,
    work: (org: string, body: Uint8Array) => Promise<Response>,
  ): Promise<Response> {
    const body = await readBody(c, limit);
    if (!(body instanceof Uint8Array)) return problemResponse(body);
    const sender = await authenticate(c, body);
    return sender.ok ? work(sender.org, body) : problemResponse(sender.refusal);
  }

  app.openapi(routes.submit, async c => {
    const body = await readBody(c, LIMITS.statementBytes);
    if (!(body instanceof Uint8Array)) return problemResponse(body);
    const answer = await hub.submit(body);
    if (!answer.ok) return problemResponse(answer.refusal, answer.signed);
    const { id, index, published } = answer.admitted;
    return c.json({ id, index, size: published.size, checkpoint: fromUtf8(published.note) });
  });

  app.openapi(routes.events, async c => {
    const q = c.req.valid('query');
    let org: string | undefined;
    if (c.req.header('signature-input')) {
      const sender = await authenticate(c, new Uint8Array(0));
      // A hub that may have lost the end of its log cannot know every key: until it is whole, a caller it does not know hears what everybody hears.
      if (!sender.ok && !hub.recall.holding) return problemResponse(sender.refusal);
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

  app.openapi(routes.putBlob, c =>
    asMember(c, LIMITS.blobBytes, async (_org, body) => c.json({ digest: await hub.blobs.put(body) })),
  );

  // Needs no other authentication: the lines are signatures, and only those of a listed witness count.
  app.openapi(routes.cosign, async c => {
    const body = await readBody(c, 16_384);
    if (!(body instanceof Uint8Array)) return problemResponse(body);
    const [org, size, ...lines] = fromUtf8(body).split('\n');
    if (!/^(0|[1-9][0-9]{0,15})$/.test(size ?? ''))
      return problemResponse({
        code: 'bad-shape',
        why: 'the first two lines are the witness and a size: see /openapi.json',
      });
    const refusal = await hub.cosign(org, Number(size), lines.join('\n'));
    return refusal ? problemResponse(refusal) : c.json({ finalSize: hub.finality.final?.size ?? 0 });
  });

  // Authenticates itself too: only our own signature and a listed witness's count, and entries only with their proof.
  app.openapi(routes.recall, async c => {
    const body = await readBody(c, LIMITS.blobBytes);
    if (!(body instanceof Uint8Array)) return problemResponse(body);
    const answer = readRecall(body);
    if (!answer) return problemResponse({ code: 'bad-shape', why: 'not an answer to a recall: see /openapi.json' });
    const refusal = await hub.hear(answer.org, answer.checkpoint, answer.more);
    return refusal ? problemResponse(refusal) : c.json({ size: hub.log.size, send: hub.recall.maySend(answer.org) });
  });

  app.openapi(routes.sendMail, c =>
    asMember(c, LIMITS.mailBytes, async (org, body) => {
      const { to, topic: subject } = c.req.valid('query');
      if (!hub.state.members[to]) return problemResponse({ code: 'not-found', why: `${to} is not a member` });
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
        : problemResponse({ code: 'not-found', why: 'no such message for this member' });
    }),
  );
}

async function newsFor(
  hub: Hub,
  org: string | undefined,
  have: { final: number; witness?: number | undefined; mail: number; recall: number; restored: number },
) {
  const final = hub.finality.final;
  // While members are asked, a witness that is behind may also cosign what is final: that answers the question.
  const offered = hub.finality.offered ?? (hub.recall.holding ? hub.log.published : undefined);
  const { question } = hub.recall;
  // Whoever has cosigned more than we have is asked at any time: it may know of a loss that we do not.
  const ask = have.recall !== question && (hub.recall.holding || (have.witness ?? 0) > hub.log.size);
  const wanted = have.witness !== undefined && offered && offered.size > have.witness;
  const tell = org !== undefined && hub.restored !== undefined && hub.restored !== have.restored && !hub.recall.holding;
  return {
    ...(final && final.size > have.final ? { final: fromUtf8(final.note) } : {}),
    ...(wanted ? { candidate: await addCheckpointBody(hub, have.witness ?? 0, offered) } : {}),
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
