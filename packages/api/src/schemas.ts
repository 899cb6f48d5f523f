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
});
export type Events = z.infer<typeof events>;

export const status = z.object({
  origin: z.string(),
  size: z.number().int().nonnegative(),
  finalSize: z.number().int().nonnegative(),
  members: z.number().int().nonnegative(),
  witnesses: z.number().int().nonnegative(),
  rules: z.number().int(),
  version: z.string(),
});
export type Status = z.infer<typeof status>;

export const handle = z.string().regex(/^[a-z0-9][a-z0-9._:-]{0,63}$/);
export const topic = z.string().regex(/^[a-z0-9][a-z0-9./:-]{0,199}$/);
export const digest = hex64;
