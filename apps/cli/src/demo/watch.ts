// Follows the public log as any outsider would, to show what happens and to know when it is done.
import { type HubClient, HubError } from '@madang/api';
import { Replay, type State } from '@madang/charter';
import { openStatement, splitBundle } from '@madang/trust';

/** Calls `onState` after each step of the log, until it returns true. Rejects when nothing but the time has been logged for `quietSeconds`. `replay`: goes on from there. */
export async function watchLog(
  hub: HubClient,
  onState: (state: State) => boolean,
  quietSeconds: number,
  alive: () => string | undefined,
  replay = new Replay(),
): Promise<Replay> {
  let deadline = performance.now() + quietSeconds * 1000;
  while (performance.now() < deadline) {
    const dead = alive();
    if (dead) throw new Error(dead);
    try {
      const { size } = await hub.status();
      while (replay.past.size < size)
        for (const entry of splitBundle(await hub.entries(replay.past.size, size), 1024))
          if (!take(replay, entry)) deadline = performance.now() + quietSeconds * 1000;
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
    }
    if (onState(replay.state)) return replay;
    await new Promise(resolve => setTimeout(resolve, 150));
  }
  throw new Error(`nothing has happened for ${quietSeconds} s; the logs of the processes say why`);
}

/** Replays an entry; true when it says no more than what time it is. */
function take(replay: Replay, entry: Uint8Array): boolean {
  const own = Uint8Array.from(entry);
  const fault = replay.push(own);
  return !fault && openStatement(own).kind === 'log.time';
}
