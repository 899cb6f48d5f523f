// `madang node start`: runs a member's node in the foreground as its own process.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command } from '../command.ts';
import { HOME_OPTION, openHome } from './home.ts';

export const start: Command = {
  name: 'start',
  summary: "run a member's node: contributor, witness, aggregator by its keys; outbound connections only",
  options: [HOME_OPTION],
  async run(_args, options) {
    const { home } = openHome(options);
    const code = await runForeground(fileURLToPath(import.meta.resolve('@madang/node/main')), [home]);
    return { json: { ended: code }, text: '', exit: code === 0 ? 0 : 1 };
  },
};

/** Runs a program of ours until it ends; Ctrl-C goes to it. */
export function runForeground(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', pass);
  process.on('SIGTERM', pass);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => {
      process.off('SIGINT', pass);
      process.off('SIGTERM', pass);
      resolve(code ?? 1);
    });
  });
}
