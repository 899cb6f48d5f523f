// Follows the public log as any outsider would, to show what happens and to know when it is done.
import { type HubClient, HubError } from '@madang/api';
import { Replay, type State } from '@madang/charter';
import { splitBundle } from '@madang/trust';

/** Calls `onState` after each step of the log, until it returns true. Rejects after `timeoutSeconds` without that. */
export async function watchLog(
  hub: HubClient,
  onState: (state: State) => boolean,
  timeoutSeconds: number,
  alive: () => string | undefined,
): Promise<Replay> {
  const replay = new Replay();
  const deadline = performance.now() + timeoutSeconds * 1000;
  while (performance.now() < deadline) {
    const dead = alive();
    if (dead) throw new Error(dead);
    try {
      const { size } = await hub.status();
      while (replay.past.size < size)
        for (const entry of splitBundle(await hub.entries(replay.past.size, size), 1024))
          replay.push(Uint8Array.from(entry));
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
    }
    if (onState(replay.state)) return replay;
    await new Promise(resolve => setTimeout(resolve, 150));
  }
  throw new Error(`not finished after ${timeoutSeconds} s; the logs of the processes say why`);
}
