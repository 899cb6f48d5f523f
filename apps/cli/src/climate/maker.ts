// madang climate maker: policies to emissions to warming, with percentiles.
import type { Elasticities, LedgerEntry, Levers } from '@madang/climate';
import { type Command, CommandError, type Options } from '../command.ts';
import { INPUT_OPTIONS, REFERENCE_OPTION } from './options.ts';

export const maker: Command = {
  name: 'maker',
  summary: 'scenario maker: carbon price, coal, capture, forests, methane to emissions and warming',
  description:
    'Applies policies to the scenario and runs the ensemble with and without them. A policy is written SIZE@FROM-BY: it grows from nothing in FROM to its\n' +
    'size in BY. The elasticities behind are assumptions, printed by --elasticities and replaced by a JSON file with --assume.',
  options: [
    ...INPUT_OPTIONS.map(o => (o.required ? { ...o, required: false } : o)),
    REFERENCE_OPTION,
    { flags: '--carbon-price <usd@from-by>', description: 'price in 2020 USD per tonne of CO2, as 100@2025-2040' },
    { flags: '--coal <share@from-by>', description: 'share of coal ended, as 1@2025-2040' },
    { flags: '--capture <gt@from-by>', description: 'capture at the source, Gt CO2/yr' },
    { flags: '--removal <gt@from-by>', description: 'capture from the air, Gt CO2/yr' },
    { flags: '--forest <mha@from-by>', description: 'new forest, million hectares a year' },
    { flags: '--deforestation <share@from-by>', description: 'share of deforestation ended' },
    { flags: '--methane <share@from-by>', description: 'share of methane cut' },
    { flags: '--assume <file>', description: 'JSON object of elasticities to replace' },
    { flags: '--elasticities', description: 'print the elasticities with their sources and stop' },
    { flags: '--out <file>', description: 'bands of warming with and without, and the ledger, by year' },
    { flags: '--emissions-out <file>', description: 'the emissions made, as a table of drivers' },
  ],
  examples: [
    'madang climate maker --elasticities',
    'madang climate maker --emissions E.csv --configs P.csv --species S.csv --forcing V.csv --scenario high --carbon-price 100@2026-2040 --methane 0.3@2026-2035 --out M.csv',
  ],
  run: async (_args, options, io) => {
    const climate = await import('@madang/climate');
    const { readInput, refusing } = await import('./input.ts');
    const { CITE_FAIR, provenance, writeResult } = await import('./provenance.ts');
    return refusing(async () => {
      const assume = typeof options['assume'] === 'string' ? readInput(options['assume']) : undefined;
      const given = assume ? elasticities(assume.text, assume.path, climate.ELASTICITIES) : {};
      const table = climate.documented({ ...climate.ELASTICITIES, ...given });
      if (options['elasticities'] === true)
        return {
          json: { ok: true, elasticities: table },
          text: table.map(d => `${d.name} ${d.value} ${d.unit}: ${d.source}`).join('\n'),
        };
      for (const need of ['configs', 'species']) if (!options[need]) throw new CommandError(`--${need} is needed`, 2);
      const { runEnsemble } = await import('./ensemble-run.ts');
      const levers = readLevers(options);
      const r = runEnsemble(options, io);
      for (const lever of Object.values(levers).flat() as readonly { from: number; by: number }[])
        if (lever.from >= r.firstYear + r.years || lever.by < r.firstYear)
          throw new CommandError(
            `a policy from ${lever.from} to ${lever.by} is outside the run from ${r.firstYear} to ${r.firstYear + r.years}`,
            2,
          );
      const started = performance.now();
      const made = climate.make(r.input.drivers, r.input.model.species, levers, given);
      const band = climate.makeBand(r.fair, r.input.model, r.reference)(made.drivers);
      const seconds = (performance.now() - started) / 1000;
      const before = climate.percentiles(r.warming, r.members, [5, 50, 95]);
      const entries = Object.keys(made.ledger) as LedgerEntry[];
      const columns = [
        'year',
        'before_p05',
        'before_p50',
        'before_p95',
        'gsat_p05',
        'gsat_p50',
        'gsat_p95',
        ...entries,
      ];
      const rows = Array.from({ length: r.years }, (_, t) => [
        r.firstYear + t,
        ...before.subarray(t * 3, t * 3 + 3),
        ...band.warming.subarray(t * 3, t * 3 + 3),
        ...entries.map(e => made.ledger[e][t]),
      ]);
      const about = provenance({
        command: 'madang climate maker',
        units: 'gsat_*, before_* K; ledger Gt CO2/yr, methane and coEmitted Mt CH4/yr, negative is less emitted',
        inputs: [...r.input.inputs, ...(assume ? [assume] : [])],
        note: `${r.note}; levers ${JSON.stringify(levers)}; elasticities ${table.map(d => `${d.name}=${d.value}`).join(' ')}`,
        cite: `${CITE_FAIR}; elasticities: madang climate maker --elasticities`,
      });
      writeResult(options['out'], columns, rows, about);
      if (options['emissionsOut']) {
        const { species } = r.input.model;
        const driven = species.flatMap((s, i) => (s.inputMode === 'emissions' ? [i] : []));
        const years = Array.from({ length: r.years }, (_, t) => r.firstYear + t + 0.5);
        const body = driven.map(i => {
          const u = climate.emissionsUnit(species[i]);
          return [
            made.drivers.scenario,
            'World',
            species[i].name,
            `${u.mass} ${u.compound}/yr`,
            ...(made.drivers.series[i] ?? []),
          ];
        });
        writeResult(
          options['emissionsOut'],
          ['scenario', 'region', 'variable', 'unit', ...years.map(String)],
          body,
          about,
        );
      }
      const last = rows[rows.length - 1];
      const named = Object.fromEntries(columns.map((c, k) => [c, last[k]]));
      const line = (o: number) =>
        `${last[o + 1].toFixed(2)} K (5-95 %: ${last[o].toFixed(2)} to ${last[o + 2].toFixed(2)})`;
      return {
        json: { ok: true, levers, last: named, seconds, out: options['out'] ?? null, elasticities: table, about },
        text: `${last[0]}: ${line(4)} with the policies, ${line(1)} without; ${(seconds * 1000).toFixed(0)} ms for the new band`,
      };
    });
  },
};

function readLevers(options: Options): Levers {
  const size = (key: string, flag: string, most = Number.POSITIVE_INFINITY) => {
    const text = options[key];
    if (typeof text !== 'string') return undefined;
    const m = /^(\d+(?:\.\d+)?)@(\d{4})-(\d{4})$/.exec(text);
    if (!m || Number(m[3]) < Number(m[2]) || Number(m[1]) > most)
      throw new CommandError(
        `${flag} must be SIZE@FROM-BY, as 100@2025-2040${most < 2 ? ', with a share from 0 to 1' : ''}, not "${text}"`,
        2,
      );
    return { size: Number(m[1]), from: Number(m[2]), by: Number(m[3]) };
  };
  const price = size('carbonPrice', '--carbon-price');
  const coal = size('coal', '--coal', 1);
  const capture = size('capture', '--capture');
  const removal = size('removal', '--removal');
  const forest = size('forest', '--forest');
  const deforestation = size('deforestation', '--deforestation', 1);
  const methane = size('methane', '--methane', 1);
  const captures = [
    ...(capture ? [{ from: capture.from, by: capture.by, gtPerYear: capture.size, atmospheric: false }] : []),
    ...(removal ? [{ from: removal.from, by: removal.by, gtPerYear: removal.size, atmospheric: true }] : []),
  ];
  return {
    ...(price ? { carbonPrice: { from: price.from, by: price.by, usdPerTonne: price.size } } : {}),
    ...(coal ? { coal: { from: coal.from, by: coal.by, share: 1 - coal.size } } : {}),
    ...(captures.length > 0 ? { capture: captures } : {}),
    ...(forest ? { forests: { from: forest.from, by: forest.by, newMhaPerYear: forest.size } } : {}),
    ...(deforestation
      ? { deforestation: { from: deforestation.from, by: deforestation.by, cut: deforestation.size } }
      : {}),
    ...(methane ? { methane: { from: methane.from, by: methane.by, cut: methane.size } } : {}),
  };
}

function elasticities(text: string, path: string, known: Elasticities): Partial<Elasticities> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${path} is not JSON: ${(error as Error).message}`, 2);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CommandError(`${path}: a JSON object of elasticities was expected`, 2);
  for (const [k, v] of Object.entries(value)) {
    if (!(k in known))
      throw new CommandError(`${path}: no elasticity "${k}"; there are: ${Object.keys(known).join(', ')}`, 2);
    const numbers = k === 'coEmitted' ? Object.values(v as object) : [v];
    for (const x of numbers)
      if (typeof x !== 'number' || !Number.isFinite(x) || x < 0)
        throw new CommandError(`${path}: "${k}" must be a number that is not negative`, 2);
  }
  return value as Partial<Elasticities>;
}
