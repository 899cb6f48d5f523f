// The hub's routes for programs: what each asks and answers, as the OpenAPI document shows them.
import { createRoute } from '@hono/zod-openapi';
import { digest, events, handle, problem, recallAnswer, receipt, status, stored, topic } from '@madang/api';
import { z } from 'zod';

export const octets = { 'content-type': 'application/octet-stream' };
/** Tiles and blobs never change under their name. */
export const forever = { 'cache-control': 'public, max-age=31536000, immutable' };

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
/** The answer in JSON, or a problem document. */
export const answers = (description: string, schema: z.ZodType): Described =>
  ({ 200: { description, content: { 'application/json': { schema } } }, ...problems }) as Described;

export const routes = {
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
    responses: answers('Stored', stored),
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
