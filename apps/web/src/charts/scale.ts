// Scales and ticks of the charts: numbers to positions, round steps, months.

export interface Scale {
  (value: number): number;
  readonly domain: readonly [number, number];
}

export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [d0, d1] = domain;
  const span = d1 - d0 || 1;
  const scale = (value: number) => range[0] + ((value - d0) / span) * (range[1] - range[0]);
  return Object.assign(scale, { domain });
}

/** Round steps from 0 to at least `high`, about `wanted` of them. */
export function ticksFromZero(high: number, wanted: number): number[] {
  // Below this a value is rounding, and powers of ten run out of digits: the axis of nothing.
  if (!(high > 1e-9)) return [0, 1];
  const raw = high / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 2.5, 5, 10].find(m => m * power >= raw) ?? 10);
  const ticks: number[] = [];
  for (let i = 0; ; i++) {
    ticks.push(Number((i * step).toPrecision(12)));
    if (i * step >= high) return ticks;
  }
}

/** First days of months within [from, to] (days since 1970), thinned to at most `most`. */
export function monthStarts(from: number, to: number, most: number): number[] {
  const days: number[] = [];
  const start = new Date(from * 86_400_000);
  for (let y = start.getUTCFullYear(), m = start.getUTCMonth(); ; m++) {
    const day = Date.UTC(y, m, 1) / 86_400_000;
    if (day > to) break;
    if (day >= from) days.push(day);
  }
  const every = Math.ceil(days.length / most);
  return days.filter((_, i) => i % every === 0);
}

/** A coordinate with one decimal: enough for a screen, small in the page. */
export function px(x: number): string {
  return (Math.round(x * 10) / 10).toString();
}

/** An SVG path through points. */
export function linePath(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join('');
}

/** A closed band: forth along the upper edge, back along the lower. */
export function bandPath(
  upper: readonly (readonly [number, number])[],
  lower: readonly (readonly [number, number])[],
): string {
  return `${linePath([...upper, ...[...lower].reverse()])}Z`;
}
