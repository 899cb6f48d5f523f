// The season replayed: a slider (with buttons and keys) fetches server-drawn frames of the same page and puts its state into the address.

const FRAME_MS = 550;

export function replay(box: HTMLElement): void {
  const { base } = box.dataset;
  const slider = box.querySelector<HTMLInputElement>('input[type=range]');
  const frame = box.querySelector<HTMLElement>('[data-part=frame]');
  const output = box.querySelector<HTMLElement>('[data-part=deadline]');
  const play = box.querySelector<HTMLButtonElement>('[data-act=play]');
  if (!base || !slider || !frame || !output || !play) return;
  const dates = (slider.dataset['dates'] ?? '').split(' ');
  const frames = new Map<number, Promise<string>>();
  const long = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  let timer: number | undefined;
  let playing = false;
  let asked = -1;
  let drawn = Number(slider.value);

  const load = (i: number): Promise<string> => {
    let text = frames.get(i);
    if (!text) {
      text = fetch(`${base}?as-of=${dates[i]}&frame`).then(r => {
        if (!r.ok) throw new Error(String(r.status));
        return r.text();
      });
      frames.set(i, text);
      text.catch(() => frames.delete(i));
    }
    return text;
  };
  const name = (i: number) => long.format(new Date(`${dates[i]}T00:00:00Z`));

  /** What the controls say, which runs ahead of the picture on a slow network. */
  function point(i: number): void {
    slider!.value = String(i);
    slider!.setAttribute('aria-valuetext', name(i));
    output!.textContent = `${name(i)}, ${i + 1} of ${dates.length}`;
    step('back', i - 1);
    step('on', i + 1);
  }

  async function go(i: number): Promise<void> {
    asked = i;
    point(i);
    if (i !== drawn) frame!.setAttribute('aria-busy', 'true');
    try {
      const text = await load(i);
      // A later move of the slider has overtaken this one.
      if (asked !== i) return;
      drawn = i;
      frame!.removeAttribute('aria-busy');
      // What the reader has opened stays open, by its summary.
      const name = (d: HTMLDetailsElement) => d.querySelector('summary')?.textContent;
      const open = [...frame!.querySelectorAll('details')].filter(d => d.open).map(name);
      frame!.innerHTML = text;
      for (const d of frame!.querySelectorAll('details')) d.open = open.includes(name(d));
      retarget(frame!.querySelector<HTMLElement>('[data-entry]')?.dataset['entry']);
      history.replaceState(null, '', `${base}?as-of=${dates[i]}`);
      if (i + 1 < dates.length) void load(i + 1);
    } catch {
      if (asked !== i) return;
      stop();
      frame!.removeAttribute('aria-busy');
      point(drawn);
      output!.textContent = `The hub does not answer; shown is ${name(drawn)}`;
    }
  }

  function step(act: string, i: number): void {
    const link = box.querySelector<HTMLAnchorElement>(`[data-act=${act}]`)!;
    if (i < 0 || i >= dates.length) {
      link.removeAttribute('href');
      link.setAttribute('aria-disabled', 'true');
    } else {
      link.href = `${base}?as-of=${dates[i]}`;
      link.removeAttribute('aria-disabled');
    }
  }

  function stop(): void {
    window.clearTimeout(timer);
    playing = false;
    play!.textContent = 'Play';
  }

  /** Each frame is shown before the next is asked for, however slow the network is. */
  async function run(i: number): Promise<void> {
    await go(i);
    // Stopped, or somebody else has moved on.
    if (!playing || asked !== i) return;
    if (i + 1 >= dates.length) return stop();
    timer = window.setTimeout(() => void run(i + 1), FRAME_MS);
  }

  const current = () => Number(slider.value);
  slider.addEventListener('input', () => {
    stop();
    void go(current());
  });
  for (const [act, by] of [
    ['back', -1],
    ['on', 1],
  ] as const) {
    box.querySelector(`[data-act=${act}]`)!.addEventListener('click', event => {
      event.preventDefault();
      stop();
      const to = current() + by;
      if (to >= 0 && to < dates.length) void go(to);
    });
  }
  play.addEventListener('click', () => {
    if (playing) return stop();
    playing = true;
    play.textContent = 'Stop';
    void run(current() + 1 < dates.length ? current() + 1 : 0);
  });
  play.hidden = false;
  slider.parentElement!.hidden = false;
}

/** The panel of the page checks the forecast that is shown. */
function retarget(entry: string | undefined): void {
  const button = document.querySelector<HTMLButtonElement>('.verify button[data-act=item]');
  if (!button || entry === undefined || button.dataset['entry'] === entry) return;
  const panel = button.closest('.verify')!;
  for (const link of panel.querySelectorAll<HTMLAnchorElement>('a[download]'))
    link.href = link.href.replace(/\/log\/\d+\//, `/log/${entry}/`);
  for (const text of panel.querySelectorAll('[data-part=entry]')) text.textContent = entry;
  button.dataset['entry'] = entry;
  button.textContent = `Check entry ${entry}`;
}
