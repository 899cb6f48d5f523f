// A map of equal tiles: each European country where a reader looks for it, as large as any other, so that Malta is seen as well as France. The tile says
// by arrow and shade which way the forecast goes. Places without a tile are left to the cards below; with too many of them there is no map.
import { html, type Markup } from '../html/html.ts';
import { placeName } from '../html/words.ts';
import { WAYS, type Way } from './way.ts';

export interface Tile {
  readonly place: string;
  readonly way: Way;
  /** Where a click leads; by keyboard the cards below lead there. */
  readonly address: string;
}

/** Column and row of each tile (one table; nations of the United Kingdom in place of the whole). */
const AT: Readonly<Record<string, readonly [column: number, row: number]>> = {
  IS: [0, 0],
  NO: [5, 0],
  SE: [6, 0],
  FI: [7, 0],
  'GB-NIR': [1, 1],
  'GB-SCT': [2, 1],
  DK: [5, 1],
  EE: [8, 1],
  IE: [0, 2],
  'GB-WLS': [1, 2],
  'GB-ENG': [2, 2],
  GB: [2, 2],
  UK: [2, 2],
  NL: [4, 2],
  DE: [5, 2],
  PL: [6, 2],
  LT: [7, 2],
  LV: [8, 2],
  BE: [3, 3],
  LU: [4, 3],
  LI: [5, 3],
  CZ: [6, 3],
  SK: [7, 3],
  UA: [8, 3],
  PT: [1, 4],
  FR: [3, 4],
  CH: [4, 4],
  AT: [5, 4],
  HU: [6, 4],
  RO: [7, 4],
  MD: [8, 4],
  ES: [2, 5],
  IT: [4, 5],
  SI: [5, 5],
  HR: [6, 5],
  RS: [7, 5],
  BG: [8, 5],
  BA: [5, 6],
  ME: [6, 6],
  MK: [7, 6],
  TR: [9, 6],
  MT: [4, 6],
  AL: [6, 7],
  GR: [7, 7],
  EL: [7, 7],
  CY: [9, 7],
};
const SIDE = 46;
const GAP = 4;

/** Undefined when fewer than two thirds of the places have a tile. */
export function drawTileMap(tiles: readonly Tile[]): Markup | undefined {
  const known = tiles.filter(t => Object.hasOwn(AT, t.place));
  if (known.length === 0 || known.length * 3 < tiles.length * 2) return undefined;
  const columns = known.map(t => AT[t.place][0]);
  const rows = known.map(t => AT[t.place][1]);
  const [left, top] = [Math.min(...columns), Math.min(...rows)];
  const size = (values: readonly number[], least: number) => (Math.max(...values) - least + 1) * (SIDE + GAP) - GAP;
  const names = (...ways: readonly Way[]) => known.filter(t => ways.includes(t.way)).map(t => placeName(t.place));
  const part = (word: string, list: readonly string[]) => (list.length > 0 ? `${word}: ${list.join(', ')}. ` : '');
  const label = `Map of tiles. ${part('Rising', names('up', 'up2'))}${part('Level', names('level'))}${part('Falling', names('down', 'down2'))}`;
  return html`<svg class="tiles" viewBox="-1 -1 ${size(columns, left) + 2} ${size(rows, top) + 2}" role="img" aria-label="${label}">${known.map(
    t => {
      const [x, y] = [(AT[t.place][0] - left) * (SIDE + GAP), (AT[t.place][1] - top) * (SIDE + GAP)];
      return html`<a class="${t.way}" href="${t.address}" tabindex="-1"><title>${placeName(t.place)}: ${WAYS[t.way].word}</title><rect x="${x}" y="${y}" width="${SIDE}" height="${SIDE}" rx="5"/><text x="${x + SIDE / 2}" y="${y + 19}">${t.place.replace(/^GB-/, '')}</text><text class="way" x="${x + SIDE / 2}" y="${y + 37}">${WAYS[t.way].arrow}</text></a>`;
    },
  )}</svg>`;
}
