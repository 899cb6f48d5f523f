// What a reader takes home of /climate: the bands as a table, and the picture as a file that stands alone, each with its units, settings and sources inside.
import { bandFrame } from '../charts/band.ts';
import { html, type Markup } from '../html/html.ts';
import { plural } from '../html/words.ts';
import { chartOf, differenceWords, lastOf, type Shown } from './picture.ts';
import { lastYear, type PlanResult, planCommand, planWords } from './plan.ts';
import { REFERENCE } from './sliders.ts';

/** Who made the ensemble and the scenario, and what a reader must know of them. */
export interface Sources {
  readonly cite: string;
  readonly note: string;
}

/** Units, where it comes from, and what to cite, in a line. */
export function climateProvenance(s: Shown, { cite, note }: Sources): string {
  return [
    `units: K above the mean of ${REFERENCE.join(' to ')} for p05, p50, p95 (percentiles over ${plural(s.plan.final.length, 'member')}); Gt CO2/yr for fossil_co2 (less what is captured)`,
    'made by: page /climate (@madang/climate, FaIR 2.2)',
    `scenario: ${s.scenario}`,
    `this plan: ${planWords(s.values)}`,
    ...(s.kept ? [`kept plan: ${planWords(s.kept.values)}`] : []),
    `the same at the command line: ${planCommand(s.values, s.scenario)}`,
    ...(note === '' ? [] : [`note: ${note}`]),
    `cite: ${cite}`,
  ].join('; ');
}

/** Ten significant digits, as the commands write. */
const ten = (x: number) => Number(x.toPrecision(10));

const NUMBERS = ['p05', 'p50', 'p95', 'fossil_co2'] as const;

/** A row a year: this plan, none, and the kept one. */
export function climateTable(
  s: Shown,
  sources: Sources,
): { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | number)[])[] } {
  const results: (readonly [string, PlanResult])[] = [
    ['', s.plan],
    ['_without', s.base],
    ...(s.kept ? ([['_kept', s.kept.plan]] as const) : []),
  ];
  const about = climateProvenance(s, sources);
  return {
    columns: ['year', ...results.flatMap(([suffix]) => NUMBERS.map(n => n + suffix)), 'provenance'],
    rows: Array.from({ length: s.plan.rows.length / 3 }, (_, i) => [
      s.plan.firstYear + i,
      ...results.flatMap(([, r]) => [...r.rows.subarray(i * 3, i * 3 + 3), r.fossil[i]].map(ten)),
      i === 0 ? about : '',
    ]),
  };
}

const WIDTH = 900;
const [TOP, HEIGHT] = [92, 380];
const STYLE = `text{font:13px Arial,Helvetica,sans-serif;fill:#55646a}.title{font:bold 21px Georgia,serif;fill:#1d2629}.said{font-size:15px;fill:#1d2629}.grid path{stroke:#dcd6c9;fill:none}.axis path{stroke:#55646a}.band95{fill:#c3dde6}.median{fill:none;stroke:#0b4657;stroke-width:2.4}.compare{fill:none;stroke:#9a5b00;stroke-width:1.8;stroke-dasharray:5 4}.edge{stroke-width:1;stroke-dasharray:2 4}`;

/** The picture with its sentence, settings and sources, as an SVG file on white. */
export function climateFile(s: Shown, { cite, note }: Sources): string {
  const [low, median, high] = lastOf(s.plan);
  const difference = differenceWords(s);
  const foot = [
    `This plan: ${planWords(s.values)}.`,
    ...(s.kept ? [`Kept plan: ${planWords(s.kept.values)}.`] : []),
    `Scenario “${s.scenario}”, ${plural(s.plan.final.length, 'member')} of a simple climate model (FaIR 2.2). ${note}`,
    `Sources: ${cite}`,
  ].flatMap(t => wrapped(t.trim(), 125));
  const y0 = TOP + HEIGHT;
  const height = y0 + 50 + 18 * foot.length;
  const key = (x: number, mark: Markup, text: string) =>
    html`<g transform="translate(${x} ${y0 + 22})">${mark}<text x="36" y="4">${text}</text></g>`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"><title>${chartOf(s).label}</title><style>${STYLE}</style><rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text class="title" x="20" y="34">${median.toFixed(1)} °C of warming in ${lastYear(s.plan)}, 90 chances in 100 between ${low.toFixed(1)} and ${high.toFixed(1)}</text>
<text class="said" x="20" y="58">${difference === '' ? '' : `${difference} °C.`}</text>
<text x="20" y="82">Above the mean of ${REFERENCE.join(' to ')}</text>
<svg x="20" y="${TOP}" width="860" height="${HEIGHT}" viewBox="0 0 860 380">${bandFrame(chartOf(s), 860, 380, 'wide')}</svg>
${key(20, html`<rect class="band95" y="-6" width="28" height="12"/>`, '5 to 95 %')}${key(140, html`<path class="median" d="M0 0H28"/>`, 'median')}${difference !== '' && key(240, html`<path class="compare" d="M0 0H28"/>`, s.kept ? 'kept plan: median, thinner 5 to 95 %' : 'median without policies')}
${foot.map((line, i) => html`<text x="20" y="${y0 + 56 + 18 * i}">${line}</text>`)}
</svg>
`.text;
}

/** Lines of at most so many characters, cut between words. */
function wrapped(text: string, most: number): string[] {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines[lines.length - 1];
    if (line !== '' && line.length + 1 + word.length > most) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
