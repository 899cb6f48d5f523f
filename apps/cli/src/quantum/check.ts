// madang quantum check: what is wrong with an OpenQASM 3 program, without running it.
import { resolve } from 'node:path';
import type { Command } from '../command.ts';

export const check: Command = {
  name: 'check',
  summary: 'check OpenQASM 3 programs without running them, or print them in one form',
  description:
    'Lists every problem with file, line and column; the exit code is 1 when there is one. With --format the program is printed instead.',
  arguments: [['<files...>', 'programs; includes are looked for beside them']],
  options: [{ flags: '--format', description: 'print the program in one form (comments are not kept)' }],
  examples: ['madang quantum check teleport.qasm', 'madang quantum check --format teleport.qasm'],
  async run([files], options) {
    const { plainly, readProgram, readText } = await import('./read.ts');
    const quantum = await import('@madang/quantum');
    const paths = (files as readonly string[]).map(f => resolve(f));
    if (options['format']) {
      const texts = plainly(() => paths.map(p => quantum.print(quantum.parse(readText(p), { file: p }))));
      return { json: texts.map((text, i) => ({ file: paths[i], text })), text: texts.join('\n') };
    }
    const problems = paths.flatMap(p => plainly(() => quantum.check(readProgram(p))));
    return {
      json: { ok: problems.length === 0, problems },
      text:
        problems.length === 0
          ? 'no problem found'
          : problems.map(p => `${p.file}:${p.line}:${p.column}: ${p.message}`).join('\n'),
      exit: problems.length === 0 ? 0 : 1,
    };
  },
};
