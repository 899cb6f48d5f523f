// A register from key to audit, signed by its parties; then every way to tamper with it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { CommandError, type Io } from '../command.ts';
import { key } from './key.ts';
import { register } from './register.ts';
import { sign } from './sign.ts';

const io: Io = { json: true, log() {}, progress: () => ({ tick() {}, done() {} }) };
const folder = tempFolder('removals-');
const path = (name: string) => join(folder, name);

type Audit = {
  ok: boolean;
  head: string;
  keeper: string;
  faults: { code: string }[];
  checks: { ok: boolean; code?: string }[];
};
async function audit(file: string, more: Record<string, string> = {}) {
  const done = await register.run([file], { horizon: '100', ...more }, io);
  const json = done?.json as Audit;
  assert.equal(done?.exit, json.ok ? 0 : 1);
  return { ...json, codes: [...json.faults, ...json.checks.filter(c => !c.ok)].map(c => c.code) };
}

test('events are signed by their parties, and what is changed afterwards is named', async () => {
  const publicKeys: Record<string, unknown> = {};
  for (const name of ['office', 'KE', 'CH', 'farmers', 'airline']) {
    const made = (await key.run([path(`${name}.key`)], {}, io))?.json as { publicKey: unknown };
    publicKeys[name] = made.publicKey;
  }
  await assert.rejects(() => key.run([path('KE.key')], {}, io), /never written over/);
  const file = path('register.jsonl');
  const put = (party: string, event: object) => {
    writeFileSync(path('event.json'), JSON.stringify(event));
    return sign.run([file], { event: path('event.json'), party, key: path(`${party}.key`) }, io);
  };
  const name = (party: string, role: string, country?: string) =>
    put('office', { kind: 'party', id: `p ${party}`, party, role, country, publicKey: publicKeys[party] });
  await name('office', 'keeper');
  await name('KE', 'country', 'KE');
  await name('CH', 'country', 'CH');
  await name('farmers', 'holder', 'KE');
  await name('airline', 'holder', 'CH');
  const units = { first: 0, kilograms: 10 };
  const storage = { medium: 'rock', leakShareYear: '0', reversalChanceYear: '0.001' };
  const batch = { host: 'KE', holder: 'farmers', activity: 'a', fromDay: 0, toDay: 9, bufferShare: '0', storage };
  await put('office', { kind: 'issue', id: 'i', ...batch, ...units });
  await put('KE', { kind: 'authorise', id: 'l', host: 'KE', letter: 'KE/7', uses: ['target'], ...units });
  const early = (await audit(file)).head;
  await put('farmers', { kind: 'transfer', id: 't', from: 'farmers', to: 'airline', ...units });
  await put('KE', { kind: 'adjust', id: 'a', host: 'KE', ...units });
  await put('airline', { kind: 'retire', id: 'r', holder: 'airline', claim: 'flights', country: 'CH', ...units });
  assert.deepEqual((await audit(file)).codes, ['wrong-signer']);
  await sign.run([file], { party: 'CH', key: path('CH.key') }, io);
  const sound = await audit(file, { head: early });
  assert.deepEqual([sound.ok, sound.codes], [true, []]);
  assert.equal((await audit(file, { keeper: sound.keeper })).ok, true);
  assert.deepEqual((await audit(file, { keeper: 'ab'.repeat(32) })).codes, ['unknown-key']);

  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const tampered = (changed: readonly string[]) => {
    writeFileSync(path('tampered.jsonl'), `${changed.join('\n')}\n`);
    return audit(path('tampered.jsonl'), { head: sound.head });
  };
  assert.ok((await tampered(lines.slice(0, -1))).codes.includes('order-broken'));
  assert.ok((await tampered(lines.toSpliced(7, 1))).codes.includes('order-broken'));
  const swapped = lines.with(7, lines[8]).with(8, lines[7]);
  assert.ok((await tampered(swapped)).codes.includes('order-broken'));
  const envelope = JSON.parse(lines[5]);
  const payload = Buffer.from(envelope.payload, 'base64').toString().replace('"kilograms":10', '"kilograms":90');
  envelope.payload = Buffer.from(payload).toString('base64');
  const forged = await tampered(lines.with(5, JSON.stringify(envelope)));
  assert.ok(forged.codes.includes('wrong-signature') && forged.codes.includes('wrong-signer'));

  // A key that the keeper has not named, and one that speaks for another.
  await put('farmers', { kind: 'adjust', id: 'b', host: 'KE', ...units });
  assert.deepEqual((await audit(file)).codes, ['wrong-signer']);
  writeFileSync(file, `${lines.slice(0, 3).join('\n')}\n`);
  await put('airline', {
    kind: 'party',
    id: 'me',
    party: 'me',
    role: 'holder',
    country: 'CH',
    publicKey: publicKeys['airline'],
  });
  assert.deepEqual((await audit(file)).codes, ['unknown-key', 'wrong-signer']);
  writeFileSync(path('mixed.jsonl'), `${lines[0]}\n{"kind":"adjust"}\n`);
  await assert.rejects(
    () => register.run([path('mixed.jsonl')], { horizon: '100' }, io),
    (e: unknown) => e instanceof CommandError && /mixed\.jsonl, line 2/.test(e.message),
  );
});

test('a party changes its key: signed by both, or by the keeper when the old one is lost', async () => {
  const file = path('keys.jsonl');
  const made = async (name: string) => (await key.run([path(`${name}.key2`)], {}, io))?.json as { publicKey: unknown };
  const put = (party: string, by: string, event: object) => {
    writeFileSync(path('event.json'), JSON.stringify(event));
    return sign.run([file], { event: path('event.json'), party, key: path(`${by}.key2`) }, io);
  };
  const also = (party: string, by: string) => sign.run([file], { party, key: path(`${by}.key2`) }, io);
  const [keeper, old, next, third] = [await made('keeper'), await made('old'), await made('next'), await made('third')];
  await put('office', 'keeper', { kind: 'party', id: 'p', party: 'office', role: 'keeper', ...keeper });
  await put('office', 'keeper', { kind: 'party', id: 'q', party: 'KE', role: 'country', country: 'KE', ...old });
  const report = (id: string) => ({
    kind: 'initial',
    id,
    country: 'KE',
    fromYear: 2026,
    toYear: 2030,
    method: 'yearly',
  });
  const changed = { kind: 'key', id: 'k', party: 'KE', publicKey: next.publicKey };
  await put('office', 'keeper', changed);
  assert.deepEqual((await audit(file)).codes, ['wrong-signer'], 'the keeper alone');
  await also('KE', 'old');
  assert.deepEqual((await audit(file)).codes, []);
  const lines = readFileSync(file, 'utf8');
  await put('KE', 'old', report('r'));
  assert.deepEqual((await audit(file)).codes, ['unknown-key', 'wrong-signer'], 'the old key is no longer known');
  writeFileSync(file, lines);
  await put('KE', 'next', report('r'));
  await put('office', 'keeper', { kind: 'key', id: 'l', party: 'KE', lost: true, publicKey: third.publicKey });
  assert.deepEqual((await audit(file)).codes, []);
  await put('KE', 'third', { kind: 'key', id: 'm', party: 'KE', publicKey: next.publicKey });
  assert.deepEqual((await audit(file)).codes, ['wrong-signer'], 'the party alone');
});
