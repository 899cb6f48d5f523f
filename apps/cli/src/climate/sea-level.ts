// madang climate sea-level: global mean sea level from an ensemble, by the IPCC AR5 method.
import type { Command } from '../command.ts';
import { INPUT_OPTIONS } from './options.ts';

const PARTS = [
  'expansion',
  'glaciers',
  'greenlandSurface',
  'greenlandDynamics',
  'antarcticSnow',
  'antarcticDynamics',
  'landWater',
] as const;
const AT = [5, 17, 50, 83, 95];

export const seaLevel: Command = {
  name: 'sea-level',
  summary: 'global mean sea level from a scenario: AR5 process-based emulator, parts and percentiles',
  description:
    "Metres above 1986-2005, 2006 on. Driven by the members' warming and ocean heat; the emulator's own uncertainty is drawn from --seed.\n" +
    "Calibrated for 2006 to 2100, with the Antarctica of 2013: IPCC AR6 is higher, by 0.05 m at 1.8 K and 0.1 to 0.2 m at 3 K. The assumptions are in the package's documentation and the JSON.",
  options: [
    ...INPUT_OPTIONS,
    {
      flags: '--seed <text>',
      description: 'seed of the draws; "none" takes the central assumptions for all members',
      default: '1',
    },
    { flags: '--out <file>', description: 'where to write the table' },
  ],
  examples: [
    'madang climate sea-level --emissions E.csv --configs P.csv --species S.csv --forcing V.csv --scenario low --out SEA.csv',
  ],
  run: async (_args, options, io) => {
    const {
      AR5_ASSUMPTIONS,
      imbalance,
      oceanHeat,
      percentiles,
      seaLevel: project,
      yearlyMeans,
    } = await import('@madang/climate');
    const { random } = await import('@madang/numerics');
    const { runEnsemble } = await import('./ensemble-run.ts');
    const { refusing } = await import('./input.ts');
    const { CITE_FAIR, provenance, writeResult } = await import('./provenance.ts');
    return refusing(() => {
      const r = runEnsemble({ ...options, reference: '1986-2005' }, io, { layers: true, forcing: true });
      const heat = yearlyMeans(oceanHeat(r.result, imbalance(r.result)), r.members);
      const seed = String(options['seed']);
      const s = project(
        { firstYear: r.firstYear, warming: r.warming, heat, members: r.members },
        AR5_ASSUMPTIONS,
        seed === 'none' ? undefined : random(seed),
      );
      const total = percentiles(s.total, r.members, AT);
      const parts = PARTS.map(p => percentiles(s.parts[p], r.members, [50]));
      const columns = [
        'year',
        ...AT.map(p => `total_p${String(p).padStart(2, '0')}_m`),
        ...PARTS.map(p => `${p}_p50_m`),
      ];
      const rows = Array.from({ length: total.length / AT.length }, (_, t) => [
        s.firstYear + t,
        ...total.subarray(t * AT.length, (t + 1) * AT.length),
        ...parts.map(p => p[t]),
      ]);
      const about = provenance({
        command: 'madang climate sea-level',
        units:
          'm above the mean of 1986-2005; p05 to p95 percentiles over the members; parts are medians and need not sum to the median total',
        inputs: r.input.inputs,
        note: `${r.note}; seed ${seed}; calibrated for 2006 to 2100`,
        cite: `Church et al. 2013, IPCC AR5 WG1 chapter 13 and 13.SM.1; ${CITE_FAIR}`,
      });
      writeResult(options['out'], columns, rows, about);
      const last = rows[rows.length - 1];
      return {
        json: {
          ok: true,
          out: options['out'] ?? null,
          last: Object.fromEntries(columns.map((c, k) => [c, last[k]])),
          assumptions: AR5_ASSUMPTIONS,
          about,
        },
        text: `${last[0]}: ${last[3].toFixed(2)} m (17-83 %: ${last[2].toFixed(2)} to ${last[4].toFixed(2)}) above 1986-2005`,
      };
    });
  },
};
