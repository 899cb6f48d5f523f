// The climate model in the reader's browser, off the page's thread: tables once, then levers in, plans out. A reader's own emissions take the place of the hub's.
import type { PlanResult } from '../climate/plan.ts';
import { planText } from '../climate/plan.ts';
import { type ClimateRun, type ClimateTables, climateRun } from '../climate/run.ts';
import { idleValues, type LeverValues, leversOf } from '../climate/sliders.ts';

export type ClimateQuestion =
  | { readonly kind: 'tables'; readonly address: string }
  | { readonly kind: 'move'; readonly values: LeverValues; readonly kept: LeverValues | undefined }
  /** Without a file: back to the hub's emissions. */
  | { readonly kind: 'own'; readonly file?: { readonly text: string; readonly name: string } };
export type ClimateReply =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'band';
      readonly base: PlanResult;
      readonly plan: PlanResult;
      readonly values: LeverValues;
      readonly kept: { readonly plan: PlanResult; readonly values: LeverValues } | undefined;
      /** Of the plan alone. */
      readonly milliseconds: number;
    }
  | {
      readonly kind: 'own';
      readonly scenario: string;
      /** Species of the file, those taken from the hub's, and other scenarios of the file. */
      readonly given: readonly string[];
      readonly taken: readonly string[];
      readonly others: readonly string[];
    }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

let hub: ClimateRun | undefined;
let run: ClimateRun | undefined;
/** What does not move: the run without policies, and the kept plan. */
let still = new Map<string, PlanResult>();

const tell = (reply: ClimateReply) => self.postMessage(reply);

function stillOf(values: LeverValues): PlanResult {
  const key = planText(values);
  const known = still.get(key) ?? run!.answer(leversOf(values));
  still.set(key, known);
  return known;
}

async function answer(question: ClimateQuestion): Promise<void> {
  if (question.kind === 'tables') {
    const response = await fetch(question.address, { credentials: 'omit' });
    if (!response.ok) throw new Error(`the hub answered ${response.status}`);
    hub = climateRun((await response.json()) as ClimateTables);
    run = hub;
    tell({ kind: 'ready' });
  } else if (question.kind === 'own') {
    const found = question.file ? hub!.own(question.file) : undefined;
    run = found?.run ?? hub!;
    still = new Map();
    const { given, taken, others } = found?.own ?? { given: [], taken: [], others: [] };
    tell({ kind: 'own', scenario: run.scenario, given, taken, others });
  } else {
    const { values, kept } = question;
    const base = stillOf(idleValues);
    const beside = kept && { plan: stillOf(kept), values: kept };
    const started = performance.now();
    const plan = run!.answer(leversOf(values));
    tell({ kind: 'band', base, plan, values, kept: beside, milliseconds: performance.now() - started });
  }
}

self.addEventListener('message', ({ data }: MessageEvent<ClimateQuestion>) => {
  answer(data).catch((error: unknown) =>
    tell({
      kind: data.kind === 'own' ? 'refused' : 'failed',
      why: error instanceof Error ? error.message : String(error),
    }),
  );
});
