// How far the early warnings of a season could be taken at their word: every announced chance of an unusually high week beside what came.
import { reliability } from '@madang/disease';
import { drawReliability } from '../charts/reliability.ts';
import { html, type Markup } from '../html/html.ts';
import { count, plural } from '../html/words.ts';
import type { PlaceEvidence, WarnedWeek } from '../models.ts';

/** Announced chances whose week ended before an ISO day and has a figure, against the threshold that was known when they were made. */
export function warnedWeeks(e: PlaceEvidence, before = '9999'): WarnedWeek[] {
  return e.fans.flatMap(f =>
    f.chances.flatMap((probability, k) => {
      const { observed, date } = f.outcomes[k];
      return observed === undefined || f.threshold === undefined || date >= before
        ? []
        : [{ probability, happened: observed > f.threshold }];
    }),
  );
}

/** Weeks below which a curve says nothing, and from which ten bins are not too fine for it. */
const LEAST = 20;
const MANY = 500;

/** The diagram with its sentence and its table; nothing before there are weeks enough. */
export function reliabilityFigure(weeks: readonly WarnedWeek[], where: string): Markup | false {
  if (weeks.length < LEAST) return false;
  const parts = weeks.length < MANY ? 5 : 10;
  const { bins, brier } = reliability(weeks, parts);
  const percent = (x: number) => `${Math.round(100 * x)} %`;
  const likely = weeks.filter(w => w.probability >= 0.5);
  const came = (list: readonly WarnedWeek[]) => count(list.filter(w => w.happened).length);
  const said = `Of ${plural(likely.length, 'week')} called more likely high than not, ${came(likely)} were; of the other ${count(weeks.length - likely.length)}, ${came(weeks.filter(w => w.probability < 0.5))}.`;
  const label = `Reliability diagram: ${bins.map(b => `announced ${percent(b.announced)}, came true ${percent(b.observed)} of ${count(b.n)}`).join('; ')}.`;
  return html`<figure class="warned">${drawReliability(bins, parts, label)}
<figcaption><b>Can the early warnings be trusted?</b> ${said} Chances that can be taken at their word lie on the straight line; above it, weeks were high more often than announced. The pale strokes hold nine in ten points by chance alone, if weeks were independent; those of one deadline and of the next are not, so a little more is no fault. The bars count the forecast weeks ${where}. Brier score ${brier.toFixed(3)}; 0 is best.
<details><summary>The same as a table</summary><table><caption>Chance of an unusually high week</caption><thead><tr><th scope="col" class="n">Announced, mean</th><th scope="col" class="n">Came true</th><th scope="col" class="n">Weeks</th></tr></thead><tbody>${bins.map(b => html`<tr><td class="n">${percent(b.announced)}</td><td class="n">${percent(b.observed)}</td><td class="n">${count(b.n)}</td></tr>`)}</tbody></table></details></figcaption></figure>`;
}
