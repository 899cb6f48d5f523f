// The hub alone under load, and the auditor: statements a second over HTTP with both signatures verified and each answer on disk, `madang verify` on the log
// that came of it, and the demo from start to its first verified result. BENCH_ENTRIES sets how many statements (default 10,000).
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  encodePublicKey,
  generateHybridKey,
  generateNoteKeys,
  type Json,
  openStatement,
  signStatement,
  softwareSigner,
} from '@madang/trust';
import type { BenchSuite } from '../figure.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const cli = join(root, 'apps/cli/bin/madang.js');
const count = Number(process.env['BENCH_ENTRIES'] ?? 10_000);
/** Requests under way at once, each over its own connection. */
const PARALLEL = 64;

export const suite: BenchSuite = async function* () {
  const home = mkdtempSync(join(tmpdir(), 'madang-bench-'));
  try {
    const { seconds, cpuMs, startMib, peakMib } = await load(home);
    yield {
      name: `statements admitted over HTTP, both signatures verified, on disk before the answer (${count})`,
      unit: '1/s',
      ours: count / seconds,
      smallerIsBetter: false,
      runs: 1,
      against: { name: 'target', value: 1000 },
    };
    yield {
      name: 'processor time of the hub a statement, tables included',
      unit: 'ms',
      ours: cpuMs,
      smallerIsBetter: true,
      runs: 1,
      against: { name: 'target', value: 0.7 },
    };
    yield { name: 'memory of the hub before that load', unit: 'MiB', ours: startMib, smallerIsBetter: true, runs: 1 };
    yield { name: 'memory of the hub after that load', unit: 'MiB', ours: peakMib, smallerIsBetter: true, runs: 1 };
    const started = performance.now();
    await run(process.execPath, [cli, 'verify', home, '--json'], { maxBuffer: 1 << 26 }).catch(e => {
      // Nobody cosigned this log, so the answer is "could not check finality" (3); every signature and rule was checked.
      if (e.code !== 3) throw e;
    });
    const verify = (performance.now() - started) / 1000;
    yield {
      name: 'madang verify, scaled to 100,000 statements',
      unit: 's',
      ours: (verify / (count + 4)) * 100_000,
      smallerIsBetter: true,
      runs: 1,
      against: { name: 'target', value: 60 },
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  yield* demo();
};

async function load(home: string): Promise<{ seconds: number; cpuMs: number; startMib: number; peakMib: number }> {
  const { stdout } = await run(process.execPath, [
    cli,
    'hub',
    'init',
    '--home',
    home,
    '--origin',
    'bench/log',
    '--port',
    '0',
    '--json',
  ]);
  const identity = JSON.parse(stdout);
  const hub = spawn(process.execPath, [join(root, 'apps/hub/src/main.ts'), home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      hub.stdout.on('data', d => /listening (\S+)/.test(String(d)) && resolve(/listening (\S+)/.exec(String(d))![1]));
      hub.once('exit', code => reject(new Error(`the hub ended with ${code}`)));
    });
    const post = async (bytes: Uint8Array) => {
      const r = await fetch(`${url}/v1/statements`, { method: 'POST', body: bytes as BodyInit });
      if (!r.ok) throw new Error(await r.text());
      return (await r.json()) as { size: number };
    };
    const statements = await prepare(identity, post);
    const [startMib, cpuBefore] = [residentMib(hub.pid!), cpuMilliseconds(hub.pid!)];
    const started = performance.now();
    let next = 0;
    await Promise.all(
      Array.from({ length: PARALLEL }, async () => {
        while (next < statements.length) await post(statements[next++]);
      }),
    );
    const seconds = (performance.now() - started) / 1000;
    // What the tables still lack is part of the cost.
    await delay(1000);
    const cpuMs = (cpuMilliseconds(hub.pid!) - cpuBefore) / count;
    return { seconds, cpuMs, startMib, peakMib: residentMib(hub.pid!) };
  } finally {
    const gone = new Promise(resolve => hub.once('exit', resolve));
    hub.kill('SIGTERM');
    await gone;
  }
}

/** User and system time of all threads of a process: Linux counts hundredths of a second. */
function cpuMilliseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function residentMib(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;
}

/** Founds the log and signs all statements beforehand: changes of one dataset's budget. */
async function prepare(
  identity: { logKey: Json; logNotes: Json },
  post: (bytes: Uint8Array) => Promise<{ size: number }>,
): Promise<Uint8Array[]> {
  const key = generateHybridKey();
  const steward = generateHybridKey();
  const time = Math.floor(Date.now() / 1000);
  const founder = {
    org: 'alpha',
    name: 'Alpha',
    seat: 'organisation',
    home: 'CH',
    roles: [],
    root: encodePublicKey(key.publicKey),
    witness: { ...generateNoteKeys('alpha/replay-witness', 'witness').vkeys },
  };
  const body = {
    origin: 'bench/log',
    rules: 1,
    operator: 'hub',
    logKey: identity.logKey,
    logNotes: identity.logNotes,
    time,
    founders: [founder],
  };
  const found = await signStatement(
    { kind: 'root.found', org: 'alpha', body: body as unknown as { [k: string]: Json } },
    [softwareSigner(key)],
  );
  await post(found);
  // A statement names a history that its signer had seen: the size-1 tree of the founding entry.
  const { leafHash, toHex } = await import('@madang/trust');
  const seen = { size: 1, root: toHex(leafHash(openStatement(found).bytes)) };
  const sign = (signer: typeof key, kind: string, b: { [k: string]: Json }) =>
    signStatement({ kind, org: 'alpha', body: b, seen, until: time + 86_000 }, [softwareSigner(signer)]);
  await post(
    await sign(key, 'member.key', {
      keys: [{ use: 'steward', key: encodePublicKey(steward.publicKey) as unknown as Json, until: time + 86_400 }],
    }),
  );
  await post(await sign(steward, 'dataset.register', { dataset: 'd-1', description: 'ab'.repeat(32), ledgers: [] }));
  const out: Uint8Array[] = [];
  for (let i = 0; i < count; i++)
    out.push(await sign(steward, 'dataset.budget', { dataset: 'd-1', unit: 'person', period: 'year', capMicroRho: i }));
  return out;
}

async function* demo() {
  const home = mkdtempSync(join(tmpdir(), 'madang-bench-demo-'));
  let peakMib = 0;
  try {
    const running = run(process.execPath, [cli, 'demo', '--once', '--json', '--port', '0', '--home', home], {
      maxBuffer: 1 << 26,
    });
    const watch = setInterval(() => {
      peakMib = Math.max(peakMib, proportionalMib(running.child.pid!));
    }, 250);
    const { stdout } = await running.finally(() => clearInterval(watch));
    const { seconds } = JSON.parse(stdout) as { seconds: number };
    const common = { smallerIsBetter: true, runs: 1 } as const;
    yield {
      name: 'demo, start to first verified result, 15 processes',
      unit: 's',
      ours: seconds,
      ...common,
      against: { name: 'target', value: 30 },
    };
    yield {
      name: 'memory of all processes of the demo at their peak',
      unit: 'MiB',
      ours: peakMib,
      ...common,
      against: { name: 'target', value: 3072 },
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Memory of a process and all below it, shared pages counted once (proportional set size). */
function proportionalMib(top: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = readProcess(pid, 'stat');
    if (stat) parents.set(pid, Number(stat.split(') ')[1].split(' ')[1]));
  }
  const below = (pid: number | undefined): boolean => pid !== undefined && (pid === top || below(parents.get(pid)));
  let kib = 0;
  for (const pid of parents.keys())
    if (below(pid)) kib += Number(/^Pss:\s+(\d+)/m.exec(readProcess(pid, 'smaps_rollup'))?.[1] ?? 0);
  return kib / 1024;
}

/** Empty when the process has ended in between. */
function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
