// The end of step 6 (protocol, section 5): the aggregators sign one transcript, one after the other. When their views differ, both transcripts are shown
// to everybody (round.differ), and the round has no result.
import type { Study } from '@madang/charter';
import { type Conclusion, digestOf, kindOf, readTranscript } from '@madang/study';
import { type Opened, openStatement, signStatement, writeEnvelope } from '@madang/trust';
import { type Desk, signNow, submitOnce, submitStored } from './desk.ts';

function transcriptBody(opening: string, round: number, c: Conclusion, evidence: ReadonlyMap<string, Uint8Array>) {
  return {
    opening,
    round,
    organisations: [...c.organisations],
    rejected: c.rejected.slice(0, 200).map(r => {
      const slips = evidence.get(r.org);
      return { ...(slips ? { evidence: digestOf(slips) } : {}), org: r.org, reason: r.reason.slice(0, 64) };
    }),
    slips: digestOf(c.slips),
    verifier: c.verifierDigest,
  };
}

/** The first aggregator of the study writes and signs; each next one compares with its own view and signs the same text; the last submits. */
export async function signTranscript(
  desk: Desk,
  id: string,
  study: Study,
  opening: string,
  round: number,
  c: Conclusion,
  evidence: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const key = `${opening}/${round}`;
  const slot = `transcript-${id}-${round}`;
  const place = study.aggregators.indexOf(desk.config.org);
  const last = place === study.aggregators.length - 1;
  const body = transcriptBody(opening, round, c, evidence);
  let envelope = await desk.memory.bytes(`sent/${slot}`);
  if (!envelope) {
    if (place === 0) envelope = await signNow(desk, 'round.transcript', body, [await desk.signer('aggregator')]);
    else {
      const theirs = await receivedTranscript(desk, study, opening, round);
      if (!theirs) return;
      if (JSON.stringify(sortedBody(theirs.body)) !== JSON.stringify(sortedBody(body))) {
        await showBoth(desk, id, study, opening, round, theirs.bytes, body);
        return;
      }
      const ours = openStatement(await signSame(desk, theirs));
      envelope = writeEnvelope(theirs.payloadBytes, [...theirs.signatures, ...ours.signatures]);
    }
    await desk.memory.put(`sent/${slot}`, envelope);
  }
  if (last) {
    if (await desk.memory.json(`sent/${slot}.receipt`)) return;
    await desk.hub.putBlob(c.slips);
    for (const slips of evidence.values()) await desk.hub.putBlob(slips);
    await submitStored(desk, slot, envelope);
  } else if (!(await desk.memory.bytes(`${slot}-passed-on`))) {
    await desk.hub.sendMail(study.aggregators[place + 1], `transcript/${key}`, envelope);
    await desk.memory.put(`${slot}-passed-on`, new Uint8Array([1]));
  }
}

/** The transcript that the aggregators before us signed, all of them; what else a letter may hold is no transcript. */
async function receivedTranscript(
  desk: Desk,
  study: Study,
  opening: string,
  round: number,
): Promise<Opened | undefined> {
  const before = study.aggregators.slice(0, study.aggregators.indexOf(desk.config.org));
  for (const letter of desk.inbox.on(`transcript/${opening}/${round}`)) {
    if (letter.sender !== before.at(-1)) continue;
    const read = readTranscript(await desk.inbox.read(letter), desk.state, opening, round);
    if (
      typeof read !== 'string' &&
      before.every((org, i) => read.signers[i] === org) &&
      read.signers.length === before.length
    )
      return read.opened;
    await desk.memory.once(`transcript-${opening}-${round}-bad-${letter.seq}`, () => {
      desk.log(
        `round ${round}: ${letter.sender} sent a transcript that does not count: ${typeof read === 'string' ? read : 'not every aggregator before us signed it'}`,
      );
      return new Uint8Array([1]);
    });
  }
  return undefined;
}

/** Publishes both transcripts: the round has no result, and everybody can see whose views differ. What builds on every round ends with it. */
async function showBoth(
  desk: Desk,
  id: string,
  study: Study,
  opening: string,
  round: number,
  theirs: Uint8Array,
  body: ReturnType<typeof transcriptBody>,
): Promise<void> {
  const ours = await desk.memory.once(`transcript-${id}-${round}-ours`, async () =>
    signNow(desk, 'round.transcript', body, [await desk.signer('aggregator')]),
  );
  const shown = { opening, round, theirs: await desk.hub.putBlob(theirs), ours: await desk.hub.putBlob(ours) };
  await submitOnce(desk, `differ-${opening}-${round}`, 'round.differ', shown, 'aggregator');
  if (!kindOf(study.kind, study.version)?.buildsOnEarlier) return;
  const why = `the transcripts of round ${round} differ, and later rounds build on its result`;
  await submitOnce(desk, `fail-${id}`, 'study.fail', { study: id, code: 'transcripts-differ', why }, 'aggregator');
}

/** Our signature on exactly the payload that the other aggregator signed. */
async function signSame(desk: Desk, theirs: ReturnType<typeof openStatement>): Promise<Uint8Array> {
  return signStatement(theirs.payload, [await desk.signer('aggregator')]);
}

function sortedBody(body: object): object {
  return Object.fromEntries(Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1)));
}
