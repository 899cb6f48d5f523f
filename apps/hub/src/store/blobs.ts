// Content-addressed blobs in a folder, each under its SHA-256. The folder's store writes them whole and syncs file and folder, so that a name that is there
// stands for its bytes, also after a power cut; a disk without room leaves nothing behind and is called by its name.
import { sha256, toHex } from '@madang/trust';
import { folderStore } from '@madang/trust/folder';

export interface Blobs {
  /** Stores and returns the digest; the bytes are on disk when this resolves. Rejects with `disk-full`, `store-failed`. */
  put(bytes: Uint8Array): Promise<string>;
  get(digest: string): Promise<Uint8Array | undefined>;
  remove(digest: string): Promise<void>;
}

/** The folder is made when the first blob comes; half-written files of an earlier run are removed here. */
export async function folderBlobs(folder: string): Promise<Blobs> {
  const store = folderStore(folder);
  await store.tidy?.();
  const path = (digest: string) => `${digest.slice(0, 2)}/${digest}`;
  return {
    async put(bytes) {
      const digest = toHex(sha256(bytes));
      await store.write(path(digest), bytes);
      return digest;
    },
    get: digest => store.read(path(digest)),
    remove: digest => store.remove(path(digest)),
  };
}
