// One measured figure beside a peer's. Medians of several runs; a peer that is not installed is said, not left out silently.

export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** Median of our runs. */
  readonly ours: number;
  /** What the figure is held against: a peer program measured in the same run, or a stated limit. */
  readonly against?: { readonly name: string; readonly value: number | undefined; readonly note?: string };
  /** True when smaller is better (seconds, bytes); false for rates. */
  readonly smallerIsBetter: boolean;
  readonly runs: number;
}

export type BenchSuite = () => AsyncIterable<Figure>;

/** Median wall time in seconds of `runs` calls, after `warmup` unmeasured ones. */
export async function medianSeconds(run: () => unknown, runs = 5, warmup = 1): Promise<number> {
  for (let i = 0; i < warmup; i++) await run();
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await run();
    times.push((performance.now() - start) / 1000);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)];
}
