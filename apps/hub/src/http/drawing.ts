// How pages leave the hub: drawn once for each state of the log, compressed off the main thread, under a policy that lets them load nothing from elsewhere.
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { drawNotFound, FIELDS, type Site, SLIDERS } from '@madang/web';
import type { Context } from 'hono';
import type { Hub } from '../hub.ts';

export const GUARDS = {
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};
const KEPT_PAGES = 200;
/** Everything in an address's query that any page depends on. */
const PARAMETERS = [
  'as-of',
  'before',
  'kind',
  'station',
  'with',
  ...SLIDERS.map(s => s.key),
  ...FIELDS.map(f => f.key),
];
const [brotli, gzipped] = [promisify(brotliCompress), promisify(gzip)];

export type Draw = (site: Site) => Promise<string | undefined>;
export type Show = (c: Context, draw: Draw, what?: string) => Promise<Response>;

/**
 * Draws a page, or keeps the one drawn from the same log; an address that names nothing gets a page that says so. `also` is part of what a drawing
 * rests on beside the log.
 */
export function drawing(hub: Hub, site: () => Promise<Site>, also: () => string = () => ''): Show {
  const kept = new Map<string, { at: string; response: Response }>();
  return async (c, draw, what = 'page') => {
    const encoding = encodingOf(c);
    const url = new URL(c.req.url);
    // Only what a page looks at tells one drawing from another.
    const asked = PARAMETERS.map(p => url.searchParams.get(p) ?? '').join('&');
    const key = `${encoding} ${url.pathname} ${asked} ${url.pathname === '/' ? regionsOf(c) : ''}`;
    const at = `${hub.log.published?.size}/${hub.finality.final?.size}/${also()}`;
    const same = kept.get(key);
    if (same?.at === at && url.pathname !== '/status') return same.response.clone();
    const s = await site();
    const text = await draw(s);
    if (text === undefined) return send(c, drawNotFound(s, what), 'text/html; charset=utf-8', 404);
    const response = await send(c, text, 'text/html; charset=utf-8');
    kept.delete(key);
    kept.set(key, { at, response: response.clone() });
    if (kept.size > KEPT_PAGES) kept.delete(kept.keys().next().value!);
    return response;
  };
}

/** Regions of the reader's languages, `FR` out of `fr-FR,fr;q=0.9`; at most four. */
export function regionsOf(c: Context): string[] {
  const header = (c.req.header('accept-language') ?? '').slice(0, 200);
  return [...new Set([...header.matchAll(/\b[a-z]{2,3}-([A-Z]{2})\b/g)].map(m => m[1]))].slice(0, 4);
}

export function encodingOf(c: Context): 'br' | 'gzip' | undefined {
  const accepts = c.req.header('accept-encoding') ?? '';
  return /\bbr\b/.test(accepts) ? 'br' : /\bgzip\b/.test(accepts) ? 'gzip' : undefined;
}

export async function send(
  c: Context,
  text: string,
  type: string,
  status = 200,
  more: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const encoding = encodingOf(c);
  const bytes = new TextEncoder().encode(text);
  const body =
    encoding === 'br'
      ? await brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
      : encoding === 'gzip'
        ? await gzipped(bytes)
        : bytes;
  return new Response(body as BodyInit, {
    status,
    headers: {
      ...GUARDS,
      'content-type': type,
      'cache-control': 'no-cache',
      vary: 'accept-encoding, accept-language',
      ...(encoding ? { 'content-encoding': encoding } : {}),
      ...more,
    },
  });
}

export const sendCsv = (c: Context, text: string): Promise<Response> => send(c, text, 'text/csv; charset=utf-8');
export const sendJson = (c: Context, value: unknown): Promise<Response> =>
  send(c, JSON.stringify(value), 'application/json');

/** Lets requests that wait have their turn between parts of a long piece of work. */
export const breathe = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
