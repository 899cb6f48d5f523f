// From sources to sinks: which plants capture, which pipes are laid in which phase, where the CO2 is stored, at least discounted cost. Written as
// a mixed-integer program in LP text; the solver is an argument. Existing pipes carry without being built again.

export interface NetworkCase {
  /** Length of each phase in years, in order. */
  readonly phasesYears: readonly number[];
  /** Real discount rate a year. */
  readonly discountRate: number;
  /** CO2 to be stored in each phase, Mt a year. */
  readonly targetMtYear: readonly number[];
  readonly sources: readonly { readonly name: string; readonly mostMtYear: number; readonly costTonne: number }[];
  readonly sinks: readonly {
    readonly name: string;
    readonly mostMtYear: number;
    /** Room for the whole horizon. */
    readonly capacityMt: number;
    readonly costTonne: number;
    /** Once, in millions, when the sink is opened. */
    readonly openMillion: number;
  }[];
  /** Possible pipes, both ways; `existingMtYear` is what lies there already. Ends are names of sources, sinks or `junctions`. */
  readonly pipes: readonly {
    readonly from: string;
    readonly to: string;
    readonly km: number;
    readonly existingMtYear: number;
  }[];
  readonly junctions: readonly string[];
  /** Sizes that can be laid, any number of them side by side: capacity, price in millions a km. */
  readonly sizes: readonly { readonly name: string; readonly mtYear: number; readonly millionKm: number }[];
  /** Running cost a tonne and 100 km. */
  readonly flowTonne100Km: number;
}

/** What a solver of linear mixed-integer programs in LP text gives back: values by column name. */
export type SolveLp = (
  lp: string,
) => Promise<{ readonly status: string; readonly objective: number; readonly values: ReadonlyMap<string, number> }>;

export type NetworkPlan =
  | {
      readonly ok: true;
      /** Discounted, millions. */
      readonly costMillion: number;
      readonly parts: {
        readonly capture: number;
        readonly pipes: number;
        readonly flow: number;
        readonly storage: number;
        readonly opening: number;
      };
      readonly captured: readonly { readonly source: string; readonly phase: number; readonly mtYear: number }[];
      readonly stored: readonly { readonly sink: string; readonly phase: number; readonly mtYear: number }[];
      /** One entry a pipe: two side by side are two. */
      readonly laid: readonly {
        readonly from: string;
        readonly to: string;
        readonly size: string;
        readonly phase: number;
      }[];
      readonly flows: readonly {
        readonly from: string;
        readonly to: string;
        readonly phase: number;
        readonly mtYear: number;
      }[];
      readonly opened: readonly { readonly sink: string; readonly phase: number }[];
    }
  | { readonly ok: false; readonly refusal: { readonly code: 'infeasible' | 'unsolved'; readonly why: string } };

/** Why a case cannot be, naming the item; undefined when it can. */
export function checkNetwork(c: NetworkCase): string | undefined {
  const names = [...c.sources, ...c.sinks].map(n => n.name).concat(c.junctions);
  const twice = names.find((n, i) => names.indexOf(n) !== i);
  if (twice !== undefined) return `"${twice}" names two places`;
  if (c.phasesYears.length === 0 || c.phasesYears.some(y => !(y > 0)))
    return 'every phase needs a length above 0 years';
  if (c.targetMtYear.length !== c.phasesYears.length)
    return `${c.targetMtYear.length} targets for ${c.phasesYears.length} phases`;
  if (!(c.discountRate >= 0 && c.discountRate < 1))
    return `a discount rate of ${c.discountRate}; a share a year is expected, 0.05 for 5 %`;
  if (c.sizes.length === 0) return 'there is no pipe size';
  for (const z of c.sizes) if (!(z.mtYear > 0)) return `a pipe of size "${z.name}" carries ${z.mtYear} Mt a year`;
  for (const p of c.pipes) {
    if (p.from === p.to) return `pipe ${p.from} to ${p.to}: it leads nowhere`;
    for (const end of [p.from, p.to])
      if (!names.includes(end)) return `pipe ${p.from} to ${p.to}: there is no place "${end}"`;
    if (!(p.km >= 0) || !(p.existingMtYear >= 0))
      return `pipe ${p.from} to ${p.to}: length and existing capacity must not be negative`;
  }
  c.targetMtYear.forEach((t, i) => {
    if (!(t >= 0)) throw new RangeError(`target of phase ${i + 1}: ${t}`);
  });
  for (const [who, places] of [
    ['the sources have', c.sources],
    ['the sinks take', c.sinks],
  ] as const) {
    const most = places.reduce((s, x) => s + x.mostMtYear, 0);
    const bad = c.targetMtYear.findIndex(t => t > most + 1e-9);
    if (bad >= 0) return `phase ${bad + 1} asks for ${c.targetMtYear[bad]} Mt a year, ${who} ${most}`;
  }
  const room = c.sinks.reduce((s, x) => s + x.capacityMt, 0);
  const need = c.targetMtYear.reduce((s, t, i) => s + t * c.phasesYears[i], 0);
  if (need > room + 1e-9) return `${need} Mt are to be stored, the sinks have room for ${room}`;
  return undefined;
}

/** Mt a year that are nothing: solvers meet their rows to a millionth. */
const NOTHING = 1e-5;

/** Solves a case. Throws RangeError for one that cannot be (see `checkNetwork`). */
export async function planNetwork(c: NetworkCase, solve: SolveLp): Promise<NetworkPlan> {
  const problem = checkNetwork(c);
  if (problem) throw new RangeError(problem);
  const found = await solve(networkProgram(c));
  if (/infeasible/i.test(found.status))
    return { ok: false, refusal: { code: 'infeasible', why: 'no network of these pipes and sinks meets the targets' } };
  if (!/optimal/i.test(found.status))
    return { ok: false, refusal: { code: 'unsolved', why: `the solver stopped with "${found.status}"` } };
  const v = (name: string) => found.values.get(name) ?? 0;
  const phases = c.phasesYears.map((_, p) => p);
  const { once, yearly } = weights(c);
  const captured = phases.flatMap(p =>
    c.sources.map((s, i) => ({ source: s.name, phase: p + 1, mtYear: v(`s${i}_${p}`) })),
  );
  const stored = phases.flatMap(p => c.sinks.map((s, i) => ({ sink: s.name, phase: p + 1, mtYear: v(`t${i}_${p}`) })));
  const part = { capture: 0, pipes: 0, flow: 0, storage: 0, opening: 0 };
  for (const p of phases) {
    c.sources.forEach((s, i) => {
      part.capture += yearly[p] * s.costTonne * v(`s${i}_${p}`);
    });
    c.sinks.forEach((s, i) => {
      part.storage += yearly[p] * s.costTonne * v(`t${i}_${p}`);
      part.opening += once[p] * s.openMillion * v(`u${i}_${p}`);
    });
    c.pipes.forEach((e, i) => {
      part.flow += yearly[p] * c.flowTonne100Km * (e.km / 100) * (v(`f${i}_${p}`) + v(`g${i}_${p}`));
      c.sizes.forEach((z, k) => {
        part.pipes += once[p] * z.millionKm * e.km * v(`b${i}_${k}_${p}`);
      });
    });
  }
  return {
    ok: true,
    costMillion: found.objective,
    parts: part,
    captured: captured.filter(x => x.mtYear > NOTHING),
    stored: stored.filter(x => x.mtYear > NOTHING),
    laid: phases.flatMap(p =>
      c.pipes.flatMap((e, i) =>
        c.sizes.flatMap((z, k) =>
          Array.from({ length: Math.round(v(`b${i}_${k}_${p}`)) }, () => ({
            ...{ from: e.from, to: e.to, size: z.name, phase: p + 1 },
          })),
        ),
      ),
    ),
    flows: phases.flatMap(p =>
      c.pipes.flatMap((e, i) => {
        const net = v(`f${i}_${p}`) - v(`g${i}_${p}`);
        if (Math.abs(net) < NOTHING) return [];
        return [{ from: net > 0 ? e.from : e.to, to: net > 0 ? e.to : e.from, phase: p + 1, mtYear: Math.abs(net) }];
      }),
    ),
    opened: phases.flatMap(p =>
      c.sinks.flatMap((s, i) => (v(`u${i}_${p}`) > 0.5 ? [{ sink: s.name, phase: p + 1 }] : [])),
    ),
  };
}

/** Present value of 1 paid at the start of a phase, and of 1 paid in each of its years. */
function weights(c: NetworkCase): { once: number[]; yearly: number[] } {
  let year = 0;
  const once: number[] = [];
  const yearly: number[] = [];
  for (const length of c.phasesYears) {
    once.push((1 + c.discountRate) ** -year);
    let sum = 0;
    for (let y = 0; y < length; y++) sum += Math.min(1, length - y) * (1 + c.discountRate) ** -(year + y);
    yearly.push(sum);
    year += length;
  }
  return { once, yearly };
}

/** The program as LP text. Columns: s source, t sink, f and g flow forth and back, b pipes laid, u sink opened; indices as in the case, then phase. */
export function networkProgram(c: NetworkCase): string {
  const { once, yearly } = weights(c);
  const objective: string[] = [];
  const rows: string[] = [];
  const bounds: string[] = [];
  const binary: string[] = [];
  const whole: string[] = [];
  const mostMtYear = Math.max(0, ...c.targetMtYear);
  const term = (value: number, name: string) => `${value < 0 ? '-' : '+'} ${Math.abs(value)} ${name}`;
  const cost = (value: number, name: string) => {
    if (value !== 0) objective.push(term(value, name));
  };
  const row = (name: string, terms: readonly string[], rest: string) => {
    if (terms.length > 0) rows.push(` ${name}: ${terms.join(' ')} ${rest}`);
  };
  const places = [...c.sources, ...c.sinks].map(x => x.name).concat(c.junctions);
  c.phasesYears.forEach((_, p) => {
    c.sources.forEach((s, i) => {
      cost(yearly[p] * s.costTonne, `s${i}_${p}`);
      bounds.push(` 0 <= s${i}_${p} <= ${s.mostMtYear}`);
    });
    c.sinks.forEach((s, i) => {
      cost(yearly[p] * s.costTonne, `t${i}_${p}`);
      cost(once[p] * s.openMillion, `u${i}_${p}`);
      binary.push(`u${i}_${p}`);
      const opened = Array.from({ length: p + 1 }, (_, o) => term(-s.mostMtYear, `u${i}_${o}`));
      row(`open${i}_${p}`, [term(1, `t${i}_${p}`), ...opened], '<= 0');
    });
    c.pipes.forEach((e, i) => {
      for (const way of ['f', 'g']) {
        cost(yearly[p] * c.flowTonne100Km * (e.km / 100), `${way}${i}_${p}`);
        const room = c.sizes.flatMap((z, k) =>
          Array.from({ length: p + 1 }, (_, o) => term(-z.mtYear, `b${i}_${k}_${o}`)),
        );
        row(`room${way}${i}_${p}`, [term(1, `${way}${i}_${p}`), ...room], `<= ${e.existingMtYear}`);
      }
      c.sizes.forEach((z, k) => {
        cost(once[p] * z.millionKm * e.km, `b${i}_${k}_${p}`);
        // No more than would carry everything.
        bounds.push(` 0 <= b${i}_${k}_${p} <= ${Math.ceil(mostMtYear / z.mtYear)}`);
        whole.push(`b${i}_${k}_${p}`);
      });
    });
    places.forEach((name, n) => {
      const terms: string[] = [];
      for (const [i, s] of c.sources.entries()) if (s.name === name) terms.push(term(1, `s${i}_${p}`));
      for (const [i, s] of c.sinks.entries()) if (s.name === name) terms.push(term(-1, `t${i}_${p}`));
      c.pipes.forEach((e, i) => {
        if (e.from === name) terms.push(term(-1, `f${i}_${p}`), term(1, `g${i}_${p}`));
        if (e.to === name) terms.push(term(1, `f${i}_${p}`), term(-1, `g${i}_${p}`));
      });
      row(`balance${n}_${p}`, terms, '= 0');
    });
    row(
      `target${p}`,
      c.sinks.map((_, i) => term(1, `t${i}_${p}`)),
      `>= ${c.targetMtYear[p]}`,
    );
  });
  c.sinks.forEach((s, i) => {
    row(
      `once${i}`,
      c.phasesYears.map((_, p) => term(1, `u${i}_${p}`)),
      '<= 1',
    );
    row(
      `full${i}`,
      c.phasesYears.map((years, p) => term(years, `t${i}_${p}`)),
      `<= ${s.capacityMt}`,
    );
  });
  return `Minimize\n cost: ${objective.join(' ') || '0 s0_0'}\nSubject To\n${rows.join('\n')}\nBounds\n${bounds.join('\n')}\nBinary\n ${binary.join(' ')}\nGeneral\n ${whole.join(' ')}\nEnd\n`;
}
