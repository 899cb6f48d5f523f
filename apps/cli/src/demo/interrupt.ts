// Ctrl-C and a polite kill of the demo.

/** Resolves, and gives a reason, when somebody ends the demo; the caller stops its children then. `release` takes the handlers away. */
export function onInterrupt(): { promise: Promise<void>; reason: string | undefined; release(): void } {
  let finish: () => void = () => undefined;
  const promise = new Promise<void>(r => {
    finish = r;
  });
  const state = {
    promise,
    reason: undefined as string | undefined,
    release: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
  const stop = () => {
    state.reason = 'interrupted';
    finish();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return state;
}
