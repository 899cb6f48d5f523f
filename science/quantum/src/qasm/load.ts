// A program with its includes put in place. stdgates.inc and qelib1.inc are known by name and need no file; other paths are asked for.
import { QuantumError } from '../error.ts';
import type { Program, Statement } from './ast.ts';
import { MAX_STATEMENTS, parse } from './parse.ts';
import { QELIB1, QELIB1_FILE } from './qelib1.ts';
import { Sources } from './source.ts';
import { CX_OF_VERSION_2, fromVersion2, isVersion2, withPowers } from './version2.ts';

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

/** Parses a program and everything it includes. Throws QuantumError: syntax, include (missing or cyclic), too-large, unsupported (another version than 2 or 3). */
export function load(text: string, options: LoadOptions = {}): Loaded {
  const sources = new Sources();
  const most = options.maxStatements ?? MAX_STATEMENTS;
  let left = most;
  let old = false;
  let qelib1 = false;
  const parsed = (source: string, file: string, first: boolean): Program => {
    const limits = { file, sources, maxStatements: left };
    const program = parse(old ? withPowers(source) : source, limits);
    if (first && isVersion2(program)) {
      old = true;
      return fromVersion2(source.includes('^') ? parse(withPowers(source), limits) : program);
    }
    if (program.version !== undefined && !/^3(\.|$)/.test(program.version))
      throw new QuantumError(
        'unsupported',
        `${file}: the program is of OpenQASM ${program.version}; this reads versions 2 and 3`,
      );
    return old ? fromVersion2(program) : program;
  };
  const read = (source: string, file: string, open: readonly string[]): Program => {
    const program = parsed(source, file, open.length === 1);
    left -= program.body.length;
    if (left < 0)
      throw new QuantumError('too-large', `${file}: with its includes the program has more than ${most} statements`);
    if (!program.body.some(s => s.kind === 'include' && s.target !== STANDARD_FILE)) return program;
    const body: Statement[] = [];
    for (const s of program.body) {
      if (s.kind !== 'include' || s.target === STANDARD_FILE) {
        body.push(s);
        continue;
      }
      if (s.target === QELIB1_FILE) {
        if (!qelib1) body.push(...parse(QELIB1, { file: QELIB1_FILE, sources }).body);
        qelib1 = true;
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
  const program = read(text, file, [file]);
  if (!old || qelib1 || program.body.some(s => s.kind === 'include')) return { program, sources };
  return { program: { ...program, body: [...parse(CX_OF_VERSION_2, { sources }).body, ...program.body] }, sources };
}
