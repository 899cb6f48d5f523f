// From words of a command line to a command's arguments and options, by the command's own table. Long options only (`--name value`,
// `--name=value`, a flag alone, a list `--name a b c`), in any place; `--` ends them. What does not fit is a CommandError with exit 2.
import { type Command, CommandError, type Options } from './command.ts';

export interface Parsed {
  readonly args: readonly (string | readonly string[])[];
  readonly options: Options;
}

/** One option's table entry, understood. */
interface Option {
  readonly flag: string;
  /** Name in the parsed options: camelCase. */
  readonly key: string;
  readonly takes: 'nothing' | 'one' | 'list';
}

/** Parses the words after the command's name. Throws CommandError: unknown option, missing value, missing or surplus argument. */
export function parseArguments(command: Command, words: readonly string[]): Parsed {
  const known = new Map(
    [...(command.options ?? []), { flags: '--json' }].map(o => [flagOf(o.flags), optionOf(o.flags)]),
  );
  const options: Options = {};
  for (const o of command.options ?? []) if (o.default !== undefined) options[optionOf(o.flags).key] = o.default;
  const given = new Set<string>();
  const rest: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === '--') {
      rest.push(...words.slice(i + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      rest.push(word);
      continue;
    }
    const cut = word.indexOf('=');
    const flag = cut < 0 ? word : word.slice(0, cut);
    const option = known.get(flag);
    if (!option) throw wrongUse(`unknown option "${flag}"${closest(flag, [...known.keys()])}`);
    if (option.takes === 'nothing') {
      if (cut >= 0) throw wrongUse(`option ${flag} takes no value`);
      options[option.key] = true;
      continue;
    }
    const values = cut < 0 ? [] : [word.slice(cut + 1)];
    if (cut < 0 && i + 1 < words.length) values.push(words[++i]);
    if (values.length === 0) throw wrongUse(`option ${flag} needs a value`);
    if (option.takes === 'list') while (i + 1 < words.length && !words[i + 1].startsWith('-')) values.push(words[++i]);
    // A list may be given in several places; a default is replaced.
    const before = given.has(flag) ? (options[option.key] as string[]) : [];
    options[option.key] = option.takes === 'one' ? values[0] : [...before, ...values];
    given.add(flag);
  }
  for (const o of command.options ?? [])
    if (o.required && options[optionOf(o.flags).key] === undefined) throw wrongUse(`option ${o.flags} is needed`);
  return { args: place(command, rest), options };
}

/** Gives positional words to the arguments of the table. */
function place(command: Command, words: readonly string[]): Parsed['args'] {
  const args: (string | readonly string[])[] = [];
  let at = 0;
  for (const [notation] of command.arguments ?? []) {
    const many = notation.includes('...');
    const given = many ? words.slice(at) : words.slice(at, at + 1);
    if (given.length === 0 && notation.startsWith('<')) throw wrongUse(`argument ${notation} is needed`);
    at += given.length;
    if (many) args.push(given);
    else if (given.length > 0) args.push(given[0]);
  }
  if (at < words.length) throw wrongUse(`"${words[at]}" is one argument too many`);
  return args;
}

function wrongUse(message: string): CommandError {
  return new CommandError(`${message} (add --help for the options)`, 2);
}

function flagOf(flags: string): string {
  return flags.split(' ')[0];
}

function optionOf(flags: string): Option {
  const [flag, value] = flags.split(' ');
  const key = flag.slice(2).replace(/-(\w)/g, (_, c: string) => c.toUpperCase());
  return { flag, key, takes: value === undefined ? 'nothing' : value.includes('...') ? 'list' : 'one' };
}

/** `; did you mean …?` for a name at most two letters away, else nothing. */
export function closest(word: string, names: readonly string[]): string {
  const best = names.map(n => ({ n, d: distance(word, n) })).sort((a, b) => a.d - b.d)[0];
  return best && best.d <= 2 ? `; did you mean "${best.n}"?` : '';
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}
