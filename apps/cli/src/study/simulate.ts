// madang study simulate: a whole study on this machine, without the network, with the code and the encoded messages of a live one.
import * as nodeCrypto from 'node:crypto';
import { type Command, CommandError, type Io, type Options, type Outcome, type Progress } from '../command.ts';

const bytes = (n: number) => new Uint8Array(nodeCrypto.randomBytes(n));

export const simulate: Command = {
  name: 'simulate',
  summary: 'run a whole study over simulated nodes, without the network',
  description: [
    'Simulated nodes answer one study with the code of a live one.',
    'Learning kinds: gbdt, gbdt-quantile, gbdt-poisson, ridge (random features; location, scale, shape), linear, logistic, poisson, kmeans. Every round the',
    'encoded messages are added, with --secure through secret shares, and the model is compared with central training on the same rows: identicalToCentral.',
    'Networks: fedavg, fedprox, fedadam, dp-fedavg. These drift from central training; the distance is stated.',
    'Sciences, over simulated data: shared-ridge (disease; against the model of all rows), station-weather (against each alone and pooled rows), border-planning',
    '(energy; with its certified gap to the joint optimum). --nodes are the members, 3 to 60.',
    'histogram: each node has one bucket, sent as Prio3Histogram; liars must be refused by their proofs, vanished nodes cost their contribution only, and the',
    'sum must be exactly that of the others.',
  ].join('\n'),
  options: [
    { flags: '--kind <kind>', description: 'which study', required: true },
    { flags: '--nodes <n>', description: 'simulated nodes', default: '14' },
    { flags: '--rows <n>', description: 'learning kinds: rows over all nodes', default: '20000' },
    { flags: '--secure', description: 'learning kinds: add through secret shares, not in the clear' },
    {
      flags: '--epsilon <x>',
      description: 'learning kinds, with --secure: noise on every round, all rounds within this loss',
    },
    { flags: '--delta <x>', description: 'chance that the promise of --epsilon may fail', default: '1e-5' },
    { flags: '--rows-per-unit <n>', description: 'most rows that one protected unit has', default: '1' },
    { flags: '--buckets <n>', description: 'histogram: buckets', default: '64' },
    { flags: '--liars <n>', description: 'histogram: nodes that send something wrong', default: '0' },
    {
      flags: '--vanish <n>',
      description: 'nodes that are gone before their report is whole; learning kinds: from some round on',
      default: '0',
    },
    { flags: '--seed <text>', description: 'what is simulated follows from it', default: '1' },
    { flags: '--set <name=number...>', description: 'settings of the kind, e.g. trees=100 depth=6 features=20' },
  ],
  examples: [
    'madang study simulate --kind gbdt --nodes 14 --rows 20000 --secure',
    'madang study simulate --kind ridge --secure --epsilon 4 --set hidden=0',
    'madang study simulate --kind border-planning --nodes 3 --secure --json',
    'madang study simulate --kind histogram --nodes 1000 --liars 50 --vanish 100 --json',
  ],
  async run(_args, options, io) {
    const kind = String(options['kind']);
    const seed = String(options['seed']);
    const nodes = count(options, 'nodes');
    if (kind === 'histogram') return histogram(options, nodes, io);
    const { learningKinds, scienceKinds, simulateLearning } = await import('@madang/study');
    const { nodeMask } = await import('@madang/privacy');
    if (scienceKinds.includes(kind)) return science(kind, nodes, seed, options, io);
    if (!learningKinds.includes(kind))
      throw new CommandError(
        `there is no kind "${kind}"; there are: histogram, ${[...learningKinds, ...scienceKinds].join(', ')}`,
        2,
      );
    if (count(options, 'liars') > 0)
      throw new CommandError('--liars works with --kind histogram only: masked sums prove nothing about a vector', 2);
    let progress: Progress | undefined;
    try {
      const outcome = await simulateLearning({
        kind,
        nodes,
        rows: count(options, 'rows'),
        seed,
        secure: options['secure'] === true,
        vanish: count(options, 'vanish'),
        randomBytes: bytes,
        mask: nodeMask(nodeCrypto),
        now: () => performance.now(),
        settings: settingsOf(options['set']),
        onStart: rounds => {
          progress = io.progress(`${kind}, rounds`, rounds);
        },
        onRound: () => progress?.tick(),
        ...(options['epsilon'] === undefined
          ? {}
          : {
              privacy: {
                epsilon: positive(options, 'epsilon'),
                delta: positive(options, 'delta'),
                rowsAUnit: Math.max(1, count(options, 'rows-per-unit', 'rowsPerUnit')),
              },
            }),
      });
      progress?.done();
      const { loss, seconds } = outcome;
      const text = [
        `${kind}: ${outcome.nodes} nodes, ${outcome.rows} rows, ${outcome.rounds} rounds of sums, ${outcome.numbersPerNode} numbers a node${outcome.secure ? `, ${((outcome.uploadBytes ?? 0) / 1e6).toFixed(1)} MB shared` : ''}`,
        ...(outcome.privacy
          ? [
              `noise: epsilon ${outcome.privacy.epsilon.toPrecision(4)} at delta ${outcome.privacy.delta} for a unit of ${outcome.privacy.rowsAUnit} rows (rho ${(outcome.privacy.microRho / 1e6).toPrecision(4)}), by one aggregator's noise alone`,
            ]
          : []),
        ...(outcome.vanished?.map(v => `node ${v.node} vanished: absent from round ${v.fromRound} on`) ?? []),
        `model ${outcome.identicalToCentral ? 'identical to' : 'different from'} central training on all rows${outcome.identicalToPlain === undefined ? '' : `, ${outcome.identicalToPlain ? 'identical to' : 'DIFFERENT FROM'} the one from plain sums`}`,
        `loss on unseen rows: untrained ${loss.untrained.toPrecision(4)}, federated ${loss.federated.toPrecision(4)}, central ${loss.central.toPrecision(4)}`,
        `time: federated ${seconds.federated.toFixed(2)} s, central ${seconds.central.toFixed(2)} s${outcome.secureOverPlain ? `, secure / plain ${outcome.secureOverPlain.toFixed(2)}` : ''}`,
        ...Object.entries(outcome.details ?? {}).map(
          ([k, v]) => `${k}: ${typeof v === 'number' ? Number(v.toPrecision(6)) : JSON.stringify(v)}`,
        ),
      ];
      return { json: outcome, text: text.join('\n'), exit: outcome.ok ? 0 : 1 };
    } catch (error) {
      if (error instanceof RangeError) throw new CommandError(error.message, 2, { cause: error });
      throw error;
    }
  },
};

async function histogram(options: Options, nodes: number, io: Io): Promise<Outcome> {
  const { simulateHistogram } = await import('@madang/privacy');
  const { random } = await import('@madang/numerics');
  // Nothing here is secret, and the same seed shall show the same run.
  const source = random(`simulated histogram ${options['seed']}`);
  const progress = io.progress('reports', nodes);
  const start = performance.now();
  try {
    const outcome = simulateHistogram({
      nodes,
      length: count(options, 'buckets'),
      liars: count(options, 'liars'),
      vanish: count(options, 'vanish'),
      randomBytes: n => Uint8Array.from({ length: n }, () => source.below(256)),
      progress: () => progress.tick(),
    });
    progress.done();
    const seconds = (performance.now() - start) / 1000;
    const reasons = new Map<string, number>();
    for (const { lie, refusal } of outcome.rejections) {
      const line = `${lie}: ${refusal.why.replace(/node-\d+/, 'another node')}`;
      reasons.set(line, (reasons.get(line) ?? 0) + 1);
    }
    const text = [
      `histogram: ${nodes} nodes, ${outcome.accepted} accepted, ${outcome.rejected} refused, ${outcome.vanished} vanished, ${seconds.toFixed(2)} s`,
      `sum ${outcome.exact ? 'equals' : 'differs from'} the counts of the nodes that neither lied nor vanished`,
      ...[...reasons].map(([line, n]) => `  ${n} times ${line}`),
    ];
    return { json: { ...outcome, seconds }, text: text.join('\n'), exit: outcome.ok ? 0 : 1 };
  } catch (error) {
    if (error instanceof RangeError) throw new CommandError(error.message, 2, { cause: error });
    throw error;
  }
}

async function science(kind: string, nodes: number, seed: string, options: Options, io: Io): Promise<Outcome> {
  const { simulateScience } = await import('@madang/study');
  const { nodeMask } = await import('@madang/privacy');
  const secure = options['secure'] === true;
  const start = performance.now();
  let progress: Progress | undefined;
  try {
    const outcome = await simulateScience({
      kind,
      nodes,
      seed,
      secure,
      randomBytes: bytes,
      mask: nodeMask(nodeCrypto),
      onStart: rounds => {
        progress = io.progress(`${kind}, rounds`, rounds);
      },
      onRound: () => progress?.tick(),
    });
    progress?.done();
    const seconds = Number(((performance.now() - start) / 1000).toFixed(2));
    const text = [
      `${kind}: ${outcome.nodes} members with simulated data, ${outcome.rounds} rounds of ${outcome.numbersARound} numbers, ${seconds} s`,
      ...Object.entries(outcome.details).map(([k, v]) => `${k}: ${JSON.stringify(v)}`),
    ];
    return { json: { ...outcome, seconds }, text: text.join('\n'), exit: outcome.ok ? 0 : 1 };
  } catch (error) {
    if (error instanceof RangeError) throw new CommandError(error.message, 2, { cause: error });
    throw error;
  }
}

function positive(options: Options, name: string): number {
  const x = Number(options[name]);
  if (!(x > 0 && x < Number.POSITIVE_INFINITY))
    throw new CommandError(`--${name}: "${options[name]}" is not a number above 0`, 2);
  return x;
}

function count(options: Options, name: string, key = name): number {
  const text = String(options[key]);
  if (!/^\d{1,12}$/.test(text)) throw new CommandError(`--${name}: "${text}" is not a whole number`, 2);
  return Number(text);
}

function settingsOf(given: Options[string]): Record<string, number> {
  const out: Record<string, number> = {};
  for (const pair of Array.isArray(given) ? given : []) {
    const match = /^([a-zA-Z]+)=(-?\d+(?:\.\d+)?(?:e-?\d+)?)$/.exec(pair);
    if (!match) throw new CommandError(`--set: "${pair}" is not name=number`, 2);
    out[match[1]] = Number(match[2]);
  }
  return out;
}
