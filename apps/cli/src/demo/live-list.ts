// What the demo is doing, as a list that is redrawn in a terminal and as plain lines elsewhere. Goes to stderr; stdout is for the result.

export interface LiveList {
  /** Sets a line's text; the first call adds the line. */
  set(key: string, text: string): void;
  /** Marks a line as done; its text stays. */
  done(key: string, text: string): void;
  /** Stops redrawing. */
  end(): void;
}

export function liveList(stream: NodeJS.WriteStream): LiveList {
  const started = performance.now();
  const lines = new Map<string, { text: string; done: boolean }>();
  const live = stream.isTTY === true;
  let drawn = 0;
  const elapsed = () => `${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s`;
  const draw = () => {
    if (!live) return;
    const rows = [...lines.values()].map(l => `${l.done ? '✓' : '…'} ${l.text}`);
    stream.write(`${drawn > 0 ? `\u001b[${drawn}A` : ''}${rows.map(r => `\u001b[K${r}\n`).join('')}`);
    drawn = rows.length;
  };
  const put = (key: string, text: string, done: boolean) => {
    const before = lines.get(key);
    if (before?.text === text && before.done === done) return;
    lines.set(key, { text, done });
    if (live) draw();
    else stream.write(`${elapsed()}  ${done ? 'done: ' : ''}${text}\n`);
  };
  return { set: (k, t) => put(k, t, false), done: (k, t) => put(k, t, true), end: draw };
}
