// A member's running node: follows the log, answers as a witness, takes its mail, and lets every worker look at the final state after each event.
// Outbound connections only. Whatever fails is logged and tried again with the next event; no worker can end the process.
import { join } from 'node:path';
import { type HubClient, HubError, hubClient } from '@madang/api';
import { digestOf } from '@madang/study';
import type { Signer } from '@madang/trust';
import { folderStore } from '@madang/trust/folder';
import { type NodeConfig, readNodeConfig } from './config.ts';
import { hasKey, type KeyName, loadSigner, loadWitnessKeys } from './keys.ts';
import { Follower } from './log/follower.ts';
import { Inbox } from './store/inbox.ts';
import { folderMemory } from './store/memory.ts';
import { aggregate } from './work/aggregate.ts';
import { ask } from './work/ask.ts';
import { contribute } from './work/contribute.ts';
import type { Desk } from './work/desk.ts';
import { forecast } from './work/forecast.ts';
import { membership } from './work/membership.ts';
import { provide } from './work/provide.ts';
import { answerRecall } from './work/recall.ts';
import { release } from './work/release.ts';
import { research } from './work/research.ts';
import { keepBlob, resend, resentFor } from './work/resend.ts';
import { steward } from './work/steward.ts';

const WORKERS = { membership, steward, release, aggregate, contribute, research, forecast, ask, provide };
/** Without news a pass is made this often, for deadlines and for files that the steward left. */
const IDLE_MS = 1000;
const RETRY_MS = 500;

export interface RunningNode {
  readonly config: NodeConfig;
  /** Resolves after a stop, when everything is on disk. */
  stop(): Promise<void>;
}

export async function startNode(home: string, log: (line: string) => void): Promise<RunningNode> {
  const config = readNodeConfig(home);
  const signers = new Map<KeyName, Promise<Signer>>();
  const signer = (name: Exclude<KeyName, 'replay-witness'>) => {
    const known = signers.get(name) ?? loadSigner(home, name);
    signers.set(name, known);
    return known;
  };
  const now = () => Math.floor(Date.now() / 1000);
  const memory = folderMemory(join(home, 'work'));
  const client = hubClient(config.hub, fetch, { org: config.org, signer: await signer('node'), nowSeconds: now });
  const hub: HubClient = {
    ...client,
    async putBlob(bytes) {
      await keepBlob(memory, digestOf(bytes), bytes);
      return client.putBlob(bytes);
    },
  };
  const follower = new Follower({
    hub,
    origin: config.origin,
    org: config.org,
    store: folderStore(join(home, 'log')),
    witnessStore: folderStore(join(home, 'witness')),
    witnessKeys: hasKey(home, 'replay-witness') ? await loadWitnessKeys(home, config.org) : undefined,
    now,
    log,
  });
  await follower.load();
  if (config.backends && !hasKey(home, 'steward'))
    log('the backends of the configuration are not offered: the steward key signs offers, and this folder has none');
  const inbox = new Inbox(memory);
  await inbox.load();
  const desk: Desk = {
    config,
    home,
    hub,
    follower,
    memory,
    inbox,
    get state() {
      return follower.finalState;
    },
    now,
    log,
    signer,
    has: name => hasKey(home, name),
  };
  const stopping = new AbortController();
  const done = run(desk, stopping.signal);
  return {
    config,
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function run(desk: Desk, stop: AbortSignal): Promise<void> {
  const wake = new Waker();
  const listening = listen(desk, stop, wake);
  let flushed = Date.now();
  while (!stop.aborted) {
    await wake.wait(IDLE_MS, stop);
    for (const [name, work] of Object.entries(WORKERS)) {
      if (stop.aborted) break;
      if (desk.follower.finalSize === 0 && name !== 'membership') continue;
      try {
        await work(desk);
      } catch (error) {
        desk.log(`${name}: ${describe(error)}`);
        if (!(error instanceof HubError)) continue;
        await pause(RETRY_MS, stop);
      }
    }
    if (Date.now() - flushed > 3000) {
      await flush(desk);
      flushed = Date.now();
    }
  }
  await listening;
  await flush(desk);
}

async function flush(desk: Desk): Promise<void> {
  try {
    await desk.follower.flush();
  } catch (error) {
    desk.log(`the log's copy: ${describe(error)}`);
  }
}

/** Long-polls the hub; cosigns at once, so that finality does not wait for work. */
async function listen(desk: Desk, stop: AbortSignal, wake: Waker): Promise<void> {
  const { follower, inbox } = desk;
  let recall: number | undefined;
  while (!stop.aborted) {
    try {
      const member = await isMember(desk);
      const have = {
        final: follower.finalSize,
        witness: follower.mayWitness ? follower.cosigned : undefined,
        mail: inbox.last,
        recall,
        restored: await resentFor(desk.memory),
      };
      const news = await desk.hub.events(have, member, stop);
      if (news.recall !== undefined) {
        await answerRecall(desk);
        recall = news.recall;
      }
      if (news.restored !== undefined && member) await resend(desk, news.restored);
      if (news.candidate) await cosign(desk.hub, follower, news.candidate);
      if (news.final) await follower.takeFinal(news.final);
      await inbox.take(desk.hub, news.mail);
      wake.now();
    } catch (error) {
      if (stop.aborted) return;
      if (!(error instanceof HubError && error.status === 0)) desk.log(`events: ${describe(error)}`);
      await pause(RETRY_MS, stop);
    }
  }
}

async function cosign(hub: HubClient, follower: Follower, request: string): Promise<void> {
  const answer = await follower.cosign(request);
  if (answer) await hub.cosign(`${answer.org}\n${answer.size}\n${answer.lines}`);
  else await new Promise(resolve => setTimeout(resolve, RETRY_MS));
}

/** The hub knows our node key once the log does: before that only public news can be asked for. */
async function isMember(desk: Desk): Promise<boolean> {
  const key = (await desk.signer('node')).keyId;
  return desk.follower.replay.state.keys[key] !== undefined;
}

class Waker {
  private resolve: (() => void) | undefined;
  private pending = false;

  now(): void {
    this.pending = true;
    this.resolve?.();
  }

  async wait(milliseconds: number, stop: AbortSignal): Promise<void> {
    if (!this.pending)
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, milliseconds);
        this.resolve = () => {
          clearTimeout(timer);
          resolve();
        };
        stop.addEventListener('abort', () => this.resolve?.(), { once: true });
      });
    this.pending = false;
    this.resolve = undefined;
  }
}

function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds);
    stop.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return process.env['MADANG_DEBUG'] ? (error.stack ?? error.message) : error.message;
}
