// The sentence and the picture of /climate, as the hub draws them first and the browser draws them again at each move.
import { drawBand, type YearBand } from '../charts/band.ts';
import { html, type Markup } from '../html/html.ts';
import { plural } from '../html/words.ts';
import { REFERENCE } from './sliders.ts';

/** Last year's percentiles. */
export function lastOf(b: YearBand): readonly [number, number, number] {
  const n = b.rows.length;
  return [b.rows[n - 3], b.rows[n - 2], b.rows[n - 1]];
}

/** The sentence, and the picture below it; drawn again in the browser at each move. */
export function climatePicture(base: YearBand, shown: YearBand, members: number): Markup {
  const [low, median, high] = lastOf(shown);
  const [, before] = lastOf(base);
  const year = shown.firstYear + shown.rows.length / 3 - 1;
  const less = before - median;
  const saved =
    Math.abs(less) < 0.005
      ? ''
      : less > 0
        ? `${less.toFixed(2)} less than without policies; `
        : `${(-less).toFixed(2)} more than without policies; `;
  const label = `Warming above ${REFERENCE.join(' to ')}, 5 to 95 % of ${plural(members, 'member')}: in ${year} ${median.toFixed(1)} degrees, between ${low.toFixed(1)} and ${high.toFixed(1)}.`;
  return html`<p class="key"><b>${median.toFixed(1)} °C</b> <span>of warming in ${year} above the mean of ${REFERENCE.join(' to ')}<br>90 chances in 100 between ${low.toFixed(1)} and ${high.toFixed(1)}; ${saved}${plural(members, 'member')}</span></p>
${drawBand({ label, band: shown, ...(saved === '' ? {} : { compare: base }), unit: '°C', from: REFERENCE[0], low: -0.5, high: Math.max(4, Math.ceil(lastOf(base)[2])) })}
${decades(shown)}`;
}

/** The picture as a table: every tenth year from the present on, and the last. */
function decades(b: YearBand): Markup {
  const last = b.firstYear + b.rows.length / 3 - 1;
  const years = Array.from({ length: 20 }, (_, i) => 2020 + 10 * i).filter(y => y >= b.firstYear && y < last);
  return html`<details><summary>The band as a table</summary><table><caption>Warming, °C above ${REFERENCE.join(' to ')}</caption><thead><tr><th scope="col">Year</th><th scope="col" class="n">Median</th><th scope="col" class="n">5 to 95 %</th></tr></thead><tbody>${[
    ...years,
    last,
  ].map(y => {
    const at = (y - b.firstYear) * 3;
    return html`<tr><th scope="row">${y}</th><td class="n">${b.rows[at + 1].toFixed(2)}</td><td class="n">${b.rows[at].toFixed(2)} to ${b.rows[at + 2].toFixed(2)}</td></tr>`;
  })}</tbody></table></details>`;
}
