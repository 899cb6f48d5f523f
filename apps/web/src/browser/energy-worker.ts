// Solves the reader's grid off the page's thread. The file's text comes from the page; nothing is fetched and nothing sent.
import { type GridAnswer, gridAnswer } from '../energy/answer.ts';

export type GridReply =
  | { readonly ok: true; readonly answer: GridAnswer }
  | { readonly ok: false; readonly why: string };

self.addEventListener('message', ({ data }: MessageEvent<{ readonly text: string; readonly name: string }>) => {
  let reply: GridReply;
  try {
    reply = { ok: true, answer: gridAnswer(data.text, data.name, () => performance.now()) };
  } catch (error) {
    reply = { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
  self.postMessage(reply);
});
