// The commands of `madang hub`: make, start, rebuild its tables, restore its log.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHub } from '@madang/hub/setup';
import { type Command, CommandError, type Io } from '../command.ts';
import { runForeground } from '../node/start.ts';
import { restore } from './restore.ts';

const HOME = { flags: '--home <dir>', description: "the hub's folder", required: true } as const;

const init: Command = {
  name: 'init',
  summary: "make a hub's folder with the log's keys",
  options: [
    HOME,
    { flags: '--origin <name>', description: 'name of the log, for ever, e.g. hub.example.org/log', required: true },
    { flags: '--operator <handle>', description: 'handle of the operator', default: 'hub' },
    { flags: '--host <address>', description: 'address to listen on', default: '127.0.0.1' },
    { flags: '--port <port>', description: 'port to listen on', default: '8080' },
  ],
  async run(_args, options) {
    const home = resolve(String(options['home']));
    if (existsSync(join(home, 'config.json'))) throw new CommandError(`${home} is a hub's folder already`, 2);
    const port = Number(options['port']);
    if (!/^\d{1,5}$/.test(String(options['port'])) || port > 65_535)
      throw new CommandError(
        `--port must be a whole number from 0 (any free one) to 65535, not "${options['port']}"`,
        2,
      );
    const config = {
      origin: String(options['origin']),
      operator: String(options['operator']),
      host: String(options['host']),
      port,
    };
    const identity = await createHub(home, config, process.env['MADANG_PASSPHRASE']);
    return {
      json: { home, ...config, ...identity },
      text: `${home} is ready. Start it with: madang hub start --home ${home}`,
    };
  },
};

const start: Command = {
  name: 'start',
  summary: 'run a hub in the foreground',
  description:
    'Environment: DATABASE_URL names a PostgreSQL server (else one is embedded); MADANG_PASSPHRASE opens encrypted keys; MADANG_CLIMATE, MADANG_GRID,\n' +
    'MADANG_WEATHER and MADANG_DISEASE name the files that the pages /climate, /energy, /weather and of forecasts show (apps/web/README.md).',
  options: [
    HOME,
    {
      flags: '--trust-disk',
      description:
        'sign at once, without asking the members how far they had followed the log: only when nobody can answer, and this folder is the newest',
    },
  ],
  run: (_args, options, io) => run(String(options['home']), options['trustDisk'] === true ? ['--trust-disk'] : [], io),
};

const rebuild: Command = {
  name: 'rebuild',
  summary: 'start the hub after dropping its tables and rebuilding them from the log',
  options: [HOME],
  run: (_args, options, io) => run(String(options['home']), ['--rebuild'], io),
};

function run(home: string, flags: readonly string[], io: Io) {
  return runForeground(fileURLToPath(import.meta.resolve('@madang/hub/main')), [resolve(home), ...flags], io);
}

export const commands: readonly Command[] = [init, start, rebuild, restore];
