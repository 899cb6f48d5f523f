import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditRegister } from './audit.ts';
import { type EventOf, type RemovalEvent, readRemovalEvent, signersOf } from './events.ts';
import type { RefusalCode } from './state.ts';

const party = (name: string, role: EventOf<'party'>['role'], country = name): RemovalEvent => ({
  kind: 'party',
  id: `party ${name}`,
  party: name,
  role,
  country,
});
const APPROACH: EventOf<'approach'> = {
  kind: 'approach',
  id: 'ap',
  approach: 'KE-CH',
  mechanism: 'article 6.4',
  countries: ['KE', 'CH'],
  adaptationShare: 0.05,
  mitigationShare: 0.02,
};
const report = (country: string, method: 'yearly' | 'average'): EventOf<'initial'> => ({
  kind: 'initial',
  id: `report ${country}`,
  country,
  fromYear: 2026,
  toYear: 2030,
  method,
});
const ISSUE: EventOf<'issue'> = {
  kind: 'issue',
  id: 'i',
  approach: 'KE-CH',
  holder: 'farmers',
  host: 'KE',
  activity: 'plot',
  fromDay: 0,
  toDay: 364,
  first: 0,
  kilograms: 1000,
  bufferShare: 0.2,
  storage: { medium: 'soil', leakShareYear: 0.01, reversalChanceYear: 0.005 },
};
const units = (first: number, kilograms: number) => ({ first, kilograms });
const letter = (first: number, kilograms: number, more: Partial<EventOf<'authorise'>> = {}): RemovalEvent => ({
  kind: 'authorise',
  id: `letter ${first}`,
  host: 'KE',
  letter: 'KE/7',
  uses: ['target'],
  ...units(first, kilograms),
  ...more,
});
const transfer = (to: string, first: number, kilograms: number): RemovalEvent => ({
  kind: 'transfer',
  id: `to ${to}`,
  from: 'farmers',
  to,
  ...units(first, kilograms),
});
const adjust = (first: number, kilograms: number, year?: number): RemovalEvent => ({
  kind: 'adjust',
  id: `adjust ${first}`,
  host: 'KE',
  ...units(first, kilograms),
  ...(year === undefined ? {} : { year }),
});
const use = (first: number, kilograms: number, year?: number): RemovalEvent => ({
  kind: 'retire',
  id: `use ${first}`,
  holder: 'airline',
  claim: 'c',
  country: 'CH',
  ...units(first, kilograms),
  ...(year === undefined ? {} : { year }),
});

const START: readonly RemovalEvent[] = [
  party('office', 'keeper'),
  ...['KE', 'CH', 'SE'].map(c => party(c, 'country')),
  party('farmers', 'holder', 'KE'),
  party('airline', 'holder', 'CH'),
  party('bank', 'holder', 'SE'),
  APPROACH,
];
const REPORTED = [...START, report('KE', 'average'), report('CH', 'yearly'), ISSUE];
/** Serial numbers: buffer 0 to 199, adaptation 200 to 249, overall mitigation 250 to 269, the farmers' from 270. */
const WHOLE: readonly RemovalEvent[] = [
  ...REPORTED,
  letter(200, 370),
  transfer('airline', 270, 300),
  adjust(200, 170, 2026),
  adjust(370, 100, 2028),
  use(270, 100, 2026),
  use(370, 50, 2028),
];

test('a batch of Article 6.4 sets aside its shares, and both countries report year by year', () => {
  const r = auditRegister(WHOLE);
  assert.ok(r.sound, JSON.stringify(r.checks.filter(c => !c.ok)));
  assert.deepEqual([r.bufferKg, r.mitigationKg, r.heldKg, r.retiredKg], [200, 20, 630, 150]);
  assert.equal(r.holdings.find(h => h.holder === 'adaptation fund')?.kilograms, 50);
  assert.equal(r.adjustments.balanceKg, 0);
  const [ke, ch] = r.reports;
  // 50 adaptation, 20 mitigation, 300 abroad; of these 270 are added back.
  assert.deepEqual([ke.firstTransferredKg, ke.notAdjustedKg], [370, 100]);
  assert.deepEqual(
    ke.years.map(y => [y.year, y.addedKg, y.cumulativeKg, y.adjustmentKg]),
    [
      [2026, 170, 170, 170],
      [2027, 0, 170, 85],
      [2028, 100, 270, 90],
    ],
  );
  assert.deepEqual(
    ch.years.map(y => [y.year, y.subtractedKg, y.cumulativeKg, y.adjustmentKg]),
    [
      [2026, 100, -100, -100],
      [2027, 0, -100, 0],
      [2028, 50, -150, -50],
    ],
  );
});

test('every event has its signers', () => {
  assert.deepEqual(signersOf(APPROACH, 'office'), ['KE', 'CH']);
  assert.deepEqual(signersOf(report('KE', 'yearly'), 'office'), ['KE']);
  const key = { kind: 'key', id: 'k', party: 'KE' } as const;
  assert.deepEqual(signersOf(key, 'office'), ['office', 'KE']);
  assert.deepEqual(signersOf({ ...key, lost: true }, 'office'), ['office']);
  assert.deepEqual(signersOf({ ...key, party: 'office' }, 'office'), ['office']);
  assert.throws(() => readRemovalEvent({ ...APPROACH, mechanism: 'article 5' }), /mechanism is "article 5"/);
  assert.throws(() => readRemovalEvent({ ...key, lost: 'yes' }), /lost is "yes"; it must be true/);
});

const REFUSED: readonly (readonly [name: string, code: RefusalCode, events: readonly RemovalEvent[]])[] = [
  ['less than Article 6.4 asks for', 'bad-share', [...START.slice(0, -1), { ...APPROACH, mitigationShare: 0.01 }]],
  ['the same approach again', 'approach-twice', [...START, { ...APPROACH, id: 'other' }]],
  ['a country that is no party', 'unknown-party', [...START.slice(0, -1), { ...APPROACH, countries: ['KE', 'XX'] }]],
  ['a batch of no approach', 'no-such-approach', [...START, { ...ISSUE, approach: 'CH-CH' }]],
  ['a host that takes no part', 'outside-approach', [...START, { ...ISSUE, host: 'SE' }]],
  ['shares of more than the batch', 'bad-share', [...START, { ...ISSUE, bufferShare: 0.94 }]],
  ['a letter before the initial report', 'no-initial-report', [...START, ISSUE, letter(270, 10)]],
  ['two reports', 'report-twice', [...START, report('KE', 'yearly'), { ...report('KE', 'yearly'), id: 'again' }]],
  ['a target that ends before it begins', 'outside-period', [...START, { ...report('KE', 'yearly'), toYear: 2020 }]],
  ['abroad, outside the approach', 'outside-approach', [...REPORTED, letter(270, 10), transfer('bank', 270, 10)]],
  [
    'another use without its first transfer',
    'first-transfer-unsaid',
    [...REPORTED, letter(270, 9, { uses: ['mitigation'] })],
  ],
  ['no year', 'outside-period', [...REPORTED, letter(270, 10), adjust(270, 10)]],
  ['a year outside the target', 'outside-period', [...WHOLE, use(420, 10, 2031)]],
  [
    'use by a country without a report',
    'no-initial-report',
    [
      ...START,
      report('KE', 'average'),
      ISSUE,
      letter(270, 9),
      transfer('airline', 270, 9),
      adjust(270, 9, 2026),
      use(270, 9, 2026),
    ],
  ],
  [
    'a letter taken back that was the first transfer',
    'transferred-already',
    [
      ...REPORTED,
      letter(270, 10, { uses: ['mitigation'], firstTransfer: 'authorisation' }),
      { kind: 'withdraw', id: 'w', host: 'KE', ...units(270, 10) },
    ],
  ],
  ['a key of nobody', 'unknown-party', [...START, { kind: 'key', id: 'k', party: 'XX' }]],
];
for (const [name, code, events] of REFUSED)
  test(`refused by name: ${name}`, () => {
    const failed = auditRegister(events).checks.flatMap((c, i) => (c.ok ? [] : [[i, c.code]]));
    assert.deepEqual(failed, [[events.length - 1, code]]);
  });
