// How the season went as seen from each deadline, under the fan and on the same dates: the reproduction number with its interval about the line of
// one, and the chance of an unusually high week, a bar a deadline, filled where it came true. Nothing after the deadline that is shown.
import { html, type Markup } from '../html/html.ts';
import { dayNumber, isoDate, shortDate } from '../html/words.ts';
import { bandPath, linear, linePath, monthStarts, px, type Scale } from './scale.ts';

export interface RtPoint {
  readonly date: string;
  readonly r: number;
  readonly low: number;
  readonly high: number;
}

export interface ChancePoint {
  /** The deadline. */
  readonly date: string;
  /** 0 to 1. */
  readonly chance: number;
  /** Whether the week was above the threshold; undefined while nobody knows. */
  readonly happened?: boolean;
}

interface Frame {
  readonly width: number;
  readonly height: number;
}
const WIDE: Frame = { width: 560, height: 170 };
const NARROW: Frame = { width: 400, height: 160 };
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 16, 12, 28];
const LOW_R = 0.5;
const HIGH_R = 2;

/** `span`: first and last date of the axis, so that frames of a replay share it. */
export function drawRt(points: readonly RtPoint[], span: readonly [string, string], label: string): Markup {
  return both((f, size) => {
    const [x, y] = scales(span, f, [LOW_R, HIGH_R]);
    const at = (p: RtPoint, v: number) => [x(dayNumber(p.date)), y(Math.min(HIGH_R, Math.max(LOW_R, v)))] as const;
    return svg(
      f,
      size,
      label,
      html`<g class="grid">${[0.5, 1, 1.5, 2].map(t => html`<path${t === 1 && html` class="one"`} d="M${LEFT} ${px(y(t))}H${f.width - RIGHT}"/>`)}</g>
<g class="axis">${[0.5, 1, 1.5, 2].map(t => html`<text x="${LEFT - 8}" y="${px(y(t) + 4)}" text-anchor="end">${t}</text>`)}${months(span, x, f)}</g>
${runsOf(points).map(
  run =>
    html`<path class="band95" d="${bandPath(
      run.map(p => at(p, p.high)),
      run.map(p => at(p, p.low)),
    )}"/><path class="rt" d="${linePath(run.map(p => at(p, p.r)))}"/>`,
)}
${points.slice(-1).map(p => html`<circle class="median" cx="${px(at(p, p.r)[0])}" cy="${px(at(p, p.r)[1])}" r="3.5"/>`)}`,
    );
  });
}

export function drawChances(points: readonly ChancePoint[], span: readonly [string, string], label: string): Markup {
  return both((f, size) => {
    const [x, y] = scales(span, f, [0, 1]);
    const half = Math.min(7, Math.max(1.5, (x(7) - x(0)) / 2 - 1));
    return svg(
      f,
      size,
      label,
      html`<g class="grid">${[0, 0.5, 1].map(t => html`<path d="M${LEFT} ${px(y(t))}H${f.width - RIGHT}"/>`)}</g>
<g class="axis">${[0, 0.5, 1].map(t => html`<text x="${LEFT - 8}" y="${px(y(t) + 4)}" text-anchor="end">${100 * t} %</text>`)}${months(span, x, f)}</g>
<g class="chances">${points.map(p => {
        const top = Math.min(y(p.chance), y(0) - 1);
        const kind = p.happened === undefined ? 'open' : p.happened ? 'came' : 'not';
        return html`<rect class="${kind}" x="${px(x(dayNumber(p.date)) - half)}" y="${px(top)}" width="${px(2 * half)}" height="${px(y(0) - top)}"/>`;
      })}</g>`,
    );
  });
}

function both(draw: (f: Frame, size: string) => Markup): Markup {
  return html`<div class="chart">${draw(WIDE, 'wide')}${draw(NARROW, 'narrow')}</div>`;
}

function svg(f: Frame, size: string, label: string, inner: Markup): Markup {
  return html`<svg class="fan season ${size}" viewBox="0 0 ${f.width} ${f.height}" role="img" aria-label="${label}">
${inner}
</svg>`;
}

function scales(span: readonly [string, string], f: Frame, values: readonly [number, number]): readonly [Scale, Scale] {
  const days = [dayNumber(span[0]) - 5, dayNumber(span[1]) + 5] as const;
  return [linear(days, [LEFT, f.width - RIGHT]), linear(values, [f.height - BOTTOM, TOP])];
}

function months(span: readonly [string, string], x: Scale, f: Frame): Markup {
  const found = monthStarts(dayNumber(span[0]) - 5, dayNumber(span[1]) + 5, f === WIDE ? 7 : 5);
  const days = found.length > 0 ? found : [dayNumber(span[0])];
  return html`${days.map(d => html`<path d="M${px(x(d))} ${f.height - BOTTOM}v5"/><text x="${px(x(d))}" y="${f.height - 8}" text-anchor="middle">${shortDate(isoDate(d))}</text>`)}`;
}

/** Estimates of successive weeks; more than two weeks apart is a gap. */
function runsOf(points: readonly RtPoint[]): readonly (readonly RtPoint[])[] {
  const runs: RtPoint[][] = [];
  for (const p of points) {
    const run = runs[runs.length - 1];
    if (run && dayNumber(p.date) - dayNumber(run[run.length - 1].date) <= 14) run.push(p);
    else runs.push([p]);
  }
  return runs;
}
