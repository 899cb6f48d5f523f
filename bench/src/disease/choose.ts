// Choosing small whole weights on some seasons, to be scored on others: steps of one from equal weights, as long as one helps.
import { type Scorable, sumsOf, type Weights } from './weigh.ts';

const LARGEST = 2;

/** Log WIS against equal weights, the mean of pooled and per place, averaged over the seasons: what is made small. */
function lossOf(seasons: readonly Scorable[], established: boolean, count: number) {
  const equal: Weights = new Array(count).fill(1);
  const reference = seasons.map(s => sumsOf(s, established, equal));
  const known = new Map<string, number>();
  return (weights: Weights): number => {
    const key = weights.join();
    const before = known.get(key);
    if (before !== undefined) return before;
    let loss = 0;
    let n = 0;
    for (const [k, s] of seasons.entries()) {
      if (reference[k].size === 0) continue;
      const sums = sumsOf(s, established, weights);
      let a = 0;
      let b = 0;
      let logs = 0;
      for (const [place, w] of sums) {
        a += w;
        b += reference[k].get(place)!;
        logs += Math.log(w / reference[k].get(place)!);
      }
      loss += (Math.log(a / b) + logs / sums.size) / 2;
      n += 1;
    }
    known.set(key, loss / n);
    return loss / n;
  };
}

/** Weights from 0 to {@link LARGEST} that are best on the seasons; a member enters only when it helps by more than chance steps do. */
export function chosen(seasons: readonly Scorable[], established: boolean, count: number): Weights {
  const loss = lossOf(seasons, established, count);
  let best: number[] = new Array(count).fill(1);
  for (;;) {
    const steps = best.flatMap((w, m) =>
      [w - 1, w + 1].filter(v => v >= 0 && v <= LARGEST).map(v => best.map((x, k) => (k === m ? v : x))),
    );
    const next = steps.filter(w => w.some(v => v > 0)).reduce((a, b) => (loss(b) < loss(a) ? b : a));
    if (!(loss(next) < loss(best) - LEAST_GAIN)) return best;
    best = next;
  }
}

/** A step must gain this share of the score. */
const LEAST_GAIN = 0.0002;
