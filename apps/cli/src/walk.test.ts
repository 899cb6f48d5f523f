// Every command as a stranger tries it: its help, an option it does not have, one without its value, a file that is not there. Success or not, with
// `--json` there is exactly one document on stdout; exit 2 is wrong use.
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Command } from './command.ts';
import { type Group, groups } from './groups.ts';
import type { Ran } from './testing/lines.ts';

/** A place below a file: nothing can be read there and nothing made. */
const nowhere = join(import.meta.filename, 'nothing');
let lines: ChildProcess;

async function madang(...argv: string[]): Promise<Ran> {
  const answer = once(lines, 'message', { signal: AbortSignal.timeout(60_000) });
  lines.send(argv);
  const [ran] = await answer;
  return ran;
}

/** The one document on stdout: throws where there is none, or more. */
const document = (out: string): { ok?: boolean; error?: string } => {
  assert.equal(out.trimEnd().split('\n').length, 1, out.slice(0, 300));
  return JSON.parse(out);
};

const typed = (group: Group, command: Command): string[] =>
  command.name === group.name ? [group.name] : [group.name, command.name];

async function everyCommand(visit: (words: string[], command: Command) => Promise<void>): Promise<void> {
  for (const group of groups) for (const command of await group.load()) await visit(typed(group, command), command);
}

test('each has help that shows how to call it', async () => {
  await everyCommand(async words => {
    const { exit, out } = await madang(...words, '--help');
    assert.equal(exit, 0, words.join(' '));
    assert.ok(out.startsWith(`Usage: madang ${words.join(' ')}`), words.join(' '));
    assert.ok(
      out
        .split('\nExamples:')[0]
        .split('\n')
        .every(line => line.length <= 80),
      words.join(' '),
    );
  });
});

test('an option that it does not have, and one without its value, are wrong use', async () => {
  await everyCommand(async (words, command) => {
    const valued = (command.options ?? []).map(o => o.flags).find(f => f.includes('<'));
    for (const wrong of ['--no-such-option', ...(valued ? [valued.split(' ').find(w => w.startsWith('--'))!] : [])]) {
      const { exit, out, err } = await madang(...words, '--json', wrong);
      const what = `${words.join(' ')} ${wrong}`;
      assert.equal(exit, 2, what);
      const { ok, error } = document(out);
      assert.ok(ok === false && error?.includes(wrong), `${what}: ${error}`);
      assert.equal(err, `madang: ${error}\n`, what);
      const silent = await madang(...words, wrong);
      assert.deepEqual([silent.exit, silent.out], [2, ''], what);
    }
  });
});

test('files, folders and hubs that are not there are named in one document', async () => {
  await everyCommand(async (words, command) => {
    const needed = (command.arguments ?? []).filter(([notation]) => notation.startsWith('<')).map(() => nowhere);
    const options = (command.options ?? [])
      .filter(o => o.required)
      .flatMap(o => [
        o.flags.split(/[ ,]+/).find(w => w.startsWith('--'))!,
        ...(o.flags.includes('<') ? [nowhere] : []),
      ]);
    if (needed.length + options.length === 0) return;
    const { exit, out } = await madang(...words, ...needed, ...options, '--json');
    const what = words.join(' ');
    assert.ok(exit >= 1 && exit <= 3, `${what}: exit ${exit}`);
    const { ok, error } = document(out);
    assert.ok(ok === false && error, `${what}: ${out.slice(0, 300)}`);
    assert.doesNotMatch(error, /Cannot read properties|is not a function|undefined|^\[object/, what);
  });
});

test('what is no command is wrong use too', async () => {
  for (const words of [['--json'], ['nothing', '--json'], ['disease', 'nothing', '--json'], ['--nothing', '--json']]) {
    const { exit, out } = await madang(...words);
    assert.equal(exit, 2, words.join(' '));
    assert.equal(document(out).ok, false, words.join(' '));
  }
});

before(() => {
  lines = fork(join(import.meta.dirname, 'testing/lines.ts'), { env: { ...process.env, NO_COLOR: '1' } });
});
after(() => {
  lines.kill();
});
