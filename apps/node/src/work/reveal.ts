// Noise, commitment and reveal of an aggregator (protocol, section 5, steps 7 and 8): stored before anything is sent, and drawn once.
import { type Opening, type Study, shareCommitment } from '@madang/charter';
import {
  digestOf,
  isLong,
  noiseShare,
  noiseVariance,
  packFrame,
  readerTopic,
  saltShare,
  sealForReader,
  unpackFrame,
} from '@madang/study';
import { fromHex, randomBytes, toHex } from '@madang/trust';
import { type Desk, submitOnce } from './desk.ts';
import { noiseAggregate, publishParts } from './long-round.ts';
import { post } from './post.ts';

/** Steps 7 and 8: noise and commitment once the transcript is final; the reveal once all commitments are final. */
export async function commitAndReveal(desk: Desk, study: Study, opening: Opening): Promise<void> {
  const id = desk.state.openings[opening.id];
  for (const [number, round] of Object.entries(opening.rounds)) {
    if (!round.transcript || round.reveals[desk.config.org]) continue;
    const slot = `aggregator/${id}/round-${number}`;
    if (!round.commits[desk.config.org] && study.stage === 'open') {
      const aggregateShare = await desk.memory.bytes(`${slot}-aggregate`);
      if (!aggregateShare) continue;
      // Share and blind are drawn once and kept together: another draw would let a reader average the noise away.
      const stored = await desk.memory.once(`${slot}-noised`, async () => {
        const { share, blind } = isLong(study.shape)
          ? { share: await noiseAggregate(desk, slot, study), blind: randomBytes(32) }
          : noiseShare(study.shape, study.aggregators.length, aggregateShare, noiseVariance(study));
        return packFrame([
          ['share', study.collector === 'public' ? share : saltShare(share)],
          ['blind', blind],
        ]);
      });
      const { share, blind } = readNoised(stored);
      const commitment = shareCommitment(toHex(blind), digestOf(share));
      const body = { opening: opening.id, round: Number(number), transcript: round.transcript.id, commitment };
      await submitOnce(desk, `commit-${opening.id}-${number}`, 'round.commit', body, 'aggregator');
    } else if (round.spent) {
      const stored = await desk.memory.bytes(`${slot}-noised`);
      if (!stored) continue;
      const { share, blind } = readNoised(stored);
      if (await desk.memory.json(`sent/reveal-${opening.id}-${number}.receipt`)) continue;
      if (study.collector === 'public') {
        if (isLong(study.shape)) await publishParts(desk, slot, study, share);
        await desk.hub.putBlob(share);
      } else {
        const ref = { opening: opening.id, round: Number(number) };
        const sealed = await desk.memory.once(`${slot}-sealed`, () =>
          sealForReader(study.replyKey, ref, desk.config.org, share),
        );
        await post(desk, `${slot}-sealed`, study.collector, readerTopic(ref), sealed);
      }
      const body = { opening: opening.id, round: Number(number), blind: toHex(blind), share: digestOf(share) };
      await submitOnce(desk, `reveal-${opening.id}-${number}`, 'round.reveal', body, 'aggregator');
    }
  }
}

function readNoised(bytes: Uint8Array): { share: Uint8Array; blind: Uint8Array } {
  const parts = new Map(unpackFrame(bytes));
  return { share: parts.get('share')!, blind: parts.get('blind') ?? fromHex('') };
}
