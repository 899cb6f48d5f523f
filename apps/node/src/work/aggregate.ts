// The aggregator's work (protocol, section 5, steps 3 and 6 to 8, and 10). It acts on final state only, stores before it sends, and draws noise once.
import type { Opening, Study } from '@madang/charter';
import { isNoteKeys, shareCommitment } from '@madang/charter';
import {
  type Conclusion,
  digestOf,
  isLong,
  kindOf,
  noiseShare,
  noiseVariance,
  overCapacity,
  packFrame,
  RoundIntake,
  readerTopic,
  readSlip,
  SECRET_INFO,
  saltShare,
  sealForReader,
  secretAad,
  TWO_SLIPS,
  unfitForReader,
  unpackFrame,
  verificationKey,
} from '@madang/study';
import {
  decodePublicKey,
  fromBase64,
  fromHex,
  generateSealKey,
  open,
  opener,
  type Refusal,
  randomBytes,
  seal,
  toBase64,
  toHex,
  verifyStatement,
} from '@madang/trust';
import { currentRound } from './contribute.ts';
import { type Desk, submitOnce } from './desk.ts';
import { finishIfEnded } from './ended.ts';
import { longCipher, noiseAggregate, publishParts, storeAggregate } from './long-round.ts';
import { endOverdue } from './overdue.ts';
import { post } from './post.ts';
import { signTranscript } from './transcript.ts';
import { gatherEvidence } from './twins.ts';

/** Rounds in progress at this aggregator, by opening and round; rebuilt from the inbox after a restart. */
const intakes = new Map<string, Entry>();

interface Entry {
  readonly intake: RoundIntake;
  /** Messages that were taken in. */
  taken: number;
  /** Letters of this round that have come, and when the last did: patience starts again with each, up to the deadline. */
  letters: number;
  since: number;
  /** Once all verifier messages are here: they do not change any more. */
  conclusion?: Conclusion;
}

export async function aggregate(desk: Desk): Promise<void> {
  if (!desk.has('aggregator')) return;
  for (const [id, study] of Object.entries(desk.state.studies)) {
    if (!study.aggregators.includes(desk.config.org)) continue;
    if (study.stage === 'proposed') await consent(desk, id, study);
    const { opening } = study;
    if (!opening) continue;
    if (study.stage === 'open') {
      await shareSecret(desk, id, study);
      const round = currentRound(study);
      if (round !== undefined) await collect(desk, id, study, opening, round);
      await commitAndReveal(desk, study, opening);
      await endOverdue(desk, id, study, 'aggregator');
    } else {
      if (study.stage === 'finished' || study.stage === 'failed') await commitAndReveal(desk, study, opening);
      await close(desk, id, study, opening);
    }
  }
}

interface Secret {
  readonly sealKey: string;
  readonly part: string;
}

const secretPath = (study: string) => `aggregator/${study}/secret.json`;

/** `round.ready`: a fresh sealing key for this opening and a commitment to our part of the verification key. */
async function consent(desk: Desk, id: string, study: Study): Promise<void> {
  if (study.ready[desk.config.org]) return;
  const owners = new Set(study.datasets.map(d => desk.state.datasets[d]?.org));
  const fault =
    overCapacity(study.shape, owners.size, study.aggregators.length, study.charges) ??
    unfitForReader(study, kindOf(study.kind, study.version) ?? {});
  if (fault) {
    await desk.memory.once(`aggregator/${id}/refused`, () => {
      desk.log(`no part in "${study.title}": ${fault}`);
      return new Uint8Array([1]);
    });
    return;
  }
  let secret = await desk.memory.json<Secret>(secretPath(id));
  if (!secret) {
    secret = { sealKey: toBase64(generateSealKey().secretKey), part: toBase64(randomBytes(32)) };
    await desk.memory.putJson(secretPath(id), secret);
  }
  const { publicKey } = generateSealKey(fromBase64(secret.sealKey));
  const commitment = digestOf(fromBase64(secret.part));
  await submitOnce(
    desk,
    `ready-${id}`,
    'round.ready',
    { study: id, sealKey: toBase64(publicKey), commitment },
    'aggregator',
  );
}

/** Sends our part of the verification key, sealed, to the other aggregators once all are ready. */
async function shareSecret(desk: Desk, id: string, study: Study): Promise<void> {
  const secret = await desk.memory.json<Secret>(secretPath(id));
  if (!secret) return;
  for (const other of study.aggregators) {
    if (other === desk.config.org || !study.ready[other]) continue;
    const sent = `aggregator/${id}/part-sent-${other}`;
    if (await desk.memory.bytes(sent)) continue;
    const sealed = seal(
      fromBase64(study.ready[other].sealKey),
      SECRET_INFO,
      secretAad(id, desk.config.org, other),
      fromBase64(secret.part),
    );
    await desk.hub.sendMail(other, `verify-key/${id}`, sealed);
    await desk.memory.put(sent, new Uint8Array([1]));
  }
}

/** The common verification key, once every aggregator's part has come and matches what it committed to. */
async function verifyKey(desk: Desk, id: string, study: Study, secret: Secret): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  for (const a of study.aggregators) {
    if (a === desk.config.org) {
      parts.push(fromBase64(secret.part));
      continue;
    }
    const part = await receivedPart(desk, id, study, secret, a);
    if (!part) return undefined;
    parts.push(part);
  }
  return verificationKey(id, parts);
}

async function receivedPart(
  desk: Desk,
  id: string,
  study: Study,
  secret: Secret,
  from: string,
): Promise<Uint8Array | undefined> {
  for (const letter of desk.inbox.on(`verify-key/${id}`)) {
    if (letter.sender !== from) continue;
    try {
      const part = open(
        fromBase64(secret.sealKey),
        SECRET_INFO,
        secretAad(id, from, desk.config.org),
        await desk.inbox.read(letter),
      );
      if (digestOf(part) === study.ready[from].commitment) return part;
      desk.log(`the verification key part of ${from} is not what it committed to`);
    } catch {
      desk.log(`the verification key part of ${from} does not open`);
    }
  }
  return undefined;
}

async function collect(desk: Desk, id: string, study: Study, opening: Opening, round: number): Promise<void> {
  const secret = await desk.memory.json<Secret>(secretPath(id));
  if (!secret) return;
  const key = `${opening.id}/${round}`;
  let entry = intakes.get(key);
  if (!entry) {
    const verify = await verifyKey(desk, id, study, secret);
    if (!verify) return;
    const intake = new RoundIntake(
      {
        opening: opening.id,
        round,
        shape: study.shape,
        aggregators: study.aggregators,
        self: desk.config.org,
        organisations: opening.organisations,
        verifyKey: verify,
        cipher: longCipher,
      },
      opener(fromBase64(secret.sealKey)),
    );
    entry = { intake, taken: 0, letters: 0, since: desk.now() };
    intakes.set(key, entry);
  }
  const letters = desk.inbox.on(`share/${key}`).length + desk.inbox.on(`body/${key}`).length;
  if (letters > entry.letters) Object.assign(entry, { letters, since: desk.now() });
  const messages = await desk.inbox.messages(`share/${key}`);
  for (; entry.taken < messages.length; entry.taken += 1) {
    const { sender, read } = messages[entry.taken];
    let parcel: Uint8Array;
    try {
      parcel = await read();
    } catch (error) {
      desk.log(`a message from ${sender} in round ${round}: ${error instanceof Error ? error.message : String(error)}`);
      continue;
    }
    const refusal = entry.intake.take(parcel, (slip, org) => checkSlip(desk, slip, org), read);
    if (refusal)
      desk.log(`a contribution to round ${round} from ${sender} is refused: ${refusal.code}: ${refusal.why}`);
  }
  const bodies = async (header: string, org: string) => desk.inbox.body(`body/${key}`, org, header);
  for (const { code, why } of await entry.intake.takeBodies(bodies))
    desk.log(`a contribution to round ${round} is refused: ${code}: ${why}`);
  await exchange(desk, id, study, opening, round, entry);
}

/** A slip counts under a node key of its organisation that is in force. */
function checkSlip(desk: Desk, bytes: Uint8Array, org: string): Refusal | undefined {
  const { opened } = readSlip(bytes);
  const verdict = verifyStatement(opened, id => {
    const k = desk.state.keys[id];
    const good =
      k &&
      k.org === org &&
      k.use === 'node' &&
      k.ended === undefined &&
      k.until >= desk.state.time &&
      !isNoteKeys(k.key);
    return good ? decodePublicKey(k.key as never) : undefined;
  });
  if (!verdict.ok) return verdict.refusal;
  return verdict.signers.length === 1 ? undefined : { code: 'wrong-signer', why: 'a slip has one signer' };
}

/** Step 6: exchange verifier shares, agree on the set, sign the transcript together. */
async function exchange(
  desk: Desk,
  id: string,
  study: Study,
  opening: Opening,
  round: number,
  entry: Entry,
): Promise<void> {
  const key = `${opening.id}/${round}`;
  const slot = `aggregator/${id}/round-${round}`;
  const patient = desk.now() - entry.since < desk.config.patienceSeconds && desk.now() <= opening.contributeUntil;
  const sent = await desk.memory.bytes(`${slot}-verifier`);
  if (!sent && !entry.intake.complete && patient) return;
  const own = await desk.memory.once(`${slot}-verifier`, () => entry.intake.verifierMessage());
  const messages: Uint8Array[] = [];
  for (const a of study.aggregators) {
    if (a === desk.config.org) {
      messages.push(own);
      continue;
    }
    await post(desk, `${slot}-verifier`, a, `verifier/${key}`, own);
    const letters = (await desk.inbox.messages(`verifier/${key}`)).filter(m => m.sender === a);
    if (letters.length === 0) return;
    if (entry.conclusion) continue;
    messages.push(await letters[0].read());
    if (letters.length > 1)
      desk.log(`${a} sent ${letters.length} different verifier messages for round ${round}; the first counts`);
  }
  if (!entry.conclusion) {
    const conclusion = await entry.intake.conclude(messages);
    // The mark comes last: of a long vector the parts lie beside it.
    if (conclusion.parts) await storeAggregate(desk, slot, conclusion.parts());
    await desk.memory.put(`${slot}-aggregate`, conclusion.aggregate);
    entry.conclusion = conclusion;
  }
  const { conclusion } = entry;
  const counted = conclusion.organisations.filter(o => !study.aggregators.includes(o)).length;
  if (counted < study.minimum) {
    // Nobody sends anything once the question is answered; the proposer was to say so.
    if (await finishIfEnded(desk, study, round - 1, 'aggregator')) return;
    const why = `round ${round}: ${counted} organisations contributed, the study needs ${study.minimum}`;
    await submitOnce(desk, `fail-${id}`, 'study.fail', { study: id, code: 'too-few-contributors', why }, 'aggregator');
    return;
  }
  const twice = conclusion.rejected.filter(r => r.reason === TWO_SLIPS).map(r => r.org);
  const ref = { opening: opening.id, round };
  const evidence = await gatherEvidence(desk, study, ref, slot, entry.intake, twice);
  if (evidence) await signTranscript(desk, id, study, opening.id, round, conclusion, evidence);
}

/** Steps 7 and 8: noise and commitment once the transcript is final; the reveal once all commitments are final. */
async function commitAndReveal(desk: Desk, study: Study, opening: Opening): Promise<void> {
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

/** Step 10: erase keys and shares, then say so and name the rounds that were never committed. */
async function close(desk: Desk, id: string, study: Study, opening: Opening): Promise<void> {
  if (opening.closedBy.includes(desk.config.org)) return;
  for (const round of Object.values(opening.rounds)) if (round.spent && !round.reveals[desk.config.org]) return;
  const uncommitted: number[] = [];
  for (let r = 1; r <= study.rounds; r++) if (!opening.rounds[String(r)]?.commits[desk.config.org]) uncommitted.push(r);
  await desk.memory.remove(secretPath(id));
  for (const path of await desk.memory.list(`aggregator/${id}/`)) await desk.memory.remove(path);
  await desk.inbox.erase(opening.id);
  for (const key of intakes.keys()) if (key.startsWith(opening.id)) intakes.delete(key);
  await submitOnce(desk, `close-${opening.id}`, 'round.close', { opening: opening.id, uncommitted }, 'aggregator');
}
