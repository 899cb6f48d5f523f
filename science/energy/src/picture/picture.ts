// The grid as a picture (SVG): buses coloured by price, branches as thick as their flow and marked where they are congested. Colours differ
// in lightness too, and congested lines are dashed, so that nothing depends on telling hues apart. The title and description are read aloud.
import type { Grid } from '../grid/network.ts';
import type { OpfResult } from '../opf/result.ts';
import { layout } from './layout.ts';

export interface PictureOptions {
  readonly width?: number;
  readonly height?: number;
  /** Words of the legend; English when absent. */
  readonly words?: { readonly price: string; readonly flow: string; readonly congested: string };
  /** Places of the buses in 0..1; worked out when absent. */
  readonly places?: { readonly x: Float64Array; readonly y: Float64Array };
}

/** Loading from which a branch is drawn as congested. */
const CONGESTED = 0.99;

/** Draws a solved grid. The same input gives the same text. */
export function drawGrid(grid: Grid, result: OpfResult, options: PictureOptions = {}): string {
  const width = options.width ?? 960;
  const height = options.height ?? 640;
  const words = options.words ?? { price: 'price', flow: 'flow', congested: 'congested' };
  const margin = 28;
  const legend = 46;
  const { x, y } = options.places ?? layout(grid);
  const px = (i: number) => round(margin + x[i] * (width - 2 * margin));
  const py = (i: number) => round(margin + y[i] * (height - 2 * margin - legend));
  const { branches, buses, dcLines } = grid;
  const load = (k: number) => {
    const s = Math.max(
      Math.hypot(result.flowFromMw[k], result.flowFromMvar[k]),
      Math.hypot(result.flowToMw[k], result.flowToMvar[k]),
    );
    return Number.isFinite(branches.ratingMva[k]) ? s / branches.ratingMva[k] : 0;
  };
  let most = 1e-9;
  for (let k = 0; k < branches.count; k++) most = Math.max(most, Math.abs(result.flowFromMw[k]));
  const prices = [...result.priceMwh].sort((a, b) => a - b);
  const low = prices[Math.floor(0.02 * (prices.length - 1))] ?? 0;
  const high = prices[Math.ceil(0.98 * (prices.length - 1))] ?? 1;
  const radius = Math.max(1.6, Math.min(9, 90 / Math.sqrt(buses.count)));
  const parts: string[] = [];
  let congested = 0;
  for (let k = 0; k < branches.count; k++) {
    const full = load(k) >= CONGESTED;
    if (full) congested += 1;
    const stroke = round(0.4 + (radius / 2) * Math.sqrt(Math.abs(result.flowFromMw[k]) / most));
    const [f, t] = [branches.from[k], branches.to[k]];
    const label = `${buses.number[f]} - ${buses.number[t]}: ${round(result.flowFromMw[k])} MW${load(k) > 0 ? `, ${Math.round(100 * load(k))} %` : ''}`;
    parts.push(
      `<line x1="${px(f)}" y1="${py(f)}" x2="${px(t)}" y2="${py(t)}" stroke="${full ? '#b3261e' : '#8a94a0'}" stroke-width="${full ? round(stroke + 1.4) : stroke}"${full ? ' stroke-dasharray="6 3"' : ''}><title>${label}</title></line>`,
    );
  }
  for (let k = 0; k < dcLines.count; k++)
    parts.push(
      `<line x1="${px(dcLines.from[k])}" y1="${py(dcLines.from[k])}" x2="${px(dcLines.to[k])}" y2="${py(dcLines.to[k])}" stroke="#30507a" stroke-width="1.5" stroke-dasharray="2 3"><title>dc ${round(result.dcLineMw[k])} MW</title></line>`,
    );
  for (let i = 0; i < buses.count; i++) {
    const share = high > low ? Math.min(1, Math.max(0, (result.priceMwh[i] - low) / (high - low))) : 0.5;
    parts.push(
      `<circle cx="${px(i)}" cy="${py(i)}" r="${round(radius)}" fill="${colour(share)}" stroke="#1d2733" stroke-width="0.4"><title>${buses.number[i]}: ${round(result.priceMwh[i])} $/MWh</title></circle>`,
    );
  }
  const base = height - legend + 16;
  for (let s = 0; s < 24; s++)
    parts.push(`<rect x="${margin + 6 * s}" y="${base - 9}" width="6" height="9" fill="${colour(s / 23)}"/>`);
  parts.push(
    `<text x="${margin}" y="${base + 13}">${round(low)} … ${round(high)} $/MWh (${quoted(words.price)})</text>`,
    `<line x1="${margin + 240}" y1="${base - 4}" x2="${margin + 280}" y2="${base - 4}" stroke="#8a94a0" stroke-width="3"/>`,
    `<text x="${margin + 240}" y="${base + 13}">${quoted(words.flow)}: ${round(most)} MW max</text>`,
    `<line x1="${margin + 440}" y1="${base - 4}" x2="${margin + 480}" y2="${base - 4}" stroke="#b3261e" stroke-width="3" stroke-dasharray="6 3"/>`,
    `<text x="${margin + 440}" y="${base + 13}">${quoted(words.congested)}: ${congested}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="t d" font-family="system-ui, sans-serif" font-size="12" fill="#1d2733">
<title id="t">${quoted(grid.name)}</title>
<desc id="d">${buses.count} buses, ${branches.count} branches, ${congested} of them ${quoted(words.congested)}; ${quoted(words.price)} ${round(low)} to ${round(high)} $/MWh.</desc>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`;
}

/** From dark blue over green to light yellow: lightness rises all the way (after viridis). */
function colour(share: number): string {
  const stops = [
    [68, 1, 84],
    [59, 82, 139],
    [33, 145, 140],
    [94, 201, 98],
    [253, 231, 37],
  ];
  const at = share * (stops.length - 1);
  const k = Math.min(stops.length - 2, Math.floor(at));
  const mix = stops[k].map((c, q) => Math.round(c + (at - k) * (stops[k + 1][q] - c)));
  return `#${mix.map(c => c.toString(16).padStart(2, '0')).join('')}`;
}

function round(v: number): number {
  return Math.round(v * 100) / 100;
}

function quoted(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
