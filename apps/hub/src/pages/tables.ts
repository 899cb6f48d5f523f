// Tables of what public figures say of a place, for download: the series with its revisions, and scores, reproduction numbers and warnings by forecast.
// Units are in the column names or the last column, the provider's citation in every file.
import { dateOf, dayInWeek } from '@madang/disease';
import type { FiguresSource, PlaceForecasts } from '@madang/web';
import type { PlaceFigures } from './figures.ts';

export interface TableRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

const about = (s: FiguresSource, unit: string | undefined) =>
  [
    s.simulated ? 'simulated' : 'public figures named by the operator',
    unit && `unit: ${unit}`,
    `cite: ${s.cite}`,
    s.note,
  ]
    .filter(t => t !== undefined && t !== '')
    .join('; ');

/** A row each time a value appears, changes or is withdrawn (empty), by the day from which it was known. */
export function revisionRows(f: PlaceFigures, source: FiguresSource): TableRows {
  const { log } = f;
  const rows = Array.from(log.period, (period, i) => [
    f.target,
    f.place,
    dateOf(dayInWeek(period, f.weekEnds)),
    dateOf(log.knownFrom[i]),
    Number.isNaN(log.value[i]) ? '' : log.value[i],
    i === 0 ? about(source, f.unit) : '',
  ]);
  return { columns: ['target', 'location', 'week_end', 'known_from', 'value', 'provenance'], rows };
}

/** A row for each forecast week. Scores in the unit of the place; the chance is of a week above the threshold. */
export function scoreRows(p: PlaceForecasts, source: FiguresSource): TableRows {
  const e = p.evidence;
  const rows: (string | number)[][] = [];
  const round = (x: number | undefined) => (x === undefined ? '' : Number(x.toPrecision(6)));
  for (const [i, fan] of p.fans.entries()) {
    const now = e?.fans[i];
    for (const [k, point] of fan.points.entries()) {
      const o = now?.outcomes[k];
      rows.push([
        p.target,
        p.place,
        fan.asOf,
        point.date,
        point.horizon,
        point.median,
        o?.observed ?? '',
        o?.inside50 === undefined ? '' : Number(o.inside50),
        o?.inside95 === undefined ? '' : Number(o.inside95),
        round(o?.wis),
        round(o?.baseline),
        round(o?.ensemble),
        round(now?.rt?.r),
        round(now?.rt?.low),
        round(now?.rt?.high),
        round(now?.threshold),
        round(now?.chances[k]),
        fan.org,
        fan.entry,
        rows.length === 0
          ? `${about(source, e?.unit)}; baseline: ${e?.baselineName ?? 'none'}; ensemble: ${e?.ensembleName ?? 'none'}`
          : '',
      ]);
    }
  }
  const columns = [
    ...[
      'target',
      'location',
      'as_of',
      'week_end',
      'horizon',
      'median',
      'observed',
      'inside50',
      'inside95',
      'wis',
      'wis_baseline',
      'wis_ensemble',
    ],
    ...[
      'reproduction',
      'reproduction_low95',
      'reproduction_high95',
      'threshold',
      'chance_above_threshold',
      'signed_by',
      'log_entry',
      'provenance',
    ],
  ];
  return { columns, rows };
}
