// The capture column in the reader's browser, off the page's thread: one design, or the search for a trade-off. Nothing is fetched and nothing sent.
import type { Sorbent } from '@madang/carbon';
import { type CarbonAnswer, carbonAnswer, type Values } from '../carbon/design.ts';
import { type Frontier, frontier } from '../carbon/frontier.ts';

export interface CarbonQuestion {
  readonly kind: 'design' | 'tradeoff';
  readonly values: Values;
  readonly own: Sorbent | undefined;
}
export type CarbonReply =
  | { readonly kind: 'design'; readonly answer: CarbonAnswer }
  | { readonly kind: 'tradeoff'; readonly found: Frontier }
  | { readonly kind: 'done'; readonly share: number }
  | { readonly kind: 'failed'; readonly why: string };

const tell = (reply: CarbonReply) => self.postMessage(reply);

self.addEventListener('message', ({ data: { kind, values, own } }: MessageEvent<CarbonQuestion>) => {
  try {
    if (kind === 'design') tell({ kind, answer: carbonAnswer(values, () => performance.now(), own) });
    else tell({ kind, found: frontier(values, own, share => tell({ kind: 'done', share })) });
  } catch (error) {
    tell({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
  }
});
