// A map of equal tiles: each country or state where a reader looks for it, as large as any other, so that Malta is seen as well as France. The tile says
// by arrow and shade which way the forecast goes, and by a ring that a week will probably be unusually high. Places that no table knows lie in the order of their codes.
import { html, type Markup } from '../html/html.ts';
import { placeCode, placeName } from '../html/words.ts';
import { COLUMNS_OF_OTHERS, EUROPE, STATES } from './tile-places.ts';
import { WAYS, type Way } from './way.ts';

export interface Tile {
  readonly place: string;
  /** Undefined where there is no forecast of the map's day. */
  readonly way?: Way;
  /** True when an unusually high week is more likely than not. */
  readonly warned?: boolean;
  /** Where a click leads; by keyboard the cards below lead there. */
  readonly address: string;
}

const SIDE = 46;
const GAP = 4;

export interface TileMap {
  readonly picture: Markup;
  /** False when the tiles lie in the order of their codes, because too few of the places are on a map that we have. */
  readonly geographic: boolean;
}

/** Undefined without places. */
export function drawTileMap(tiles: readonly Tile[]): TileMap | undefined {
  if (tiles.length === 0) return undefined;
  const table = [EUROPE, STATES].find(t => tiles.filter(x => Object.hasOwn(t, x.place)).length * 3 >= tiles.length * 2);
  const known = table
    ? tiles.filter(t => Object.hasOwn(table, t.place))
    : [...tiles].sort((a, b) => (a.place < b.place ? -1 : 1));
  const at = known.map(
    (t, i) => table?.[t.place] ?? ([i % COLUMNS_OF_OTHERS, Math.floor(i / COLUMNS_OF_OTHERS)] as const),
  );
  const [left, top] = [Math.min(...at.map(p => p[0])), Math.min(...at.map(p => p[1]))];
  const size = (k: 0 | 1, least: number) => (Math.max(...at.map(p => p[k])) - least + 1) * (SIDE + GAP) - GAP;
  const names = (...ways: readonly Way[]) =>
    known.filter(t => t.way !== undefined && ways.includes(t.way)).map(t => placeName(t.place));
  const part = (word: string, list: readonly string[]) => (list.length > 0 ? `${word}: ${list.join(', ')}. ` : '');
  const warned = part(
    'An unusually high week is more likely than not',
    known.filter(t => t.warned).map(t => placeName(t.place)),
  );
  const absent = known.filter(t => t.way === undefined).map(t => placeName(t.place));
  const label = `Map of tiles. ${part('Rising', names('up', 'up2'))}${part('Level', names('level'))}${part('Falling', names('down', 'down2'))}${warned}${part('No forecast of this day', absent)}`;
  const picture = html`<svg class="tiles" viewBox="-2 -2 ${size(0, left) + 4} ${size(1, top) + 4}" role="group" aria-label="${label}">${known.map(
    (t, i) => {
      const [x, y] = [(at[i][0] - left) * (SIDE + GAP), (at[i][1] - top) * (SIDE + GAP)];
      return html`<a class="${t.way ?? 'absent'}${t.warned && ' warned'}" href="${t.address}" tabindex="-1"><title>${placeName(t.place)}: ${t.way ? WAYS[t.way].word : 'no forecast of this day'}${t.warned && ', an unusually high week is more likely than not'}</title><rect x="${x}" y="${y}" width="${SIDE}" height="${SIDE}" rx="5"/><text x="${x + SIDE / 2}" y="${y + 19}">${placeCode(t.place)}</text><text class="way" x="${x + SIDE / 2}" y="${y + 37}">${t.way ? WAYS[t.way].arrow : '·'}</text></a>`;
    },
  )}</svg>`;
  return { picture, geographic: table !== undefined };
}
