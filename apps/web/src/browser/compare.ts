// Compares the root that this page starts from with one that the reader got elsewhere: eight words, or the founding statement's id.

export function compareRoot(form: HTMLFormElement): void {
  const { root = '', words = '' } = form.dataset;
  const said = form.querySelector<HTMLElement>('[data-part=compared]');
  const input = form.querySelector<HTMLInputElement>('input');
  if (!said || !input) return;
  form.addEventListener('submit', event => {
    event.preventDefault();
    said.textContent = verdictOf(input.value, root, words);
  });
}

/** What to say about a pasted root. */
export function verdictOf(pasted: string, root: string, words: string): string {
  const given = pasted
    .trim()
    .toLowerCase()
    .split(/[\s,;-]+/)
    .filter(w => w !== '');
  if (given.length === 0) return 'Give eight words or 64 hexadecimal digits.';
  if (given.length === 1 && /^[0-9a-f]{64}$/.test(given[0]))
    return given[0] === root
      ? 'The same root.'
      : 'Another root. This hub serves a different log from the one you know.';
  if (given.length !== 8)
    return `That is ${given.length} ${given.length === 1 ? 'word' : 'words'}; a fingerprint has eight, an id 64 hexadecimal digits.`;
  const here = words.split(' ');
  const differs = given.findIndex((w, i) => w !== here[i]);
  if (differs < 0) return 'The same root, all eight words.';
  return `Another root: word ${differs + 1} is “${given[differs]}” in yours and “${here[differs]}” here. This hub serves a different log from the one you know.`;
}
