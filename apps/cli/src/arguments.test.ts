import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from './arguments.ts';
import { type Command, CommandError } from './command.ts';
import { commandHelp } from './help.ts';

const command: Command = {
  name: 'try',
  summary: 'a command',
  arguments: [
    ['<file>', 'one file'],
    ['[more...]', 'others'],
  ],
  options: [
    { flags: '--test-year <year>', description: 'a year', default: '2008' },
    { flags: '--set <name=number...>', description: 'numbers' },
    { flags: '--once', description: 'only once' },
    { flags: '--params <file>', description: 'parameters', required: true },
  ],
  run: async () => undefined,
};
const parse = (line: string) => parseArguments(command, line.split(' '));

test('options in any place and form, lists, defaults, the rest after --', () => {
  assert.deepEqual(parse('a --params p b --set x=1 y=-2 --set=z=3 --once --json'), {
    args: ['a', ['b']],
    options: { testYear: '2008', params: 'p', set: ['x=1', 'y=-2', 'z=3'], once: true, json: true },
  });
  assert.deepEqual(parse('--params=p --test-year -5 -- --once -').args, ['--once', ['-']]);
  assert.equal(parse('--params=p --test-year -5 a').options['testYear'], '-5');
});

test('wrong use names what is wrong, exit 2', () => {
  for (const [line, message] of [
    ['a --params p --parms q', /unknown option "--parms"; did you mean "--params"\?/],
    ['a --params p --tset', /unknown option "--tset"/],
    ['a --params p -x', /unknown option "-x"/],
    ['a --params', /option --params needs a value/],
    ['a --params p --once=1', /option --once takes no value/],
    ['a', /option --params <file> is needed/],
    ['--params p', /argument <file> is needed/],
  ] as const)
    assert.throws(
      () => parse(line),
      (e: unknown) => e instanceof CommandError && e.exit === 2 && message.test(e.message),
      line,
    );
  const none: Command = { ...command, arguments: [], options: [] };
  assert.throws(() => parseArguments(none, ['x']), /"x" is one argument too many/);
});

test('help fits a terminal and names what is needed', () => {
  const text = commandHelp('madang try', { ...command, description: `long ${'words '.repeat(40)}` });
  assert.ok(text.split('\n').every(l => l.length <= 80));
  assert.match(text, /^Usage: madang try <file> \[more...\] \[options\]/);
  assert.match(text, /--params <file> +parameters \(needed\)/);
  assert.match(text, /--test-year <year> +a year \(default: 2008\)/);
});
