// What a node remembers between steps, so that nothing is drawn twice: written whole and synced before anything is sent (protocol, section 7).

import type { BlobStore } from '@madang/trust';
import { fromUtf8, utf8 } from '@madang/trust';
import { folderStore } from '@madang/trust/folder';

export interface Memory {
  bytes(path: string): Promise<Uint8Array | undefined>;
  /** Keeps the bytes and returns them; when some are there already, those are returned and nothing changes. */
  once(path: string, make: () => Promise<Uint8Array> | Uint8Array): Promise<Uint8Array>;
  put(path: string, bytes: Uint8Array): Promise<void>;
  json<T>(path: string): Promise<T | undefined>;
  /** The same of a file that a person leaves here and may change, by hand or by `madang node`: read from the disk each time. */
  left<T>(path: string): Promise<T | undefined>;
  putJson(path: string, value: unknown): Promise<void>;
  list(prefix: string): Promise<string[]>;
  remove(path: string): Promise<void>;
  readonly store: BlobStore;
}

export function folderMemory(folder: string): Memory {
  const store = folderStore(folder);
  const cache = new Map<string, Uint8Array>();
  const read = async (path: string) => {
    const known = cache.get(path);
    if (known) return known;
    const bytes = await store.read(path);
    if (bytes && bytes.length < 4096) cache.set(path, bytes);
    return bytes;
  };
  const put = async (path: string, bytes: Uint8Array) => {
    await store.write(path, bytes);
    if (bytes.length < 4096) cache.set(path, bytes);
    else cache.delete(path);
  };
  return {
    store,
    bytes: read,
    put,
    async once(path, make) {
      const before = await read(path);
      if (before) return before;
      const bytes = await make();
      await put(path, bytes);
      return bytes;
    },
    json: async <T>(path: string) => parse<T>(await read(path)),
    left: async <T>(path: string) => parse<T>(await store.read(path)),
    putJson: (path, value) => put(path, utf8(JSON.stringify(value))),
    list: prefix => store.list(prefix),
    async remove(path) {
      cache.delete(path);
      await store.remove(path);
    },
  };
}

function parse<T>(bytes: Uint8Array | undefined): T | undefined {
  return bytes ? (JSON.parse(fromUtf8(bytes)) as T) : undefined;
}
