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
  type Receipt,
  receipt,
  type Status,
  status,
  topic,
} from './schemas.ts';
