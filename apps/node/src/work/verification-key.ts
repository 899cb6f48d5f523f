// The aggregator's readiness (protocol, section 5, step 3): a sealing key for this opening, and a verification key that no one of them can choose.
import type { Study } from '@madang/charter';
import { digestOf, kindOf, overCapacity, SECRET_INFO, secretAad, unfitForReader, verificationKey } from '@madang/study';
import { fromBase64, generateSealKey, open, randomBytes, seal, toBase64 } from '@madang/trust';
import { type Desk, submitOnce } from './desk.ts';

export interface Secret {
  readonly sealKey: string;
  readonly part: string;
}

/** Where the secret of a study lies until the study is closed. */
export const secretPath = (study: string) => `aggregator/${study}/secret.json`;

/** `round.ready`: a fresh sealing key for this opening and a commitment to our part of the verification key. */
export async function consent(desk: Desk, id: string, study: Study): Promise<void> {
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
export async function shareSecret(desk: Desk, id: string, study: Study): Promise<void> {
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
export async function verifyKey(desk: Desk, id: string, study: Study, secret: Secret): Promise<Uint8Array | undefined> {
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
