// `madang node start`: runs a member's node in the foreground as its own process.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Command, CommandError, type Io, type Outcome } from '../command.ts';
import { HOME_OPTION, openHome } from './home.ts';

export const start: Command = {
  name: 'start',
  summary: "run a member's node: contributor, witness, aggregator by its keys; outbound connections only",
  options: [HOME_OPTION],
  async run(_args, options, io) {
    const { home } = openHome(options);
    return runForeground(fileURLToPath(import.meta.resolve('@madang/node/main')), [home], io);
  },
};

/** Runs a program of ours until it ends in good order; Ctrl-C goes to it. With --json what it says on stdout goes to stderr. Throws when it ends otherwise: its own last line says why. */
export function runForeground(program: string, args: readonly string[], { json }: Io): Promise<Outcome> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', json ? process.stderr : 'inherit', 'inherit'],
  });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', pass);
  process.on('SIGTERM', pass);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => {
      process.off('SIGINT', pass);
      process.off('SIGTERM', pass);
      if (code === 0) resolve({ json: { ok: true, ended: code }, text: '' });
      else reject(new CommandError(`it ended with exit ${code ?? 'by a signal'}; the line above says why`));
    });
  });
}
