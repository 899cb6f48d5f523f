// The panel of a deadline: what each log held then, without what cannot be believed, the newest values corrected for their revisions.
import { weekOf } from './calendar.ts';
import { type ChangeLog, type Series, type SeriesName, snapshot } from './change-log.ts';
import { weekEnd } from './hubs.ts';
import type { GuessedSeries } from './local-level.ts';
import { notAfter, withoutOutliers, withoutSlips } from './outliers.ts';
import { fourthRoot, makePanel, type Panel, type PanelCalendar, scaleOf } from './panel/panel.ts';
import type { ReplayPlan } from './replay.ts';
import { type Revision, revisionsAt } from './revision.ts';
import { inNewestUnit, sinceNewestUnit } from './unit-changes.ts';

/** The table of a deadline over all logs. */
export function tableAt(logs: readonly ChangeLog[], day: number): Series[] {
  return logs.flatMap(l => snapshot(l, day));
}

/** A deadline's table without weeks that lie ahead of it and without slips of unit. */
const believable = (table: readonly Series[], day: number): Series[] =>
  table
    .flatMap(s => notAfter(s, weekOf(day)) ?? [])
    .map(withoutOutliers)
    .map(withoutSlips);

/**
 * The panel of a deadline, its own series as `read`, its newest values corrected for the revisions they will probably see; and the series to
 * forecast that have reported nothing but zeros, for which no scale exists. `own` names the series of the plan's own log.
 */
export function panelAt(
  plan: ReplayPlan,
  day: number,
  calendar: PanelCalendar,
  read: (table: Series[]) => GuessedSeries[] = t => t,
): { panel: Panel; silent: Series[]; own: ReadonlySet<string> } {
  const reported = believable(snapshot(plan.logs[0], day), day);
  const own = reported.map(inNewestUnit);
  const scales = new Map(own.map(s => [nameOf(s), scaleOf(s.values, calendar.perYear * 6)]));
  const scale = (s: Series) => scales.get(nameOf(s));
  const endOf = (week: number) => weekEnd(plan.hub, week);
  // The log holds the weeks before a new unit in the old one: their revisions say nothing here.
  const revisions = revisionsAt(plan.logs[0], day, reported.map(sinceNewestUnit), scale, endOf, fourthRoot);
  // What another log holds of the same signal and place is the same series again.
  const names = new Set(own.map(nameOf));
  const others = believable(tableAt(plan.logs.slice(1), day), day)
    .filter(s => !names.has(nameOf(s)))
    .map(inNewestUnit);
  const seen = read(own);
  return {
    own: names,
    panel: makePanel([...seen, ...others], calendar, fourthRoot, withDoubts(revisions, seen, scale)),
    silent: own.filter(s => s.target === plan.target && scale(s) === undefined),
  };
}

/** Revisions, and with them what a noised last value leaves open. */
function withDoubts(
  revisions: ReadonlyMap<string, Revision>,
  table: readonly GuessedSeries[],
  scaleOf: (s: Series) => number | undefined,
): ReadonlyMap<string, Revision> {
  const out = new Map(revisions);
  for (const s of table) {
    const scale = scaleOf(s);
    if (!s.doubt || scale === undefined) continue;
    const last = s.values[s.values.length - 1];
    const z = (v: number) => fourthRoot.forward(v / scale);
    const sd = (z(last + s.doubt) - z(last - s.doubt)) / 2;
    const { shift, sd: revised } = out.get(nameOf(s)) ?? { shift: [], sd: 0 };
    out.set(nameOf(s), { shift, sd: Math.hypot(revised, sd) });
  }
  return out;
}

/** A series' name in one word. */
export const nameOf = (s: SeriesName) => `${s.target}\t${s.location}`;
