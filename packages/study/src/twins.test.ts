// Evidence against a member that contributed twice: found also where each aggregator holds another half, the same at all, and believed in nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { State, Study } from '@madang/charter';
import { packParcel } from './contributor.ts';
import { digestOf } from './round/binding.ts';
import { packFrame } from './round/frame.ts';
import { localRound, OPENING } from './testing/local-round.ts';
import { checkTwins, evidenceFrom, packSlips, TWO_SLIPS } from './twins.ts';

const SHAPE = { encoding: 'masked-sum', length: 2, maximum: 9, field: 64, proofs: 1, chunk: 1 } as const;
const REF = { opening: OPENING, round: 1 };

async function twoSlips(give: 'each another' | 'one both') {
  const round = localRound(4, SHAPE);
  const { orgs, intakes, contribute, check, keys, logKeyOf } = round;
  const [liar, ...honest] = orgs;
  for (const org of honest) round.send(await contribute(org, [1, 1]));
  const [a, b] = [await contribute(liar, [1, 1]), await contribute(liar, [9, 9])];
  intakes[0].take(packParcel(a[0]), check);
  if (give === 'one both') intakes[0].take(packParcel(b[0]), check);
  intakes[1].take(packParcel(give === 'one both' ? a[1] : b[1]), check);
  const state = {
    keys: Object.fromEntries(orgs.map(org => [keys.get(org)!.keyId, logKeyOf(org)])),
  } as unknown as State;
  const conclusions = await round.conclude();
  const messages = intakes.map(i => packSlips([[liar, i.slipsOf(liar)]]));
  return { round, liar, honest, a, b, state, conclusions, messages };
}

const studyWith = (liar: string, evidence: Uint8Array) =>
  ({
    opening: { id: OPENING, rounds: { '1': { transcript: { twins: { [liar]: digestOf(evidence) } } } } },
  }) as unknown as Study;

for (const give of ['each another', 'one both'] as const)
  test(`two slips, ${give}: neither counts, and the aggregators name the same evidence`, async () => {
    const { liar, honest, state, conclusions, messages } = await twoSlips(give);
    for (const c of conclusions) {
      assert.deepEqual(c.organisations, honest);
      assert.deepEqual(c.rejected, [{ org: liar, reason: TWO_SLIPS }]);
    }
    const evidence = evidenceFrom(state, REF, liar, messages)!;
    const check = await checkTwins(state, studyWith(liar, evidence), '1', liar, async () => evidence);
    assert.deepEqual(check, { outcome: 'checked', why: `${liar} signed two different slips; neither counts` });
    const none = await checkTwins(state, studyWith(liar, evidence), '1', liar, async () => undefined);
    assert.equal(none.outcome, 'missing');
  });

test('what is no evidence: one slip twice, a slip of another member, round or key, a byte changed, a message of noise', async () => {
  const { round, liar, honest, a, b, state } = await twoSlips('each another');
  const [other] = await round.contribute(honest[0], [1, 1]);
  const [later] = await round.contribute(liar, [1, 1], { ...REF, round: 2 });
  const spoilt = Uint8Array.from(b[0].slip);
  spoilt[spoilt.length - 40] ^= 1;
  const cases: [RegExp, Uint8Array[]][] = [
    [/both slips say the same/, [a[0].slip, a[0].slip]],
    [/not that of/, [a[0].slip, other.slip]],
    [/not that of/, [a[0].slip, later.slip]],
    [/./, [a[0].slip, spoilt]],
    [/not two slips/, [a[0].slip]],
  ];
  for (const [why, slips] of cases) {
    const bytes = packSlips([[liar, slips]]);
    assert.equal(evidenceFrom(state, REF, liar, [bytes, new Uint8Array(7)]), undefined);
    const check = await checkTwins(state, studyWith(liar, bytes), '1', liar, async () => bytes);
    assert.equal(check.outcome, 'wrong');
    assert.match(check.why, why);
  }
  const stranger = { keys: {} } as unknown as State;
  const both = packSlips([[liar, [a[0].slip, b[0].slip]]]);
  assert.equal(evidenceFrom(stranger, REF, liar, [both]), undefined);
  const swapped = await checkTwins(state, studyWith(liar, both), '1', liar, async () => packFrame([]));
  assert.match(swapped.why, /not what their digest names/);
});
