// madang disease federate: what the federation and its noise cost, measured: the sums against the pooled model, and skill by budget.
import type { ChangeLog, SourceNoise } from '@madang/disease';
import { type Command, CommandError } from '../command.ts';
import { countsOf } from './federate-counts.ts';
import { readChangeLog } from './files.ts';
import { blocksOf, hubNameOf, seasonLabel, seasonOf, seasonRounds, targetsOf } from './season.ts';

const DELTA = 1e-5;

export const federate: Command = {
  name: 'federate',
  summary: 'what training by sums and person-level noise cost: epsilon against WIS',
  description: `Trains the shared ridge from the nodes' sums and compares it with the pooled one; then replays a season with the members that a federation
can train, on noised copies of the counts, for each budget. Noise protects one person, who adds at most 1 to at most two weekly counts of a
season, revisions included. Each week is released twice, the settled value less half of the first: squared sensitivity 2 of the copy as a
whole, charged once. A budget holds for one person and one season at delta 1e-5; who is counted in several has the sum of their losses.
Models and forecasts see the copy alone, at the place itself too. The national row is left out, since it would count each person again. Rates become counts of
the people covered: --covered times the population, an assumption, replaced by --population where it is known. ratio: geometric mean over
places of WIS with noise / without; models of rates train on the noised signal alone. --exact adds for each budget what the exact account of one
Gaussian release would cost: beside the account in zCDP, which admits.`,
  options: [
    { flags: '--data <dir>', description: "a hub's folder (vintages.csv)", required: true },
    { flags: '--season <label>', description: 'e.g. 2024/25; the newest with ten deadlines when left out' },
    { flags: '--target <name>', description: "signal; the hub's first when left out" },
    { flags: '--epsilon <list>', description: 'budgets for the season, separated by commas', default: '8,4,2,1' },
    { flags: '--exact', description: 'a second row for each budget by the exact account, which admits nothing' },
    { flags: '--covered <share>', description: 'rates: assumed share of the population covered', default: '0.05' },
    { flags: '--population <file>', description: 'rates: CSV with location,covered (people, or consultations a week)' },
    { flags: '--seed <text>', description: 'seed of the noise', default: '1' },
  ],
  examples: [
    'madang disease federate --data data/flusight --season 2024/25 --epsilon 4,2,1',
    'madang disease federate --data data/respicast --target ARI --epsilon 2 --covered 0.01',
  ],
  async run(_, o, io) {
    const d = await import('@madang/disease');
    const { random } = await import('@madang/numerics');
    const { gaussianSigma } = await import('@madang/privacy');
    const hub = d.HUBS[await hubNameOf(String(o['data']))];
    const budgets = String(o['epsilon']).split(',').map(Number);
    if (budgets.some(e => !(e > 0)))
      throw new CommandError(`--epsilon takes numbers above 0, not "${o['epsilon']}"`, 2);
    const table = await readChangeLog(String(o['data']), hub);
    const season = await seasonOf(o['season'], hub, table, 10);
    const known = new Set(table.names.map(n => n.target));
    const [target] = targetsOf(o['target'], hub, known, String(o['data']));
    const { log, perUnit, assumed } = await countsOf(table, hub, target, o);
    const rounds = await seasonRounds(hub, season, log, target);
    const truth = new Map(d.snapshot(log, d.dayOf(`${season + 1}-07-15`)).map(s => [s.location, s]));
    const accounts = budgets.flatMap(epsilon => {
      const { sigma, rho } = d.noiseFor(epsilon, DELTA, d.PERSON_SENSITIVITY);
      const exact = {
        epsilon,
        // So many releases of sensitivity 1 are one of its square root.
        sigma: gaussianSigma(epsilon, DELTA, d.PERSON_SENSITIVITY),
        account: 'exact, admits nothing',
      } as const;
      return [{ epsilon, sigma, rho, account: 'zCDP' } as const, ...(o['exact'] ? [exact] : [])];
    });
    const progress = io.progress('rounds', rounds.length * (1 + accounts.length));
    const scores = (copy: ChangeLog, noise?: SourceNoise) => {
      const plan = {
        hub,
        target,
        logs: [copy],
        members: d.federatedMembers(),
        seed: 'federate',
        ...(noise && { noise }),
      };
      const raw = blocksOf(rounds).flatMap(block => d.replayBlock(plan, block, () => progress.tick()));
      const sums = new Map<string, number>();
      for (const f of d.recalibrated(plan, raw)) {
        const s = truth.get(f.raw.location);
        const y = s?.values[f.raw.week - s.first];
        if (y === undefined || Number.isNaN(y)) continue;
        sums.set(
          f.raw.location,
          (sums.get(f.raw.location) ?? 0) + d.wis(d.LEVELS, f.quantiles, y) / perUnit(f.raw.location),
        );
      }
      return sums;
    };
    const clean = scores(log);
    const curve = accounts.map(account => {
      const { sigma } = account;
      // One draw for both accounts of a budget: the same noise, larger or smaller.
      const r = random(`${o['seed']}/${account.epsilon}`);
      const noisy = scores(
        d.noisedCopy(log, target, () => r.normal(), sigma),
        { target, sigma },
      );
      const logs = [...noisy].map(([place, w]) => Math.log(w / clean.get(place)!)).filter(Number.isFinite);
      const pooled = [...noisy.values()].reduce((a, b) => a + b, 0) / [...clean.values()].reduce((a, b) => a + b, 0);
      return { ...account, ratio: Math.exp(logs.reduce((a, b) => a + b, 0) / logs.length), pooled };
    });
    progress.done();
    const largestDifference = await sumsAgainstPooled(log, rounds[rounds.length - 1]);
    return {
      json: {
        season: seasonLabel(season),
        target,
        unit: 'person',
        delta: DELTA,
        noise: 'at the source',
        ...(assumed && { assumed }),
        largestDifference,
        curve,
      },
      text: [
        `shared ridge from sums against pooled: largest difference of a coefficient ${largestDifference.toExponential(1)}`,
        ...(assumed ? [assumed.text] : []),
        'epsilon   sigma   WIS with noise / without (per place, pooled)',
        ...curve.map(
          c =>
            `${String(c.epsilon).padEnd(9)} ${c.sigma.toFixed(2).padEnd(7)} ${c.ratio.toFixed(3)}  ${c.pooled.toFixed(3)}${c.account === 'zCDP' ? '' : `  (${c.account})`}`,
        ),
      ].join('\n'),
    };
  },
};

/** Trains from one node a place and from all rows at hand; the largest difference of a location coefficient. */
async function sumsAgainstPooled(log: ChangeLog, day: number): Promise<number> {
  const { federatedAgainstPooled, snapshot } = await import('@madang/disease');
  return federatedAgainstPooled(snapshot(log, day));
}
