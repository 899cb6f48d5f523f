// Records of the state that are cheap to change however large: `put` copies a small record, and puts a change of a large one in a thin layer
// over what it shares with the record before, folded in when the layer has grown to about the square root. Read as any record:
// `r[key]`, `key in r`, Object.entries. Traps: order of keys is that of a plain object (integer-like ones first, then as they came), since
// reducers may see it; a spread of a large record copies it whole, so reducers use `put`.

/** Records up to this many keys stay plain. */
const PLAIN_KEYS = 64;

interface Layers<T> {
  readonly base: ReadonlyMap<string, T>;
  readonly recent: ReadonlyMap<string, T>;
}

const layersOf = new WeakMap<object, Layers<unknown>>();

/** A record with one entry put in or replaced; the record given stays as it was. */
export function put<T>(record: Readonly<Record<string, T>>, key: string, value: T): Readonly<Record<string, T>> {
  const layers = layersOf.get(record) as Layers<T> | undefined;
  if (layers) return layered(layers.base, new Map(layers.recent).set(key, value));
  if (Object.keys(record).length < PLAIN_KEYS) return { ...record, [key]: value };
  return layered(new Map(Object.entries(record)), new Map([[key, value]]));
}

function layered<T>(base: ReadonlyMap<string, T>, recent: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  const thin = recent.size ** 2 <= 2 * base.size;
  const layers = thin ? { base, recent } : { base: folded(base, recent), recent: new Map<string, T>() };
  const record = new Proxy({}, reading(layers)) as Readonly<Record<string, T>>;
  layersOf.set(record, layers);
  return record;
}

function folded<T>(base: ReadonlyMap<string, T>, recent: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const all = new Map(base);
  for (const [key, value] of recent) all.set(key, value);
  return all;
}

function reading<T>({ base, recent }: Layers<T>): ProxyHandler<object> {
  const has = (key: string | symbol): key is string => typeof key === 'string' && (recent.has(key) || base.has(key));
  const read = (key: string) => (recent.has(key) ? recent.get(key) : base.get(key));
  return {
    get: (plain, key) => (has(key) ? read(key) : Reflect.get(plain, key)),
    has: (plain, key) => has(key) || Reflect.has(plain, key),
    ownKeys: () => inObjectOrder([...base.keys(), ...[...recent.keys()].filter(k => !base.has(k))]),
    getOwnPropertyDescriptor: (_, key) =>
      has(key) ? { value: read(key), enumerable: true, configurable: true, writable: false } : undefined,
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  };
}

/** As Object.keys of a plain object has them (ECMA-262, OrdinaryOwnPropertyKeys). */
function inObjectOrder(keys: readonly string[]): string[] {
  const indices = keys.filter(isArrayIndex).sort((a, b) => Number(a) - Number(b));
  return indices.length === 0 ? [...keys] : [...indices, ...keys.filter(k => !isArrayIndex(k))];
}

function isArrayIndex(key: string): boolean {
  return /^(0|[1-9][0-9]{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
}
