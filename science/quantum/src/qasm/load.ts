// A program with its includes put in place. stdgates.inc is known by name and needs no file; other paths are asked for.
import { QuantumError } from '../error.ts';
import type { Program, Statement } from './ast.ts';
import { MAX_STATEMENTS, parse } from './parse.ts';
import { Sources } from './source.ts';

export interface LoadOptions {
  /** Name for messages, and what `include` is given as the including file. */
  readonly file?: string;
  /** Finds an included file: its full name, by which repeats are recognised, and its text. Undefined or a throw: not found. */
  readonly include?: (path: string, from: string) => { readonly name: string; readonly text: string } | undefined;
  readonly maxStatements?: number;
}

/** A program ready to be checked and run. */
export interface Loaded {
  readonly program: Program;
  readonly sources: Sources;
}

/** Names under which the standard gates are found. */
export const STANDARD_FILE = 'stdgates.inc';
const DEEPEST_INCLUDE = 64;

/** Parses a program and everything it includes. Throws QuantumError: syntax, include (missing or cyclic), too-large, unsupported (version 2). */
export function load(text: string, options: LoadOptions = {}): Loaded {
  const sources = new Sources();
  const most = options.maxStatements ?? MAX_STATEMENTS;
  let left = most;
  const read = (source: string, file: string, open: readonly string[]): Program => {
    const program = parse(source, { file, sources, maxStatements: left });
    left -= program.body.length;
    if (left < 0)
      throw new QuantumError('too-large', `${file}: with its includes the program has more than ${most} statements`);
    if (program.version !== undefined && !/^3(\.|$)/.test(program.version))
      throw new QuantumError(
        'unsupported',
        `${file}: the program is of OpenQASM ${program.version}; this reads version 3`,
      );
    if (!program.body.some(s => s.kind === 'include' && s.target !== STANDARD_FILE)) return program;
    const body: Statement[] = [];
    for (const s of program.body) {
      if (s.kind !== 'include' || s.target === STANDARD_FILE) {
        body.push(s);
        continue;
      }
      let found: { readonly name: string; readonly text: string } | undefined;
      let cause: unknown;
      try {
        found = options.include?.(s.target, file);
      } catch (error) {
        cause = error;
      }
      if (!found) {
        const why =
          cause instanceof Error ? `: ${cause.message}` : options.include ? '' : ': no includes are given here';
        throw sources.error('include', `"${s.target}" cannot be read${why}`, s.at, { cause });
      }
      const { name } = found;
      if (open.includes(name))
        throw sources.error(
          'include',
          `"${s.target}" includes itself: ${[...open.slice(open.indexOf(name)), name].join(' -> ')}`,
          s.at,
        );
      if (open.length >= DEEPEST_INCLUDE)
        throw sources.error('include', `includes are more than ${DEEPEST_INCLUDE} deep`, s.at);
      for (const inner of read(found.text, name, [...open, name]).body) body.push(inner);
    }
    return { ...program, body };
  };
  const file = options.file ?? 'program';
  return { program: read(text, file, [file]), sources };
}
