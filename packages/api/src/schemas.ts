// What travels over the hub's HTTP interface, as schemas: the hub validates with them and makes its OpenAPI document from them.
import { z } from 'zod';

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);

/** Answer to an admitted statement: where it is, and the signed checkpoint that holds it. It is on disk when this goes out. */
export const receipt = z.object({
  id: hex64,
  index: z.number().int().nonnegative(),
  size: z.number().int().positive(),
  /** Signed note of the log over that size. */
  checkpoint: z.string(),
});
export type Receipt = z.infer<typeof receipt>;

/** RFC 9457 problem document. `code` is the refusal's stable code. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  /** For a refused statement: the refusal under the log's key (a DSSE envelope), to be shown to others. */
  refusal: z.string().optional(),
});
export type Problem = z.infer<typeof problem>;

export const mailItem = z.object({
  seq: z.number().int().positive(),
  sender: z.string(),
  topic: z.string(),
  digest: hex64,
  size: z.number().int().nonnegative(),
});
export type MailItem = z.infer<typeof mailItem>;

/** What is new for a node since what it has: the newest final checkpoint, a checkpoint to cosign, mail. */
export const events = z.object({
  /** Signed note with cosignatures, when larger than the size the node named. */
  final: z.string().optional(),
  /** Body of a tlog-witness add-checkpoint request, as text, when there is something to cosign. */
  candidate: z.string().optional(),
  mail: z.array(mailItem),
  /** The hub asks, under this number, for the largest checkpoint that the member cosigned: it signs nothing before it knows (protocol, section 7). */
  recall: z.number().int().positive().optional(),
  /** When what the hub keeps beside the log was last lost (seconds since 1970): members send again what they left there. */
  restored: z.number().int().positive().optional(),
});
export type Events = z.infer<typeof events>;

/** A member's answer to a hub that asks: the last checkpoint it cosigned, and, where the hub has less, the entries that it lacks. */
export const recall = z.object({
  org: z.string(),
  /** Note with the log's signatures; the member's cosignatures on it are made now. */
  checkpoint: z.string(),
  /** The newest final checkpoint that the member has. */
  final: z.string().optional(),
  /** Entries from `start` on, as a tlog-tiles bundle, and the proof that the log of `checkpoint` begins with them. */
  piece: z
    .object({ start: z.number().int().nonnegative(), bundle: z.string(), proof: z.array(z.string()).max(64) })
    .optional(),
});
export type Recall = z.infer<typeof recall>;

/** Entries that the hub has now, and whether this member should send those that follow. */
export const recallAnswer = z.object({ size: z.number().int().nonnegative(), send: z.boolean() });
export type RecallAnswer = z.infer<typeof recallAnswer>;

export const status = z.object({
  origin: z.string(),
  size: z.number().int().nonnegative(),
  finalSize: z.number().int().nonnegative(),
  members: z.number().int().nonnegative(),
  witnesses: z.number().int().nonnegative(),
  rules: z.number().int(),
  version: z.string(),
  /** Why the hub takes no statements just now. */
  waits: z.string().optional(),
});
export type Status = z.infer<typeof status>;

export const handle = z.string().regex(/^[a-z0-9][a-z0-9._:-]{0,63}$/);
export const topic = z.string().regex(/^[a-z0-9][a-z0-9./:-]{0,199}$/);
export const digest = hex64;

/** Answer to a blob: what it is called by. */
export const stored = z.object({ digest });

/** A compute job as the log's statements left it; times are log time in seconds. */
export const job = z.object({
  id: hex64,
  backend: z.string(),
  org: z.string(),
  program: hex64,
  stage: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  requested: z.number().int(),
  started: z.number().int().nullable(),
  ended: z.number().int().nullable(),
  milliseconds: z.number().int().nullable(),
  units: z.number().int().nullable(),
  result: hex64.nullable(),
});
export type JobLine = z.infer<typeof job>;
export const jobList = z.object({ jobs: z.array(job) });

/** A backend on offer, and what each organisation used of it. */
export const backend = z.object({
  handle: z.string(),
  org: z.string(),
  kind: z.string(),
  unit: z.string(),
  order: z.enum(['arrival', 'own']),
  maximum: z.object({ milliseconds: z.number().int(), units: z.number().int() }),
  quota: z.number().int(),
  waiting: z.number().int(),
  accounts: z.array(
    z.object({
      org: z.string(),
      jobs: z.number().int(),
      milliseconds: z.number().int(),
      units: z.number().int(),
      reserved: z.number().int(),
      left: z.number().int(),
    }),
  ),
});
export type BackendLine = z.infer<typeof backend>;
export const backendList = z.object({ backends: z.array(backend) });
