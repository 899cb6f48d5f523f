// Lines and transformers: flows within ratings and angle limits, Kirchhoff's voltage law around the cycles of the network.
import { EnergyError } from '../error.ts';
import { cycleBasis, type PassiveBranch } from './cycles.ts';
import { addDispatch, addNominal, blockOf, type Draft } from './draft.ts';
import { type Components, componentsOf, numberOf, textOf, valueAt } from './network.ts';
import { lineType, transformerType } from './standard-types.ts';

export interface Passive {
  readonly list: 'lines' | 'transformers';
  readonly index: number;
  readonly branch: PassiveBranch;
  /** Phase shift in radians by snapshot; where it is chosen, its first column (radians). */
  readonly shift: (t: number) => number;
  readonly shiftColumn: number;
}

const RADIAN = Math.PI / 180;

export function addBranches(d: Draft, busIndex: ReadonlyMap<string, number>): Passive[] {
  const buses = componentsOf(d.network, 'buses');
  const passive: Passive[] = [];
  for (const list of ['lines', 'transformers'] as const) {
    const c = componentsOf(d.network, list);
    const block = blockOf(c);
    d.blocks[list] = block;
    for (let i = 0; i < c.names.length; i++) {
      const from = busIndex.get(textOf(c, 'bus0', i))!;
      const to = busIndex.get(textOf(c, 'bus1', i))!;
      const given = list === 'lines' ? lineImpedance(d, c, i) : transformerImpedance(d, c, i);
      const dc = textOf(buses, 'carrier', from) === 'DC';
      const base = list === 'lines' ? numberOf(buses, 'v_nom', from) ** 2 : given.capacity;
      const impedance = ((dc ? given.r : given.x) / base) * given.tap;
      block.nominal[i] = addNominal(d, c, i, 's_nom');
      const limit = valueAt(c, 's_max_pu', i);
      const chosen = list === 'transformers' && numberOf(c, 'phase_shift_min', i) < numberOf(c, 'phase_shift_max', i);
      // Angle limits hold both ways alike; the lower one of a file is not used (so does PyPSA).
      const angle = dc ? Number.POSITIVE_INFINITY : (numberOf(c, 'v_ang_max', i) * RADIAN) / Math.abs(impedance);
      const offset = (numberOf(c, 'phase_shift', i) * RADIAN) / impedance;
      if (Number.isFinite(angle) && (chosen || c.series['phase_shift']))
        throw new EnergyError(
          'unsupported',
          `${list}.csv, "${c.names[i]}": an angle limit beside a phase shift that varies is not supported`,
        );
      block.first[i] = addDispatch(d, c, i, {
        low: t => -limit(t),
        high: limit,
        capacity: given.capacity,
        nominal: block.nominal[i],
        ...(Number.isFinite(angle)
          ? { least: -angle - (list === 'lines' ? 0 : offset), most: angle - (list === 'lines' ? 0 : offset) }
          : {}),
      });
      d.inject(textOf(c, 'bus0', i), block.first[i], -1);
      d.inject(textOf(c, 'bus1', i), block.first[i], 1);
      const degrees = given.shift ?? (list === 'transformers' ? valueAt(c, 'phase_shift', i) : () => 0);
      passive.push({
        list,
        index: i,
        branch: { from, to, impedance, shift: degrees(0) * RADIAN },
        shift: t => degrees(t) * RADIAN,
        shiftColumn: chosen ? addShifts(d, c, i) : -1,
      });
    }
  }
  return passive;
}

interface Impedance {
  /** Ohm for lines, per unit of the capacity for transformers. */
  readonly r: number;
  readonly x: number;
  readonly tap: number;
  /** MVA. */
  readonly capacity: number;
  /** Degrees, where a type fixes them. */
  readonly shift?: (t: number) => number;
}

/** A type stands above what is written beside it (so does PyPSA). */
function lineImpedance(d: Draft, c: Components, i: number): Impedance {
  const capacity = numberOf(c, 's_nom', i);
  const name = textOf(c, 'type', i);
  if (name === '') return { r: numberOf(c, 'r', i), x: numberOf(c, 'x', i), tap: 1, capacity };
  const type = lineType(d.network, name);
  if (!type) throw unknownType(c, i, name, 'line_types.csv');
  const scale = numberOf(c, 'length', i) / numberOf(c, 'num_parallel', i);
  return { r: type.r * scale, x: type.x * scale, tap: 1, capacity };
}

function transformerImpedance(d: Draft, c: Components, i: number): Impedance {
  const name = textOf(c, 'type', i);
  if (name === '')
    return {
      r: numberOf(c, 'r', i),
      x: numberOf(c, 'x', i),
      tap: numberOf(c, 'tap_ratio', i),
      capacity: numberOf(c, 's_nom', i),
    };
  const type = transformerType(d.network, name);
  if (!type) throw unknownType(c, i, name, 'transformer_types.csv');
  const parallel = numberOf(c, 'num_parallel', i);
  const r = type.vscr / 100;
  return {
    r: r / parallel,
    x: Math.sqrt((type.vsc / 100) ** 2 - r ** 2) / parallel,
    tap: 1 + ((numberOf(c, 'tap_position', i) - type.tapNeutral) * type.tapStep) / 100,
    capacity: type.capacity,
    shift: () => type.phaseShift,
  };
}

function unknownType(c: Components, i: number, name: string, file: string): EnergyError {
  return new EnergyError(
    'unknown-name',
    `${c.list}.csv, "${c.names[i]}": the type "${name}" is neither in ${file} nor one of PyPSA's standard types`,
  );
}

function addShifts(d: Draft, c: Components, i: number): number {
  const first = d.b.columns;
  const [low, high] = [numberOf(c, 'phase_shift_min', i) * RADIAN, numberOf(c, 'phase_shift_max', i) * RADIAN];
  if (!Number.isFinite(high - low))
    throw new EnergyError(
      'limits-contradict',
      `${c.list}.csv, "${c.names[i]}": a phase shift that is chosen needs a finite phase_shift_min and phase_shift_max`,
    );
  for (let t = 0; t < d.network.time.count; t++) d.b.column(0, low, high);
  return first;
}

/** Around every cycle the drops of angle (AC) or voltage (DC) cancel, in the snapshots of one investment period. */
export function addVoltageLaw(d: Draft, passive: readonly Passive[], buses: number, period: number): void {
  const { time } = d.network;
  const snapshot = time.period.indexOf(period);
  if (snapshot < 0 || passive.length === 0) return;
  const columns = passive.map(p => d.blocks[p.list].first[p.index]);
  const cycles = cycleBasis(
    buses,
    passive.map(p => p.branch),
    k => d.active(componentsOf(d.network, passive[k].list), passive[k].index, snapshot),
  );
  for (const cycle of cycles) {
    const largest = Math.max(...cycle.map(e => Math.abs(passive[e.branch].branch.impedance)));
    if (largest === 0) {
      const names = cycle.map(e => componentsOf(d.network, passive[e.branch].list).names[passive[e.branch].index]);
      throw new EnergyError(
        'zero-impedance',
        `the cycle of ${names.join(', ')} has no impedance, so its flows are undetermined: give x (AC) or r (DC)`,
      );
    }
    for (let t = 0; t < time.count; t++) {
      if (time.period[t] !== period) continue;
      let shift = 0;
      for (const e of cycle) if (passive[e.branch].shiftColumn < 0) shift += e.sign * passive[e.branch].shift(t);
      d.b.row(-shift / largest, -shift / largest);
      for (const e of cycle) {
        const { branch, shiftColumn } = passive[e.branch];
        d.b.term(columns[e.branch] + t, (e.sign * branch.impedance) / largest);
        if (shiftColumn >= 0) d.b.term(shiftColumn + t, e.sign / largest);
      }
    }
  }
}
