// Beside the data: compute, check against the approved shape, shard, seal, store, send (protocol, section 5, step 5).
import type { Opening, Study } from '@madang/charter';
import {
  digestOf,
  isLong,
  kindOf,
  makeContribution,
  type PublishedRound,
  packFrame,
  packParcel,
  unpackFrame,
  unpackParcel,
} from '@madang/study';
import { dataSource } from '../data/source.ts';
import type { Desk } from './desk.ts';
import { earlierRounds } from './earlier.ts';
import { endedAfter } from './ended.ts';
import { bodyFolder, bodyPieces, chunkPath, longCipher } from './long-round.ts';
import { post, postPieces } from './post.ts';
import { isStopped, queryText } from './steward.ts';

export async function contribute(desk: Desk): Promise<void> {
  for (const [id, study] of Object.entries(desk.state.studies)) {
    const { opening } = study;
    if (opening?.returned && isLong(study.shape)) await forgetBodies(desk, study, opening);
    if (study.stage !== 'open' || !opening?.organisations.includes(desk.config.org)) continue;
    const approval = study.approvals[desk.config.org];
    const stopped = approval?.withdrawn !== undefined || (await isStopped(desk, id));
    const round = currentRound(study);
    if (
      stopped ||
      round === undefined ||
      desk.state.time > opening.contributeUntil ||
      desk.now() > opening.contributeUntil
    )
      continue;
    await contributeOnce(desk, study, opening, round);
  }
}

/** The first round without a transcript, once all rounds before it have their result or will have none. */
export function currentRound(study: Study): number | undefined {
  for (let r = 1; r <= study.rounds; r++) {
    const round = study.opening?.rounds[String(r)];
    if (round?.differ) continue;
    if (!round?.transcript) return r;
    if (!round.result) return undefined;
  }
  return undefined;
}

/** Sealed chunks are of no use once the opening is over, and large. */
async function forgetBodies(desk: Desk, study: Study, opening: Opening): Promise<void> {
  const mark = `contributions/${opening.id}.cleared`;
  if (await desk.memory.json(mark)) return;
  for (let round = 1; round <= study.rounds; round++)
    for (const path of await desk.memory.list(bodyFolder(`contributions/${opening.id}-${round}`)))
      await desk.memory.remove(path);
  await desk.memory.putJson(mark, { at: desk.now() });
}

async function contributeOnce(desk: Desk, study: Study, opening: Opening, round: number): Promise<void> {
  const slot = `contributions/${opening.id}-${round}`;
  if (await desk.memory.json(`${slot}.sent`)) return;
  if (await desk.memory.json(`${slot}.failed`)) return;
  let parcels = await desk.memory.bytes(slot);
  if (!parcels) {
    if (await endedAfter(desk, study, round - 1)) return;
    const text = await queryText(desk, study);
    const earlier = await earlierRounds(desk, study, round);
    if (text === undefined || !earlier) return;
    try {
      // Sharded once, for good: after a restart the same bytes go out again.
      parcels = await desk.memory.once(slot, () => prepare(desk, slot, study, opening, round, text, earlier));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      desk.log(`cannot contribute to "${study.title}", round ${round}: ${why}`);
      await desk.memory.putJson(`${slot}.failed`, { why });
      return;
    }
  }
  const packed = unpackFrame(parcels);
  for (const [aggregator, bytes] of packed) await post(desk, slot, aggregator, `share/${opening.id}/${round}`, bytes);
  if (isLong(study.shape)) {
    const [first, parcel] = packed[0];
    const header = digestOf(unpackParcel(parcel).sealedShare);
    const pieces = bodyPieces(desk, slot, header, study.shape);
    await postPieces(desk, `${slot}.body`, first, `body/${opening.id}/${round}`, pieces);
  }
  await desk.memory.putJson(`${slot}.sent`, { at: desk.now() });
}

async function prepare(
  desk: Desk,
  slot: string,
  study: Study,
  opening: Opening,
  round: number,
  text: string,
  earlier: readonly PublishedRound[],
): Promise<Uint8Array> {
  const kind = kindOf(study.kind, study.version);
  if (!kind) throw new Error(`this node does not know studies of kind ${study.kind} version ${study.version}`);
  const datasets = desk.config.datasets.filter(
    d => study.datasets.includes(d.handle) && opening.datasets.includes(d.handle),
  );
  if (datasets.length !== 1)
    throw new Error(`${datasets.length} of this node's datasets are in the study; exactly one can contribute`);
  const measurement = await kind.contribute(
    kind.parse(text),
    round,
    dataSource(desk.home, datasets[0], desk.config.org),
    earlier,
  );
  const parcels = await makeContribution(
    {
      opening: opening.id,
      round,
      org: desk.config.org,
      shape: study.shape,
      aggregators: study.aggregators.map(org => ({ org, sealKey: study.ready[org].sealKey })),
      measurement,
    },
    await desk.signer('node'),
    { cipher: longCipher, store: (index, chunk) => desk.memory.put(chunkPath(slot, index), chunk) },
  );
  return packFrame(parcels.map((p, i) => [study.aggregators[i], packParcel(p)]));
}
