// madang carbon network: capture, pipes and stores over phases at least cost.
import type { NetworkCase } from '@madang/carbon';
import { NETWORK } from '@madang/carbon/examples';
import { type Command, CommandError } from '../command.ts';
import { EXAMPLE_OPTION, exampleOutcome, fileArgument } from './examples.ts';
import { numberOption, readJson, said } from './read.ts';
import { provenance, writeTable } from './tables.ts';

export const network: Command = {
  name: 'network',
  summary: 'which sources, pipes and stores to build in which phase',
  description: [
    'FILE: JSON as --example prints it. phasesYears and targetMtYear (length and Mt CO2/yr to be stored, a value a phase), discountRate (0.05 is 5 %), sources (name, mostMtYear,',
    'costTonne of capture), sinks (name, mostMtYear, capacityMt over all phases, costTonne, openMillion once), junctions (names), pipes (from, to, km, existingMtYear: what lies there',
    'already, free to use), sizes that can be laid, any number side by side (name, mtYear, millionKm), flowTonne100Km (money per t and 100 km). Money in one currency.',
  ].join('\n'),
  arguments: [['[file]', 'the case as JSON']],
  options: [
    EXAMPLE_OPTION,
    { flags: '--out <file>', description: 'costs, flows and pipes by phase as CSV' },
    { flags: '--time-limit <s>', description: 'seconds for the solver', default: '60' },
  ],
  examples: ['madang carbon network --example > case.json', 'madang carbon network case.json --json'],
  async run([given], options) {
    if (options['example'] === true) return exampleOutcome(NETWORK);
    const file = fileArgument(given);
    const carbon = await import('@madang/carbon');
    const c = said(() => asCase(readJson(file, 'FILE'), file));
    const problem = said(() => carbon.checkNetwork(c));
    if (problem) throw new CommandError(`${file}: ${problem}`, 1);
    const { highsSolver } = await import('./highs.ts');
    const plan = await carbon.planNetwork(c, await highsSolver(numberOption(options['timeLimit'], '--time-limit')));
    if (!plan.ok) return { json: plan, text: `No plan: ${plan.refusal.why}.`, exit: 1 };
    if (options['out']) {
      const rows = [
        ...Object.entries(plan.parts).map(([part, million]) => [`cost of ${part}`, '', '', '', million, 'million']),
        ...plan.captured.map(x => ['captured', x.phase, x.source, '', x.mtYear, 'Mt/yr']),
        ...plan.laid.map(x => ['pipe laid', x.phase, x.from, x.to, x.size, 'size']),
        ...plan.opened.map(x => ['store opened', x.phase, x.sink, '', '', '']),
        ...plan.flows.map(x => ['flow', x.phase, x.from, x.to, x.mtYear, 'Mt/yr']),
        ...plan.stored.map(x => ['stored', x.phase, x.sink, '', x.mtYear, 'Mt/yr']),
      ];
      const columns = ['what', 'phase', 'from', 'to', 'value', 'unit'];
      writeTable(String(options['out']), columns, rows, provenance('network', [file], 'network'));
    }
    const text = [
      `discounted cost ${plan.costMillion.toFixed(1)} million (capture ${plan.parts.capture.toFixed(1)}, pipes ${plan.parts.pipes.toFixed(1)}, flow ${plan.parts.flow.toFixed(1)}, storage ${plan.parts.storage.toFixed(1)}, opening ${plan.parts.opening.toFixed(1)})`,
      ...plan.laid.map(x => `phase ${x.phase}: lay ${x.size} from ${x.from} to ${x.to}`),
      ...plan.opened.map(x => `phase ${x.phase}: open ${x.sink}`),
      ...plan.flows.map(x => `phase ${x.phase}: ${x.from} to ${x.to} ${x.mtYear.toFixed(2)} Mt a year`),
    ].join('\n');
    return { json: plan, text };
  },
};

const fromZero = (x: unknown) => Number.isFinite(x) && (x as number) >= 0;
const shown = (x: unknown) => (typeof x === 'number' ? String(x) : (JSON.stringify(x) ?? 'missing'));

/** Every number of the case is a number and every list a list, or the error says which is not. */
function asCase(json: unknown, file: string): NetworkCase {
  const root = json as Record<string, unknown>;
  const number = (o: Record<string, unknown>, name: string, at: string) => {
    if (!fromZero(o?.[name]))
      throw new Error(`${file}, ${at}${name}: ${shown(o?.[name])}; a number from 0 was expected`);
  };
  const list = (name: string): unknown[] => {
    if (!Array.isArray(root?.[name])) throw new Error(`${file}: there is no list "${name}"`);
    return root[name] as unknown[];
  };
  for (const name of ['discountRate', 'flowTonne100Km']) number(root, name, '');
  for (const name of ['phasesYears', 'targetMtYear'])
    list(name).forEach((x, i) => {
      if (!fromZero(x)) throw new Error(`${file}, ${name}[${i}]: ${shown(x)}; a number from 0 was expected`);
    });
  const text = (x: unknown, at: string) => {
    if (typeof x !== 'string' || x === '')
      throw new Error(`${file}, ${at}: ${JSON.stringify(x) ?? 'missing'}; a name was expected`);
  };
  list('junctions').forEach((x, i) => {
    text(x, `junctions[${i}]`);
  });
  const fields = {
    sources: ['mostMtYear', 'costTonne'],
    sinks: ['mostMtYear', 'capacityMt', 'costTonne', 'openMillion'],
    pipes: ['km', 'existingMtYear'],
    sizes: ['mtYear', 'millionKm'],
  };
  for (const [name, numbers] of Object.entries(fields))
    list(name).forEach((o, i) => {
      for (const n of name === 'pipes' ? ['from', 'to'] : ['name'])
        text((o as Record<string, unknown>)?.[n], `${name}[${i}].${n}`);
      for (const n of numbers) number(o as Record<string, unknown>, n, `${name}[${i}].`);
    });
  return root as unknown as NetworkCase;
}
