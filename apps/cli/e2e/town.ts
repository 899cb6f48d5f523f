// A small hub with six members as real processes, for journeys and faults: the demo's own set-up, with hands on every process.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HubClient, hubClient } from '@madang/api';
import type { State } from '@madang/charter';
import { tempFolder } from '../../../scripts/temp-folder.ts';
import { demoData } from '../src/demo/data.ts';
import { type Child, startChild, stopChildren } from '../src/demo/processes.ts';
import { configure, type DemoPlan, foundingStatement, homeOf, hubHome, planDemo, prepare } from '../src/demo/setup.ts';
import { watchLog } from '../src/demo/watch.ts';

export interface TownOptions {
  /** Changes a member's configuration before it starts. */
  readonly change?: (org: string, config: Record<string, unknown>) => void;
  /** Called after the folders are there and before anything starts. */
  readonly before?: (plan: DemoPlan) => Promise<void> | void;
  /** How long nodes wait for those that are late (seconds; 6 unless given): long where everybody must be counted, since a slow machine may take that long to start one. */
  readonly patience?: number;
  readonly databaseUrl?: string;
  /** Programs other than the node's own, by member: URLs of modules that are started with the member's folder. */
  readonly programs?: Readonly<Record<string, string>>;
}

export class Town {
  readonly home = tempFolder('madang-town-');
  readonly plan: DemoPlan;
  private readonly origin = 'demo/town';
  private readonly children = new Map<string, Child>();
  private readonly env: Record<string, string>;
  private readonly programs: Readonly<Record<string, string>>;
  hub!: HubClient;

  private constructor(o: TownOptions) {
    this.plan = planDemo(this.home, demoData(undefined, this.home, undefined, 'town'), 6);
    this.programs = o.programs ?? {};
    this.env = o.databaseUrl ? { DATABASE_URL: o.databaseUrl } : {};
  }

  static async start(o: TownOptions = {}): Promise<Town> {
    const town = new Town(o);
    const { plan } = town;
    const identity = await prepare(plan, town.origin, await freePort());
    await town.startHub();
    await configure(plan, town.origin, town.hub.url);
    for (const m of plan.members) {
      const path = join(homeOf(plan, m.org), 'config.json');
      const config = { ...JSON.parse(readFileSync(path, 'utf8')), patienceSeconds: o.patience ?? 6 };
      o.change?.(m.org, config);
      writeFileSync(path, JSON.stringify(config));
    }
    await o.before?.(plan);
    await town.hub.submit(await foundingStatement(plan, town.origin, identity, Math.floor(Date.now() / 1000)));
    for (const m of plan.members) await town.startNode(m.org);
    return town;
  }

  async startHub(): Promise<void> {
    const child = startChild('hub', '@madang/hub/main', hubHome(this.plan), this.logOf('hub'), this.env);
    this.children.set('hub', child);
    this.hub = hubClient((await child.ready).replace('listening ', ''), fetch);
  }

  async startNode(org: string): Promise<void> {
    const child = startChild(org, this.programs[org] ?? '@madang/node/main', this.homeOf(org), this.logOf(org));
    // Only one that runs takes the name: a refused second one must not hide the first from \`stop\`.
    await child.ready;
    this.children.set(org, child);
  }

  get hubHome(): string {
    return hubHome(this.plan);
  }

  homeOf(org: string): string {
    return homeOf(this.plan, org);
  }

  logOf(org: string): string {
    return join(this.home, 'logs', `${org}.log`);
  }

  /** Ends a process in good order and waits until it is gone. */
  async end(org: string): Promise<void> {
    await stopChildren([this.children.get(org)!]);
    this.children.delete(org);
  }

  /** kill -9, and waits until the process is gone. */
  async kill(org: string): Promise<void> {
    const child = this.children.get(org)!;
    const gone = new Promise(resolve => child.process.once('exit', resolve));
    child.process.kill('SIGKILL');
    await gone;
    this.children.delete(org);
  }

  /** Waits until the public log shows what `holds` asks for; returns the state. */
  async until(holds: (state: State) => boolean, seconds = 300): Promise<State> {
    try {
      return (await watchLog(this.hub, holds, seconds, () => undefined)).state;
    } catch (error) {
      // The logs go with the test.
      throw new Error([error instanceof Error ? error.message : String(error), ...this.lastWords()].join('\n'));
    }
  }

  private lastWords(): string[] {
    return globSync(join(this.home, 'logs/*.log')).flatMap(f =>
      readFileSync(f, 'utf8')
        .trim()
        .split('\n')
        .filter(l => l !== '')
        .slice(-3),
    );
  }

  async stop(): Promise<void> {
    await stopChildren([...this.children.values()]);
  }
}

/** A port that was free a moment ago, so that a restarted hub keeps its address. */
async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

export function onlyStudy(state: State) {
  return Object.values(state.studies)[0];
}
