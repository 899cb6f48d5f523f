// The hub's process: `node main.ts HOME [--rebuild] [--trust-disk]`. HOME has config.json and keys/. Prints one line `listening URL` on stdout when it serves.
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { hybridKeyFromSeed, noteKeysFromSeed, softwareSigner } from '@madang/trust';
import { readKeyFile } from '@madang/trust/keyfile';
import { readConfig } from './config.ts';
import { hubApp } from './http/app.ts';
import { openHub } from './hub.ts';

const [home = '', ...flags] = process.argv.slice(2);
if (home === '') {
  console.error('usage: hub HOME [--rebuild] [--trust-disk]');
  process.exit(2);
}
const say = (line: string) => console.error(`${new Date().toISOString()} hub ${line}`);

try {
  const config = readConfig(home);
  const passphrase = process.env['MADANG_PASSPHRASE'];
  const key = async (use: string) => (await readKeyFile(join(home, 'keys', `${use}.json`), use, passphrase)).secret;
  const hub = await openHub({
    folder: home,
    origin: config.origin,
    operator: config.operator,
    logNotes: noteKeysFromSeed(config.origin, 'log', await key('log-notes')),
    timeSigner: softwareSigner(hybridKeyFromSeed(await key('log'))),
    ...(process.env['DATABASE_URL'] ? { databaseUrl: process.env['DATABASE_URL'] } : {}),
    rebuild: flags.includes('--rebuild'),
    trustDisk: flags.includes('--trust-disk'),
    now: () => Math.floor(Date.now() / 1000),
    uptime: () => performance.now() / 1000,
    log: say,
  });
  const { pages } = await import('./http/pages.ts');
  const app = hubApp(hub, pages);
  const server = serve({ fetch: app.fetch, hostname: config.host, port: config.port }, address => {
    console.log(`listening http://${config.host}:${address.port}`);
  });
  server.on('error', (error: NodeJS.ErrnoException) => {
    const why = error.code === 'EADDRINUSE' ? 'another program has this port; give another one' : error.message;
    say(`cannot listen on ${config.host}:${config.port}: ${why}`);
    hub.close().finally(() => process.exit(1));
  });
  // Longer than a node's pauses: a connection that closes just as a request goes out looks like a hub that is down.
  if ('keepAliveTimeout' in server) server.keepAliveTimeout = 75_000;
  const stop = () => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
    hub.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // The parent of a demo's hub is its terminal; when it is gone, so are we.
  if (process.env['MADANG_EXIT_WITH_PARENT']) process.stdin.on('end', stop).resume();
} catch (error) {
  say(`cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
process.on('unhandledRejection', reason =>
  say(`unexpected: ${reason instanceof Error ? reason.message : String(reason)}`),
);
