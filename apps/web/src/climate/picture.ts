// The sentence, the picture and the plans side by side of /climate, as the hub draws them first and the browser draws them again at each move.
import { type BandChart, drawBand } from '../charts/band.ts';
import { html, type Markup } from '../html/html.ts';
import { plural } from '../html/words.ts';
import { below, changedOf, differenceOf, fossilIn, lastYear, type PlanResult } from './plan.ts';
import { EMISSIONS_YEAR, type LeverValues, REFERENCE, SLIDERS } from './sliders.ts';

/** What is shown: a plan beside another, which is the one that the reader kept, or none at all. */
export interface Shown {
  /** All levers at rest. */
  readonly base: PlanResult;
  readonly plan: PlanResult;
  readonly values: LeverValues;
  readonly kept?: { readonly plan: PlanResult; readonly values: LeverValues };
  readonly scenario: string;
}

/** Percentiles of the last year. */
export function lastOf(r: PlanResult): readonly [number, number, number] {
  const n = r.rows.length;
  return [r.rows[n - 3], r.rows[n - 2], r.rows[n - 1]];
}

const NEARLY_NOTHING = 0.005;
const minus = (text: string) => text.replace('-', '−');

/** "0.42 less than without policies, 90 chances in 100 between 0.30 and 0.61"; empty where there is no difference. */
export function differenceWords(s: Shown): string {
  const other = s.kept ? 'with the kept plan' : 'without policies';
  const [low, median, high] = differenceOf(s.plan, s.kept?.plan ?? s.base);
  if (Math.max(Math.abs(low), Math.abs(high)) < NEARLY_NOTHING) return '';
  // The plan's own sign; what is said to be less is the negative of it.
  const [from, to] = median <= 0 ? [-high, -low] : [low, high];
  return `${Math.abs(median).toFixed(2)} ${median <= 0 ? 'less' : 'more'} than ${other}, 90 chances in 100 between ${minus(from.toFixed(2))} and ${minus(to.toFixed(2))}`;
}

/** What the picture draws. */
export function chartOf(s: Shown): BandChart {
  const [low, median, high] = lastOf(s.plan);
  const other = s.kept?.plan ?? s.base;
  const differs = differenceWords(s) !== '';
  return {
    label: `Warming above ${REFERENCE.join(' to ')}, 5 to 95 % of ${plural(s.plan.final.length, 'member')}: in ${lastYear(s.plan)} ${median.toFixed(1)} degrees, between ${low.toFixed(1)} and ${high.toFixed(1)}.`,
    band: s.plan,
    ...(differs ? { compare: other } : {}),
    edges: s.kept !== undefined,
    unit: '°C',
    from: REFERENCE[0],
    low: -0.5,
    high: Math.max(4, ...[s.base, other, s.plan].map(r => Math.ceil(lastOf(r)[2]))),
  };
}

export function climatePicture(s: Shown): Markup {
  const [low, median, high] = lastOf(s.plan);
  const members = plural(s.plan.final.length, 'member');
  const difference = differenceWords(s);
  return html`<p class="key"><b>${median.toFixed(1)} °C</b> <span>of warming in ${lastYear(s.plan)} above the mean of ${REFERENCE.join(' to ')}<br>90 chances in 100 between ${low.toFixed(1)} and ${high.toFixed(1)}${difference !== '' && `; ${difference}`}; ${members}</span></p>
${drawBand(chartOf(s))}
<p class="legend"><span class="key95">5 to 95 % of the ensemble</span> <span class="keymedian">median</span> <span class="keycompare">${s.kept ? 'kept plan: median, and thinner its 5 to 95 %' : 'median without policies'}</span></p>`;
}

/** "2.3 °C in 2099, 90 chances in 100 between 1.6 and 3.2", for readers who have scrolled to the levers. */
export function inShort(s: Shown): string {
  const [low, median, high] = lastOf(s.plan);
  return `${median.toFixed(1)} °C in ${lastYear(s.plan)}, 90 chances in 100 between ${low.toFixed(1)} and ${high.toFixed(1)}`;
}

/** The plans beside each other, and the band by decade. */
export function climatePlans(s: Shown): Markup {
  return html`${sideBySide(s)}
${decades(s)}`;
}

/** Degrees whose keeping is counted. */
const LIMITS = [1.5, 2, 3] as const;

/** What each plan is and does; without a kept plan, this one beside none. */
function sideBySide(s: Shown): Markup {
  const { kept } = s;
  const plans = [
    { name: 'Without policies', result: s.base, values: undefined },
    ...(kept ? [{ name: 'Kept plan', result: kept.plan, values: kept.values }] : []),
    { name: 'This plan', result: s.plan, values: s.values },
  ];
  const year = lastYear(s.plan);
  const members = s.plan.final.length;
  const line = (name: string, of: (r: PlanResult) => string) =>
    html`<tr><th scope="row">${name}</th>${plans.map(p => html`<td class="n">${of(p.result)}</td>`)}</tr>`;
  const emitted = (r: PlanResult) => fossilIn(r, EMISSIONS_YEAR)?.toFixed(1) ?? '–';
  const levers = SLIDERS.filter(l => [s.values, kept?.values].some(v => v && changedOf(v).includes(l)));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table: plans side by side"><table class="plans"><caption>Plans side by side</caption><thead><tr><td></td>${plans.map(p => html`<th scope="col" class="n">${p.name}</th>`)}</tr></thead><tbody>
${line(`Warming in ${year}, °C`, r => lastOf(r)[1].toFixed(2))}
${line('5 to 95 %', r => `${lastOf(r)[0].toFixed(2)} to ${lastOf(r)[2].toFixed(2)}`)}
${LIMITS.map(x => line(`Members below ${x} °C in ${year}, of ${members}`, r => String(below(r, x))))}
${line(`Fossil CO₂ less what is captured, ${EMISSIONS_YEAR}, Gt`, r => minus(emitted(r)))}
${levers.map(
  l =>
    html`<tr><th scope="row">${l.label}, ${l.unit.replace(/;.*$/, '')}</th>${plans.map(p => html`<td class="n">${p.values && p.values[l.key] !== l.idle ? String(p.values[l.key]) : '–'}</td>`)}</tr>`,
)}</tbody></table></div>`;
}

/** The picture as a table: every tenth year from the present on, and the last. */
function decades(s: Shown): Markup {
  const last = lastYear(s.plan);
  const years = Array.from({ length: 20 }, (_, i) => 2020 + 10 * i).filter(y => y >= s.plan.firstYear && y < last);
  const other = s.kept?.plan ?? s.base;
  const cells = (r: PlanResult, y: number) => {
    const at = (y - r.firstYear) * 3;
    return html`<td class="n">${r.rows[at + 1].toFixed(2)}</td><td class="n">${r.rows[at].toFixed(2)} to ${r.rows[at + 2].toFixed(2)}</td>`;
  };
  const otherName = s.kept ? 'kept plan' : 'without policies';
  return html`<details><summary>The band as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="Table: the band by decade"><table><caption>Warming, °C above ${REFERENCE.join(' to ')}</caption><thead><tr><th scope="col">Year</th><th scope="col" class="n">Median</th><th scope="col" class="n">5 to 95 %</th><th scope="col" class="n">Median, ${otherName}</th><th scope="col" class="n">5 to 95 %, ${otherName}</th></tr></thead><tbody>${[
    ...years,
    last,
  ].map(
    y => html`<tr><th scope="row">${y}</th>${cells(s.plan, y)}${cells(other, y)}</tr>`,
  )}</tbody></table></div></details>`;
}
