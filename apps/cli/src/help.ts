// Help of a group and of a command, made from the command's table, in lines of at most 80 characters.
import type { Command } from './command.ts';
import type { Group } from './groups.ts';

const WIDTH = 80;

/** `madang GROUP --help`. */
export function groupHelp(group: Group, commands: readonly Command[]): string {
  return sections(`madang ${group.name} <command> [options]`, group.summary, [
    ['Commands', commands.map(c => [c.name, c.summary])],
  ]);
}

/** `madang GROUP COMMAND --help`; `title` is what is typed before the options. */
export function commandHelp(title: string, command: Command): string {
  const places = (command.arguments ?? []).map(([notation]) => ` ${notation}`).join('');
  const options = [
    ...(command.options ?? []).map(o => {
      const note = o.required ? ' (needed)' : typeof o.default === 'string' ? ` (default: ${o.default})` : '';
      return [o.flags, `${o.description}${note}`] as const;
    }),
    ['--json', 'print one JSON document on stdout; log lines go to stderr'] as const,
    ['--help', 'this page'] as const,
  ];
  const text = sections(`${title}${places} [options]`, command.description ?? command.summary, [
    ['Arguments', command.arguments ?? []],
    ['Options', options],
  ]);
  const { examples } = command;
  return examples?.length ? `${text}\nExamples:\n${examples.map(e => `  ${e}\n`).join('')}` : text;
}

type Entry = readonly [name: string, text: string];

function sections(usage: string, about: string, parts: readonly (readonly [string, readonly Entry[]])[]): string {
  const shown = parts.filter(([, entries]) => entries.length > 0);
  const column = Math.max(...shown.flatMap(([, entries]) => entries.map(([n]) => n.length))) + 4;
  const entry = ([name, text]: Entry) =>
    `  ${name}`.padEnd(column) + wrap(text, WIDTH - column).join(`\n${' '.repeat(column)}`);
  return [
    `Usage: ${usage}\n`,
    `${wrap(about.replace(/\s+/g, ' '), WIDTH).join('\n')}\n`,
    ...shown.map(([title, entries]) => `${title}:\n${entries.map(e => `${entry(e)}\n`).join('')}`),
  ].join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
