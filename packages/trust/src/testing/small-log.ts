// A log for tests: its keys, how it is opened, and entries that say their number.
import { utf8 } from '../bytes/bytes.ts';
import { noteKeysFromSeed } from '../checkpoint/signer.ts';
import { openLog } from '../log/log.ts';
import type { BlobStore } from '../store/store.ts';

export const origin = 'demo/log';
export const signer = noteKeysFromSeed(origin, 'log', new Uint8Array(32).fill(1));
export const open = (store: BlobStore) => openLog({ store, origin, signer });
export const entry = (i: number) => utf8(`entry number ${i}`);
export const entries = (count: number, from = 0) => Array.from({ length: count }, (_, i) => entry(from + i));
