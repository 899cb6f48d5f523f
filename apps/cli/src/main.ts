// The frame of the one command line: finds the group, parses by the command's own table, prints, sets the exit code.
// Exit codes: 0 done, 1 refused or failed, 2 wrong use, 3 could not be checked. `--json` prints exactly one document on stdout.
import { closest, parseArguments } from './arguments.ts';
import { type Command, CommandError } from './command.ts';
import { type Group, groups } from './groups.ts';
import { makeIo } from './io.ts';
import { overview } from './manual.ts';
import { version } from './version.ts';

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
    const error = new CommandError(`there is no command "${first}". "madang --help" lists them all.`, 2);
    return report(error, argv.includes('--json'));
  }
  return runGroup(group, rest);
}

async function runGroup(group: Group, words: readonly string[]): Promise<number> {
  const json = words.includes('--json');
  try {
    const alone = group.alone && Object.hasOwn(group.alone, words[0]) ? group.alone[words[0]] : undefined;
    const commands = alone ? [await alone()] : await group.load();
    const single = commands.length === 1 && commands[0].name === group.name;
    const name = single ? group.name : words[0];
    if (!single && (name === undefined || name === '--help' || name === '-h' || name === 'help')) {
      process.stdout.write((await import('./help.ts')).groupHelp(group, commands));
      return name === undefined ? 2 : 0;
    }
    const command = commands.find(c => c.name === name);
    if (!command) {
      const near = closest(
        String(name),
        commands.map(c => c.name),
      );
      throw new CommandError(`madang ${group.name} has no command "${name}"${near} (--help lists them)`, 2);
    }
    const rest = single ? words : words.slice(1);
    const end = rest.indexOf('--');
    if ((end < 0 ? rest : rest.slice(0, end)).some(w => w === '--help' || w === '-h')) {
      const { commandHelp } = await import('./help.ts');
      process.stdout.write(commandHelp(`madang ${group.name}${single ? '' : ` ${command.name}`}`, command));
      return 0;
    }
    return await runCommand(command, rest);
  } catch (error) {
    return report(error, json);
  }
}

async function runCommand(command: Command, words: readonly string[]): Promise<number> {
  const { args, options } = parseArguments(command, words);
  const io = makeIo(options['json'] === true);
  const outcome = await command.run(args, options, io);
  if (!outcome) return 0;
  process.stdout.write(
    io.json ? `${JSON.stringify(outcome.json)}\n` : outcome.text.endsWith('\n') ? outcome.text : `${outcome.text}\n`,
  );
  return outcome.exit ?? 0;
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
