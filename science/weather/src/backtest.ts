// A test year forecast as it would have been: everything fitted on earlier days only, leads 1 to 10 days, every day of the year a target.
// Three models of one form differ in what they may see: `own` station only, `federated` through secure sums, `pooled` rows.
import { adaptSpread } from './adapt.ts';
import { baseline } from './baseline.ts';
import { civilDay } from './calendar.ts';
import { calibrate } from './calibrate.ts';
import { circulation, circulationPart } from './circulation.ts';
import { correct, correctionDoubles } from './correct.ts';
import { type Arena, arena } from './dense/products.ts';
import type { Distribution } from './distributions.ts';
import { type Gated, gate, type Issue } from './gate.ts';
import {
  besides,
  chooseLandmarks,
  memberPart,
  type Part,
  type Similarity,
  seasonPart,
  similarity,
  similarityDoubles,
  thin,
} from './kernel.ts';
import { CLIP_SD } from './neighbours/judge.ts';
import { type Released, release } from './neighbours/release.ts';
import type { Network } from './network.ts';
import { regress, regressionDoubles, type Segment } from './regression.ts';
import { type Score, score } from './score.ts';
import { plainSum, type SecureSum } from './secure-sum.ts';
import { makeTargets, penalty, type Target } from './targets.ts';

export type Model = 'own' | 'federated' | 'pooled';
export const MOST_LEAD = 10;
/** Landmark days: many where the signal is strong (temperature, two days ahead), few where it is weak, fewest for one station alone. */
export const LANDMARKS = { strong: 1800, weak: 600, own: 240 } as const;
const STRONG_DAYS = 2;
const FOLDS = 4;
const FEWEST_TRAINING_DAYS = 365;
const WARM_UP_DAYS = 730;

/** Everything that is the same for all models. */
export interface Prepared {
  readonly gated: Gated;
  readonly released: Released;
  /** Slopes and curves of the pressure over the network, per day, known to all members. */
  readonly circulation: readonly Float64Array[];
  readonly targets: readonly Target[];
  readonly trainEnd: number;
  readonly testFrom: number;
  readonly testTo: number;
  readonly issues: readonly Issue[];
}

/** Score of one model for one target at one lead. */
export interface ScoreRow extends Score {
  readonly station: string;
  readonly variable: string;
  readonly unit: string;
  readonly leadDays: number;
}

/** Distributions of one model for the test year: `forecasts[target][lead - 1][day - testFrom]`. */
export type Forecasts = readonly (readonly (readonly Distribution[])[])[];

/** Gates the data and fits what all models share. Throws RangeError when the year is not there or too little comes before it. */
export function prepare(network: Network, testYear: number, sum: SecureSum = plainSum): Prepared {
  const trainEnd = civilDay(testYear, 1, 1) - network.first;
  const end = Math.min(network.days, civilDay(testYear + 1, 1, 1) - network.first);
  if (trainEnd >= network.days || end <= 0) throw new RangeError(`there are no days of ${testYear} in the data`);
  if (trainEnd < FEWEST_TRAINING_DAYS)
    throw new RangeError(
      `only ${Math.max(0, trainEnd)} days come before ${testYear}; at least a year is needed for training`,
    );
  return prepareWindow(network, trainEnd, end, sum);
}

/**
 * For the days to come: trained on all days up to index `today` (the last row by default), with the next ten days as targets. Of the
 * forecasts only those issued today mean something: `forecasts[target][lead - 1][lead - 1]`.
 */
export function prepareToday(network: Network, today = network.days - 1, sum: SecureSum = plainSum): Prepared {
  if (!(today >= FEWEST_TRAINING_DAYS && today < network.days))
    throw new RangeError(
      `a forecast needs at least ${FEWEST_TRAINING_DAYS} days before it; there are ${Math.max(0, today)}`,
    );
  return prepareWindow(network, today + 1, today + 1 + MOST_LEAD, sum);
}

/** Days from `trainEnd` to `end` are targets; days of them that the network does not have, or that lie after them, are unknown. */
function prepareWindow(network: Network, trainEnd: number, end: number, sum: SecureSum): Prepared {
  const cut = (v: Float64Array) => {
    const out = new Float64Array(end).fill(Number.NaN);
    out.set(v.subarray(0, end));
    return out;
  };
  const upTo = { ...network, days: end, series: network.series.map(s => ({ ...s, values: cut(s.values) })) };
  const gated = gate(upTo, trainEnd);
  const released = release(gated, sum);
  const targets = makeTargets(gated);
  return {
    gated,
    released,
    circulation: circulation(gated.network, released.z, sum),
    targets,
    trainEnd,
    testFrom: trainEnd,
    testTo: end,
    issues: [...gated.issues, ...released.issues],
  };
}

/** Fits one model and gives its distributions for every day of the test year. */
export function forecast(p: Prepared, model: Model, sum: SecureSum = plainSum): Forecasts {
  const { network } = p.gated;
  const all = p.targets.map((_, i) => i);
  if (model !== 'own') {
    const fit = (q: Prepared) => {
      const parts = network.stations.flatMap((_, s) => {
        const series = network.series.flatMap((x, k) => (x.station === s ? [k] : []));
        return series.length === 0 ? [] : [memberPart(network, q.released.z, series)];
      });
      return run(q, ofParts(q, parts, model === 'federated' ? sum : undefined), all, LANDMARKS.strong, sum);
    };
    return withoutDoubtful(p, sum, fit);
  }
  const out: (readonly (readonly Distribution[])[])[] = new Array(p.targets.length);
  const clipped = p.gated.z.map(clip);
  for (let s = 0; s < network.stations.length; s++) {
    const mine = all.filter(i => p.targets[i].station === s);
    if (mine.length === 0) continue;
    const series = network.series.flatMap((x, k) => (x.station === s ? [k] : []));
    run(p, ofParts(p, [memberPart(network, clipped, series)], undefined), mine, LANDMARKS.own, plainSum).forEach(
      (f, i) => {
        out[mine[i]] = f;
      },
    );
  }
  return out;
}

/**
 * A station long in doubt, or silent, is best never learnt from: forecasts issued on such days come from a fit in which it says on every day what its neighbours
 * suggest. For the first few sets of such stations that occur; on other days they are filled in as they come.
 */
function withoutDoubtful(p: Prepared, sum: SecureSum, fit: (q: Prepared) => Forecasts): Forecasts {
  const { network } = p.gated;
  // Who is suspended has told nothing on any day.
  const long = p.released.doubtful.map((d, s) => longDoubt(p.released.suspended.includes(s) ? d.map(() => 0) : d));
  const outOn = (issued: number) => long.flatMap((l, s) => (l[issued] === 1 ? [s] : [])).join();
  const out = fit(p).map(leads => leads.map(days => [...days]));
  const sets = new Set<string>();
  for (let d = p.testFrom - MOST_LEAD; d < p.testTo && sets.size < MOST_SETS; d++)
    if (outOn(d) !== '') sets.add(outOn(d));
  for (const set of sets) {
    const gone = set.split(',').map(Number);
    const z = p.released.z.map((v, k) => (gone.includes(network.series[k].station) ? p.released.expected[k] : v));
    const other = fit({ ...p, released: { ...p.released, z }, circulation: circulation(network, z, sum) });
    out.forEach((leads, t) => {
      leads.forEach((days, l) => {
        for (let i = 0; i < days.length; i++) if (outOn(p.testFrom + i - l - 1) === set) days[i] = other[t][l][i];
      });
    });
  }
  return out;
}

const MOST_SETS = 3;
const LONG_DAYS = 45;
const LONG_SHARE = 0.8;
const BACK_SHARE = 0.4;

/** 1 from six weeks on in which a station was nearly always in doubt until six in which it mostly was not. */
function longDoubt(doubtful: Uint8Array): Uint8Array {
  let count = 0;
  let long = 0;
  return doubtful.map((x, d) => {
    count += x - (d >= LONG_DAYS ? doubtful[d - LONG_DAYS] : 0);
    long = count > (long === 1 ? BACK_SHARE : LONG_SHARE) * LONG_DAYS ? 1 : 0;
    return long;
  });
}

/** Where the similarity of days comes from, and how wide and large the features behind it are together. */
export interface SimilaritySource {
  readonly width: number;
  readonly shared: boolean;
  build(memory: Arena, landmarks: Int32Array, days: number): Similarity;
}

/** Similarity from members' parts and what everybody knows: the season and, among several members, the circulation. */
function ofParts(p: Prepared, parts: readonly Part[], sum: SecureSum | undefined): SimilaritySource {
  const shared = parts.length > 1;
  const members = parts.reduce((s, q) => s + q.size, 0);
  const open = openPart(p, shared ? p.circulation : [], members);
  return {
    width: parts.reduce((s, q) => s + q.width, open.width),
    shared,
    build: (memory, landmarks, days) => similarity(memory, parts, open, landmarks, days, sum),
  };
}

/** The season, and the circulation, beside members' features whose size is `size`. */
export function openPart(p: Pick<Prepared, 'gated' | 'trainEnd'>, found: readonly Float64Array[], size: number): Part {
  const { angles } = p.gated;
  const flow = circulationPart(found, angles.length, p.trainEnd, size);
  return besides(seasonPart(angles, size + flow.size), flow);
}

/** Fits the targets `which` on a similarity of at most `most` landmark days and gives their distributions; spreads adapt through `sum`. */
export function run(
  p: Prepared,
  source: SimilaritySource,
  which: readonly number[],
  most: number,
  sum: SecureSum,
): Forecasts {
  const { angles } = p.gated;
  const days = p.testTo;
  const landmarks = chooseLandmarks(p.trainEnd, most);
  const m = landmarks.length;
  const rows = which.flatMap(t =>
    Array.from({ length: MOST_LEAD }, (_, l) => p.targets[t].regressands.map(r => ({ t, lead: l + 1, z: r.z }))).flat(),
  );
  const y = rows.map(({ t, lead, z }) => {
    const { kind, series } = p.targets[t];
    // A temperature nobody measured is what the neighbours suggest, so that a station that starts late is not taught that all its days were usual.
    const guess = source.shared && kind === 'normal' ? p.released.z[series] : undefined;
    const v = new Float64Array(days);
    for (let d = lead; d < p.trainEnd; d++) v[d - lead] = Number.isNaN(z[d]) ? (guess?.[d] ?? 0) : z[d];
    return v;
  });
  const penalties = Float64Array.from(rows, r => penalty(p.targets[r.t].kind, r.lead));
  const fitted: Float64Array[] = new Array(rows.length);
  const withheld: Float64Array[] = new Array(rows.length);
  const { width } = source;
  const few = Math.min(m, LANDMARKS.weak);
  const split = m > few;
  const strong = rows.flatMap((r, i) => (split && isStrong(p, r) ? [i] : []));
  const weak = rows.flatMap((r, i) => (split && isStrong(p, r) ? [] : [i]));
  const memory = arena(
    similarityDoubles(days, m) +
      Math.max(
        (days + m + 256) * (width + 20) + 256 * m,
        strong.length === 0 ? 0 : regressionDoubles(m, days, strong.length, FOLDS),
        (split ? similarityDoubles(days, few) : 0) + regressionDoubles(few, days, weak.length, FOLDS),
      ),
  );
  const alike = source.build(memory, landmarks, days);
  const solve = (which: readonly number[], like: Similarity) => {
    if (which.length === 0) return;
    const found = regress(
      memory,
      like,
      { y: which.map(r => y[r]), penalty: Float64Array.from(which, r => penalties[r]) },
      segments(p.trainEnd),
      p.trainEnd - MOST_LEAD,
    );
    which.forEach((r, i) => {
      fitted[r] = found.fitted[i];
      withheld[r] = found.withheld[i];
    });
  };
  solve(strong, alike);
  memory.scope(() => solve(weak, split ? thin(memory, alike, few) : alike));
  if (source.shared) correctEach(p, rows, y, fitted, withheld);
  let row = 0;
  const from = Math.max(MOST_LEAD, p.testFrom - WARM_UP_DAYS);
  const trained = p.trainEnd - MOST_LEAD;
  const raw = which.map(t => {
    const target = p.targets[t];
    const k = target.regressands.length;
    return Array.from({ length: MOST_LEAD }, (_, l) => {
      const lead = l + 1;
      const use = Array.from({ length: k }, (_, j) => row + j);
      row += k;
      const known = Array.from({ length: trained }, (_, i) => i + lead).filter(
        d => !Number.isNaN(target.regressands[0].z[d]),
      );
      const predicted = use.map(r => Float64Array.from(known, d => withheld[r][d - lead]));
      const link = calibrate(target, { days: known, predicted, outOf: trained }, angles, lead);
      return Array.from({ length: p.testTo - from }, (_, i) => {
        const issued = from + i - lead;
        return link(
          from + i,
          use.map(r => (issued < trained ? withheld : fitted)[r][issued]),
        );
      });
    });
  });
  return adaptAll(p, which, raw, from, sum);
}

/** One spread factor for each variable and lead, learnt as the days go by, first on the end of the training years. */
function adaptAll(p: Prepared, which: readonly number[], raw: Forecasts, from: number, sum: SecureSum): Forecasts {
  const out: Distribution[][][] = which.map(() => []);
  for (const variable of new Set(which.map(t => p.targets[t].variable))) {
    const group = which.flatMap((t, i) => (p.targets[t].variable === variable ? [i] : []));
    const observed = group.map(i => p.targets[which[i]].observed.subarray(from, p.testTo));
    for (let l = 0; l < MOST_LEAD; l++) {
      const adapted = adaptSpread(
        group.map(i => raw[i][l]),
        observed,
        l + 1,
        sum,
      );
      group.forEach((i, g) => {
        out[i].push(adapted[g].slice(p.testFrom - from));
      });
    }
  }
  return out;
}

/** Adds each station's own correction to its temperatures of the first days, in place. */
function correctEach(
  p: Prepared,
  rows: readonly { t: number; lead: number; z: Float64Array }[],
  y: readonly Float64Array[],
  fitted: readonly Float64Array[],
  withheld: readonly Float64Array[],
): void {
  const { network, angles, z } = p.gated;
  network.stations.forEach((_, s) => {
    const mine = rows.flatMap((r, i) => (p.targets[r.t].station === s && isStrong(p, r) ? [i] : []));
    if (mine.length === 0) return;
    const series = network.series.flatMap((x, k) => (x.station === s ? [k] : []));
    const own = memberPart(network, z.map(clip), series);
    const leftovers = mine.map(r => {
      const { lead, z: target } = rows[r];
      return y[r].map((v, d) => (d + lead >= p.trainEnd || Number.isNaN(target[d + lead]) ? 0 : v - withheld[r][d]));
    });
    const memory = arena(correctionDoubles(own.width, p.testTo, mine.length, FOLDS));
    const found = correct(memory, own.rows, own.width, angles, leftovers, segments(p.trainEnd), p.trainEnd - MOST_LEAD);
    mine.forEach((r, i) => {
      for (let d = 0; d < p.testTo; d++) {
        fitted[r][d] += found.fitted[i][d];
        withheld[r][d] += found.withheld[i][d];
      }
    });
  });
}

const isStrong = (p: Prepared, r: { t: number; lead: number }) =>
  r.lead <= STRONG_DAYS && p.targets[r.t].kind === 'normal';

const clip = (z: Float64Array) => z.map(v => Math.max(-CLIP_SD, Math.min(CLIP_SD, v)));

/** Training days in blocks of about a year, dealt to the folds in turn. */
function segments(trainEnd: number): Segment[] {
  // The last days are left out: their targets lie in the test year.
  const end = trainEnd - MOST_LEAD;
  const blocks = Math.max(FOLDS, Math.round(end / 365.25));
  return Array.from({ length: blocks }, (_, b) => ({
    from: Math.floor((b * end) / blocks),
    to: Math.floor(((b + 1) * end) / blocks),
    fold: b % FOLDS,
  }));
}

/** Scores a model's forecasts against what was observed; days without an observation do not count. */
export function scoreAll(p: Prepared, forecasts: Forecasts): ScoreRow[] {
  return p.targets.flatMap((target, t) =>
    forecasts[t].map((days, l) => ({
      station: p.gated.network.stations[target.station].name,
      variable: target.variable,
      unit: target.unit,
      leadDays: l + 1,
      ...score(days, target.observed.subarray(p.testFrom, p.testTo)),
    })),
  );
}

/** RMSE of climatology and of damped persistence for the same days, in the order of `scoreAll`. */
export function baselines(p: Prepared) {
  return p.targets.flatMap(target =>
    Array.from({ length: MOST_LEAD }, (_, l) => ({
      station: p.gated.network.stations[target.station].name,
      variable: target.variable,
      leadDays: l + 1,
      ...baseline(target.observed, target.usual, p.trainEnd, p.testFrom, p.testTo, l + 1),
    })),
  );
}
