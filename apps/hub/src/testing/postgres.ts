// A real PostgreSQL server for a test: its own folder, a Unix socket in it and no TCP port, ended with the test.
import { type ChildProcess, execFileSync, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, globSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { tempFolder } from '../../../../scripts/temp-folder.ts';

export interface Postgres {
  readonly url: string;
  /** kill -9. */
  crash(): Promise<void>;
  /** Starts it again on the same data. */
  again(): Promise<void>;
  stop(): Promise<void>;
}

/** Folder of the server's programs, or undefined where PostgreSQL is not installed. */
export function postgresPrograms(): string | undefined {
  const folders = globSync('/usr/lib/postgresql/*/bin').sort();
  return folders.reverse().find(f => existsSync(join(f, 'initdb')));
}

export async function startPostgres(programs: string): Promise<Postgres> {
  const folder = tempFolder('madang-pg-');
  const asRoot = process.getuid?.() === 0;
  const ids: { uid: number; gid: number } | undefined = asRoot ? postgresUser() : undefined;
  if (ids) chownSync(folder, ids.uid, ids.gid);
  const data = join(folder, 'data');
  const options = { cwd: '/', ...ids, env: { PATH: process.env['PATH'] ?? '' } };
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'madang', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...options,
    stdio: 'pipe',
  });
  let server = await serve(programs, data, folder, options);
  const ended = async (signal: NodeJS.Signals) => {
    const gone = new Promise(resolve => server.once('exit', resolve));
    server.kill(signal);
    await gone;
  };
  return {
    url: `postgresql://madang@/postgres?host=${encodeURIComponent(folder)}`,
    crash: () => ended('SIGKILL'),
    async again() {
      // What is left of the one that was killed ends a moment later.
      for (let tries = 0; ; tries++)
        try {
          server = await serve(programs, data, folder, options);
          return;
        } catch (error) {
          if (tries === 50) throw error;
          await new Promise(resolve => setTimeout(resolve, 200));
        }
    },
    async stop() {
      await ended('SIGINT');
    },
  };
}

async function serve(programs: string, data: string, folder: string, options: SpawnOptions): Promise<ChildProcess> {
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off'],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let output = '';
  await new Promise<void>((resolve, reject) => {
    server.stderr!.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('database system is ready to accept connections')) resolve();
    });
    server.once('exit', code => reject(new Error(`postgres ended with ${code}: ${output.slice(-500)}`)));
  });
  return server;
}

/** PostgreSQL refuses to run as root: Debian's package made a user for it. */
function postgresUser(): { uid: number; gid: number } {
  const id = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout.trim());
  const ids = { uid: id('-u'), gid: id('-g') };
  if (!Number.isInteger(ids.uid) || ids.uid === userInfo().uid)
    throw new Error('there is no user "postgres" to run the server as');
  return ids;
}
