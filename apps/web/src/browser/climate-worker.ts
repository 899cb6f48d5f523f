// The climate model in the reader's browser, off the page's thread: tables once, then levers in, band out.
import { type ClimateRun, type ClimateTables, climateRun } from '../climate/run.ts';
import { EMISSIONS_YEAR, type LeverValues, leversOf } from '../climate/sliders.ts';

export type ClimateQuestion =
  | { readonly kind: 'tables'; readonly address: string }
  | { readonly kind: 'move'; readonly values: LeverValues };
export type ClimateReply =
  | { readonly kind: 'ready'; readonly members: number }
  | {
      readonly kind: 'band';
      readonly firstYear: number;
      readonly rows: Float64Array;
      readonly fossil: number | undefined;
      readonly milliseconds: number;
    }
  | { readonly kind: 'failed'; readonly why: string };

let run: ClimateRun | undefined;

const tell = (reply: ClimateReply) => self.postMessage(reply);

async function answer(question: ClimateQuestion): Promise<void> {
  if (question.kind === 'tables') {
    const response = await fetch(question.address, { credentials: 'omit' });
    if (!response.ok) throw new Error(`the hub answered ${response.status}`);
    run = climateRun((await response.json()) as ClimateTables);
    tell({ kind: 'ready', members: run.members });
  } else if (run) {
    const started = performance.now();
    const { band, fossil, firstYear } = run.answer(leversOf(question.values));
    const milliseconds = performance.now() - started;
    tell({
      kind: 'band',
      firstYear: band.firstYear,
      rows: band.warming,
      fossil: fossil[EMISSIONS_YEAR - firstYear],
      milliseconds,
    });
  }
}

self.addEventListener('message', (event: MessageEvent<ClimateQuestion>) => {
  answer(event.data).catch((error: unknown) =>
    tell({ kind: 'failed', why: error instanceof Error ? error.message : String(error) }),
  );
});
