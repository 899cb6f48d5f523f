// The frame of the one command line: finds the group, parses by the command's own table, prints, sets the exit code.
// Exit codes: 0 done, 1 refused or failed, 2 wrong use, 3 could not be checked. `--json` prints exactly one document on stdout.
import { Command as Commander, CommanderError } from 'commander';
import { type Command, CommandError, type Options } from './command.ts';
import { type Group, groups } from './groups.ts';
import { makeIo } from './io.ts';
import { overview, version } from './manual.ts';

/** Runs one command line; returns the exit code. Never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  const [first, ...rest] = argv;
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    process.stdout.write(overview());
    return first === undefined ? 2 : 0;
  }
  if (first === '--version' || first === '-V') {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  const group = groups.find(g => g.name === first);
  if (!group) {
    process.stderr.write(`madang: there is no command "${first}". "madang --help" lists them all.\n`);
    return 2;
  }
  return runGroup(group, rest);
}

async function runGroup(group: Group, argv: readonly string[]): Promise<number> {
  const state = { exit: 0 };
  try {
    const commands = await group.load();
    const single = commands.length === 1 && commands[0].name === group.name;
    const program = new Commander(`madang ${group.name}`).exitOverride().helpCommand(false);
    if (single) attach(program, commands[0], state);
    else {
      program.description(group.summary);
      for (const c of commands) attach(program.command(c.name).exitOverride(), c, state);
    }
    await program.parseAsync([...argv], { from: 'user' });
    return state.exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return report(error, argv.includes('--json'));
  }
}

function attach(target: Commander, command: Command, state: { exit: number }): void {
  target.summary(command.summary).description(command.description ?? command.summary);
  for (const [notation, description] of command.arguments ?? []) target.argument(notation, description);
  for (const o of command.options ?? []) {
    if (o.required) target.requiredOption(o.flags, o.description, o.default);
    else target.option(o.flags, o.description, o.default);
  }
  target.option('--json', 'print one JSON document on stdout; log lines go to stderr');
  target.showHelpAfterError('(add --help for the options)');
  if (command.examples?.length)
    target.addHelpText('after', `\nExamples:\n${command.examples.map(e => `  ${e}`).join('\n')}\n`);
  target.action(async (...parsed: unknown[]) => {
    parsed.pop();
    const options = parsed.pop() as Options;
    const io = makeIo(options['json'] === true);
    const outcome = await command.run(parsed as string[], options, io);
    if (!outcome) return;
    process.stdout.write(
      io.json ? `${JSON.stringify(outcome.json)}\n` : outcome.text.endsWith('\n') ? outcome.text : `${outcome.text}\n`,
    );
    state.exit = outcome.exit ?? 0;
  });
}

function report(error: unknown, json: boolean): number {
  const known = error instanceof CommandError;
  const message = error instanceof Error ? error.message : String(error);
  const exit = known ? error.exit : 1;
  if (json) process.stdout.write(`${JSON.stringify({ ok: false, error: message })}\n`);
  process.stderr.write(`madang: ${message}\n`);
  if (process.env['MADANG_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return exit;
}
