export { type HubClient, HubError, hubClient, type Identity } from './client.ts';
export { LIMITS } from './limits.ts';
export {
  digest,
  type Events,
  events,
  handle,
  type MailItem,
  mailItem,
  type Problem,
  problem,
  type Recall,
  type RecallAnswer,
  type Receipt,
  recall,
  recallAnswer,
  receipt,
  type Status,
  status,
  topic,
} from './schemas.ts';
