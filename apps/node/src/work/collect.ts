// What an aggregator takes in for a round (protocol, section 5, step 6): contributions, verifier messages, and the transcript that all aggregators sign.
import { isNoteKeys, type Opening, type Study } from '@madang/charter';
import { type Conclusion, RoundIntake, readSlip, TWO_SLIPS } from '@madang/study';
import { decodePublicKey, fromBase64, opener, type Refusal, verifyStatement } from '@madang/trust';
import { type Desk, submitOnce } from './desk.ts';
import { finishIfEnded } from './ended.ts';
import { longCipher, storeAggregate } from './long-round.ts';
import { post } from './post.ts';
import { signTranscript } from './transcript.ts';
import { gatherEvidence } from './twins.ts';
import { type Secret, secretPath, verifyKey } from './verification-key.ts';

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

export async function collect(desk: Desk, id: string, study: Study, opening: Opening, round: number): Promise<void> {
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

/** Lets go of the rounds of an opening. */
export function forget(opening: string): void {
  for (const key of intakes.keys()) if (key.startsWith(opening)) intakes.delete(key);
}
