// Long polls that wait for something to change.

/** `wait` resolves at the next `notify`, when the time has passed, or when the caller has gone. */
export function waiters() {
  const waiting = new Set<() => void>();
  const wait = (milliseconds: number, signal: AbortSignal): Promise<void> =>
    new Promise(resolve => {
      const done = () => {
        clearTimeout(timeout);
        // One poll waits many times under one signal.
        signal.removeEventListener('abort', done);
        waiting.delete(done);
        resolve();
      };
      const timeout = setTimeout(done, milliseconds);
      signal.addEventListener('abort', done);
      waiting.add(done);
      if (signal.aborted) done();
    });
  const notify = () => {
    for (const done of waiting) done();
    waiting.clear();
  };
  return { wait, notify };
}
