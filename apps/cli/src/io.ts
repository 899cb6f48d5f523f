// Log lines and progress, on stderr only, so that stdout holds the result and nothing else.
import type { Io, Progress } from './command.ts';

/** Progress appears once this has passed; quicker work stays silent. */
const QUIET_MS = 2000;
/** Plain lines (no terminal) come at most this often. */
const PLAIN_EVERY_MS = 5000;

export function makeIo(json: boolean): Io {
  return {
    json,
    log: line => process.stderr.write(`${line}\n`),
    progress: (label, total) => makeProgress(label, total),
  };
}

function makeProgress(label: string, total: number): Progress {
  const start = Date.now();
  const live = process.stderr.isTTY === true;
  let count = 0;
  let last = start;
  const line = () => {
    const elapsed = (Date.now() - start) / 1000;
    const left = count > 0 ? (elapsed / count) * (total - count) : Number.NaN;
    return `${label}: ${count}/${total}, ${elapsed.toFixed(0)} s, ${Number.isFinite(left) ? `${left.toFixed(0)} s left` : 'estimating'}`;
  };
  return {
    tick(steps = 1) {
      count += steps;
      const now = Date.now();
      if (now - start < QUIET_MS || now - last < (live ? 200 : PLAIN_EVERY_MS)) return;
      last = now;
      process.stderr.write(live ? `\r\u001b[K${line()}` : `${line()}\n`);
    },
    done() {
      if (live && Date.now() - start >= QUIET_MS) process.stderr.write('\r\u001b[K');
    },
  };
}
