// What postprocess says of its corrections: lines for the log, its JSON and its text.
import type { Corrected } from './postprocess-correct.ts';
import type { Given } from './postprocess-input.ts';
import type { Request } from './postprocess-request.ts';

/** What the forecasts and observations lack, and what was done about it, a line each. */
export function lacking({ seasonless, used, incomplete, gone }: Corrected, trainUntil: string): string[] {
  const asClimatology = used.get('climatology');
  return [
    ...(seasonless.length > 0
      ? [`observations before ${trainUntil} do not cover the year, so no seasons are known: ${seasonless.join(', ')}`]
      : []),
    ...(asClimatology
      ? [
          `the forecasts do not beat climatology on days of training, which is given instead, at ${asClimatology} stations and leads`,
        ]
      : []),
    ...(incomplete > 0 ? [`${incomplete} forecasts lack some of their members; the others were used`] : []),
    ...(gone > 0 ? [`${gone} forecasts lack most of their members, or a step; not used`] : []),
  ];
}

/** `emos at 12 stations and leads, climatology at 3 stations and leads`. */
export const methods = ({ used }: Corrected): string =>
  [...used].map(([method, n]) => `${method} at ${n} stations and leads`).join(', ');

/** The JSON; CRPS in the variable's unit, coverage as a share. */
export function report(
  { method }: Request,
  { read, outside }: Given,
  corrected: Corrected,
  missing: readonly string[],
  provenance: string,
) {
  const { forecasts, tally, used, skipped } = corrected;
  const { n, ...means } = tally.all();
  return {
    ok: true,
    method,
    used: Object.fromEntries(used),
    forecasts: forecasts.length,
    scored: n,
    ...(n > 0 ? means : {}),
    leads: tally.leads(),
    noBetterThanClimatology: tally.worse(),
    skipped,
    outside,
    missing,
    read,
    provenance,
  };
}

export function text(corrected: Corrected, unit: string): string {
  const all = corrected.tally.all();
  return [
    `${corrected.forecasts.length} forecasts written (${methods(corrected)}).`,
    all.n > 0
      ? `CRPS in ${unit} on ${all.n} that could be scored: ${all.crps.toFixed(3)}, uncorrected ${all.crpsRaw.toFixed(3)}, climatology ${all.crpsClimatology.toFixed(3)}; ${percent(all.coverage90)} inside the 90 % interval.`
      : 'None could be scored: there are no observations of those days.',
    ...corrected.tally
      .leads()
      .map(
        l =>
          `  ${String(l.leadDays).padStart(3)} days ahead  ${l.crps.toFixed(3)}  uncorrected ${l.crpsRaw.toFixed(3)}  climatology ${l.crpsClimatology.toFixed(3)}  inside ${percent(l.coverage90)}`,
      ),
  ].join('\n');
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
