// A round whose vectors are too long for one blob, at the node and at the aggregator: everything lies on disk in parts and one part is in memory at a time.
import * as nodeCrypto from 'node:crypto';
import type { Shape, Study } from '@madang/charter';
import { nodeBody, nodeMask } from '@madang/privacy';
import {
  digestOf,
  type LongCipher,
  noisePart,
  noiseVariance,
  packManifest,
  packPiece,
  partCount,
  readManifest,
} from '@madang/study';
import { fromHex } from '@madang/trust';
import type { Desk } from './desk.ts';

export const longCipher: LongCipher = { mask: nodeMask(nodeCrypto), body: nodeBody(nodeCrypto) };

const partPath = (slot: string, what: 'aggregate' | 'noised', part: number) => `${slot}-${what}-parts/${part}`;

/** Writes an aggregator's share of the sum. The same bytes again after a restart: they follow from what was taken in. */
export async function storeAggregate(desk: Desk, slot: string, parts: AsyncIterable<Uint8Array>): Promise<void> {
  let part = 0;
  for await (const bytes of parts) {
    await desk.memory.put(partPath(slot, 'aggregate', part), bytes);
    part += 1;
  }
}

/** Adds this aggregator's noise, drawn once for each part and kept; the manifest of the noised parts. */
export async function noiseAggregate(desk: Desk, slot: string, study: Study): Promise<Uint8Array> {
  const digests: string[] = [];
  for (let part = 0; part < partCount(study.shape); part++) {
    const noised = await desk.memory.once(partPath(slot, 'noised', part), async () => {
      const bytes = await stored(desk, partPath(slot, 'aggregate', part));
      return noisePart(study.shape, study.aggregators.length, bytes, noiseVariance(study), longCipher);
    });
    digests.push(digestOf(noised));
  }
  return packManifest(digests);
}

/** Publishes the noised parts, from the first that the hub has not taken; then the manifest may be revealed. */
export async function publishParts(desk: Desk, slot: string, study: Study, manifest: Uint8Array): Promise<void> {
  const digests = readManifest(manifest, partCount(study.shape)) ?? [];
  const mark = `${slot}-published`;
  const before = (await desk.memory.json<{ parts: number }>(mark))?.parts ?? 0;
  for (let part = before; part < digests.length; part++) {
    const digest = await desk.hub.putBlob(await stored(desk, partPath(slot, 'noised', part)));
    if (digest !== digests[part]) throw new Error(`part ${part} of our share is not the one that was committed to`);
    await desk.memory.putJson(mark, { parts: part + 1 });
  }
}

/** Where a contributor keeps the sealed chunks of one body until the opening is over. */
export const bodyFolder = (slot: string) => `${slot}.body/`;
export const chunkPath = (slot: string, index: number) => `${bodyFolder(slot)}${index}`;

/** The body as mail, one piece a chunk; `header`: digest of the body's header, by which the receiver finds them. */
export async function* bodyPieces(desk: Desk, slot: string, header: string, shape: Shape): AsyncGenerator<Uint8Array> {
  const count = partCount(shape);
  for (let index = 0; index < count; index++)
    yield packPiece(fromHex(header), index, count, await stored(desk, chunkPath(slot, index)));
}

async function stored(desk: Desk, path: string): Promise<Uint8Array> {
  const bytes = await desk.memory.bytes(path);
  if (!bytes) throw new Error(`${path} is not on disk any more`);
  return bytes;
}
