// Limits on what is built of a carrier: at a bus (columns nom_min_CARRIER and nom_max_CARRIER of buses.csv, perhaps with _YEAR), and new
// capacity from one investment period to the next (max_growth and max_relative_growth of carriers.csv).
import type { Draft } from './draft.ts';
import { type Components, componentsOf, numberOf, textOf } from './network.ts';

const BUILT = ['generators', 'storage_units', 'stores', 'links', 'processes', 'lines', 'transformers'];
const AT_ONE_BUS = ['generators', 'storage_units', 'stores'];

export function addCarrierLimits(d: Draft): void {
  addBusLimits(d);
  if (d.network.severalYears) addGrowth(d);
}

function addBusLimits(d: Draft): void {
  const buses = componentsOf(d.network, 'buses');
  for (const column of Object.keys(buses.columns)) {
    const match = /^nom_(min|max)_(.+)$/.exec(column);
    const of = match && carrierAndPeriod(d, match[2]);
    if (!match || !of) continue;
    for (const [k, bus] of buses.names.entries()) {
      const limit = numberOf(buses, column, k);
      if (Number.isNaN(limit)) continue;
      const columns: number[] = [];
      for (const list of AT_ONE_BUS) {
        const c = componentsOf(d.network, list);
        for (let i = 0; i < c.names.length; i++)
          if (
            d.blocks[list].nominal[i] >= 0 &&
            textOf(c, 'bus', i) === bus &&
            textOf(c, 'carrier', i) === of.carrier &&
            (of.period < 0 || d.activeIn(c, i, of.period))
          )
            columns.push(d.blocks[list].nominal[i]);
      }
      if (columns.length === 0) continue;
      d.b.row(
        match[1] === 'min' ? limit : Number.NEGATIVE_INFINITY,
        match[1] === 'min' ? Number.POSITIVE_INFINITY : limit,
      );
      for (const j of columns) d.b.term(j, 1);
    }
  }
}

function carrierAndPeriod(d: Draft, text: string): { carrier: string; period: number } | undefined {
  const carriers = componentsOf(d.network, 'carriers').names;
  if (carriers.includes(text)) return { carrier: text, period: -1 };
  const match = /^(.+)_(\d+)$/.exec(text);
  const period = match ? d.network.time.periods.findIndex(p => p.year === Number(match[2])) : -1;
  return match && period >= 0 && carriers.includes(match[1]) ? { carrier: match[1], period } : undefined;
}

/** New capacity of a period within max_growth, plus a share of what was new in the period before. */
function addGrowth(d: Draft): void {
  const carriers = componentsOf(d.network, 'carriers');
  for (const [k, carrier] of carriers.names.entries()) {
    const most = numberOf(carriers, 'max_growth', k);
    if (!Number.isFinite(most)) continue;
    const relative = Math.max(0, numberOf(carriers, 'max_relative_growth', k));
    const fresh = d.network.time.periods.map((_, p) => newColumns(d, carrier, p));
    for (const [p, columns] of fresh.entries()) {
      const before = relative > 0 && p > 0 ? fresh[p - 1] : [];
      if (columns.length + before.length === 0) continue;
      d.b.row(Number.NEGATIVE_INFINITY, most);
      for (const j of columns) d.b.term(j, 1);
      for (const j of before) d.b.term(j, -relative);
    }
  }
}

/** Capacities whose first active period is `period`. */
function newColumns(d: Draft, carrier: string, period: number): number[] {
  const isNew = (c: Components, i: number) => {
    for (let p = 0; p < period; p++) if (d.activeIn(c, i, p)) return false;
    return d.activeIn(c, i, period);
  };
  return BUILT.flatMap(list => {
    const c = componentsOf(d.network, list);
    return c.names.flatMap((_, i) => {
      const column = d.blocks[list].nominal[i];
      return column >= 0 && textOf(c, 'carrier', i) === carrier && isNew(c, i) ? [column] : [];
    });
  });
}
