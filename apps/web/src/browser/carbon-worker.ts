// The capture column in the reader's browser, off the page's thread. Nothing is fetched and nothing sent.
import { type CarbonAnswer, carbonAnswer, type Values } from '../carbon/design.ts';

export type CarbonReply =
  | { readonly ok: true; readonly answer: CarbonAnswer }
  | { readonly ok: false; readonly why: string };

self.addEventListener('message', ({ data }: MessageEvent<Values>) => {
  let reply: CarbonReply;
  try {
    reply = { ok: true, answer: carbonAnswer(data, () => performance.now()) };
  } catch (error) {
    reply = { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
  self.postMessage(reply);
});
