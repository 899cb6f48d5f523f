// Links (power taken from one bus arrives at others times an efficiency, perhaps later) and processes (a rate at every bus, positive where
// power comes out).
import { outputLimits } from './commitment.ts';
import { addCurvature, addDispatch, addNominal, blockOf, type Draft } from './draft.ts';
import { type Components, componentsOf, numberOf, type TimeAxis, textOf, valueAt } from './network.ts';
import { addMarginalCurve, addPiecewiseFlow } from './piecewise.ts';

export function addLinks(d: Draft): void {
  for (const list of ['links', 'processes']) {
    const c = componentsOf(d.network, list);
    const block = blockOf(c);
    d.blocks[list] = block;
    for (let i = 0; i < c.names.length; i++) {
      block.nominal[i] = addNominal(d, c, i, 'p_nom');
      block.first[i] = addDispatch(d, c, i, {
        ...(c.curves['marginal_cost']?.has(c.names[i]) ? {} : { cost: valueAt(c, 'marginal_cost', i) }),
        ...outputLimits(c, i),
        capacity: numberOf(c, 'p_nom', i),
        nominal: block.nominal[i],
        fixed: valueAt(c, 'p_set', i),
      });
      addCurvature(d, c, i, block.first[i]);
      addMarginalCurve(d, c, i, block.first[i]);
      if (list === 'links') d.inject(textOf(c, 'bus0', i), block.first[i], -1);
      for (const port of portsOf(c)) {
        const bus = textOf(c, `bus${port}`, i);
        if (bus === '') continue;
        const attribute = list === 'processes' ? `rate${port}` : `efficiency${port === 1 ? '' : port}`;
        const source = delayOf(d.network.time, c, i, port);
        const flow = addPiecewiseFlow(d, c, i, attribute, block.first[i]);
        if (flow !== undefined) d.inject(bus, flow, 1, source);
        else
          d.inject(
            bus,
            block.first[i],
            c.series[attribute] ? valueAt(c, attribute, i) : numberOf(c, attribute, i),
            source,
          );
      }
    }
  }
}

/** Numbers of the ports at which power arrives. */
function portsOf(c: Components): number[] {
  const ports = new Set(c.list === 'processes' ? [0, 1] : [1]);
  for (const name of Object.keys(c.columns)) {
    const port = /^bus(\d+)$/.exec(name)?.[1];
    if (port !== undefined && (c.list === 'processes' || port !== '0')) ports.add(Number(port));
  }
  return [...ports].sort((a, b) => a - b);
}

/** The snapshot whose power arrives in each snapshot, -1 where none does; undefined without a delay. */
function delayOf(time: TimeAxis, c: Components, i: number, port: number): Int32Array | undefined {
  const suffix = port === 1 && c.list === 'links' ? '' : String(port);
  const delay = numberOf(c, `delay${suffix}`, i);
  if (!(delay > 0)) return undefined;
  const cyclic = /^(true|1|1\.0|yes)$/i.test(textOf(c, `cyclic_delay${suffix}`, i));
  const source = new Int32Array(time.count).fill(-1);
  for (let from = 0; from < time.count; ) {
    let to = from + 1;
    while (to < time.count && time.period[to] === time.period[from]) to += 1;
    // Hours at which each snapshot of the period begins.
    const begins = new Float64Array(to - from);
    for (let k = 1; k < begins.length; k++) begins[k] = begins[k - 1] + time.generators[from + k - 1];
    const total = begins[begins.length - 1] + time.generators[to - 1];
    for (let k = 0; k < begins.length; k++) {
      let at = begins[k] - Math.floor(delay);
      if (cyclic) at = ((at % total) + total) % total;
      if (at < 0) continue;
      let s = 0;
      while (s + 1 < begins.length && begins[s + 1] <= at) s += 1;
      source[from + k] = from + s;
    }
    from = to;
  }
  return source;
}
