import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { auditRegister } from './audit.ts';
import { durability, expectedStored, fairBuffer } from './durability.ts';
import { type EventOf, type RemovalEvent, readRemovalEvent, signersOf } from './events.ts';
import { batchesOf } from './figures.ts';
import type { RefusalCode } from './state.ts';

const party = (name: string, role: EventOf<'party'>['role'], country?: string): RemovalEvent => ({
  kind: 'party',
  id: `party ${name}`,
  party: name,
  role,
  ...(country === undefined ? {} : { country }),
});
const PARTIES = [
  party('office', 'keeper'),
  party('KE', 'country', 'KE'),
  party('CH', 'country', 'CH'),
  party('farmers', 'holder', 'KE'),
  party('airline', 'holder', 'CH'),
];
const issue = (id: string, first: number, more: Partial<EventOf<'issue'>> = {}): RemovalEvent => ({
  kind: 'issue',
  id,
  holder: 'farmers',
  host: 'KE',
  activity: `plot ${id}`,
  fromDay: 0,
  toDay: 364,
  first,
  kilograms: 1000,
  bufferShare: 0.2,
  storage: { medium: 'soil', leakShareYear: 0.01, reversalChanceYear: 0.005 },
  ...more,
});
const units = (first: number, kilograms: number) => ({ first, kilograms });
const authorise = (id: string, first: number, kilograms: number, more: Partial<EventOf<'authorise'>> = {}) =>
  ({
    kind: 'authorise',
    id,
    host: 'KE',
    letter: 'KE/7',
    uses: ['target'],
    ...units(first, kilograms),
    ...more,
  }) as const;
const transfer = (id: string, from: string, to: string, first: number, kilograms: number) =>
  ({ kind: 'transfer', id, from, to, ...units(first, kilograms) }) as const;
const adjust = (id: string, first: number, kilograms: number, host = 'KE') =>
  ({ kind: 'adjust', id, host, ...units(first, kilograms) }) as const;
const retire = (id: string, holder: string, first: number, kilograms: number, more: Partial<EventOf<'retire'>> = {}) =>
  ({ kind: 'retire', id, holder, claim: 'c', ...units(first, kilograms), ...more }) as const;
const reversal = (id: string, kilograms: number) => ({ kind: 'reversal', id, issue: 'i1', kilograms }) as const;

/** To Switzerland's target, as the guidance has it: letter, transfer, adjustment, use. */
const ABROAD: readonly RemovalEvent[] = [
  ...PARTIES,
  issue('i1', 0),
  authorise('l', 200, 400),
  transfer('t', 'farmers', 'airline', 200, 300),
  adjust('a', 200, 300),
  retire('r', 'airline', 200, 250, { country: 'CH' }),
];

test('a sound register adds up, and so do the countries', () => {
  const r = auditRegister([...ABROAD, reversal('x', 250)]);
  assert.ok(r.sound, JSON.stringify(r.checks.filter(c => !c.ok)));
  assert.deepEqual([r.issuedKg, r.retiredKg, r.bufferKg, r.cancelledKg, r.heldKg], [1000, 250, 0, 250, 500]);
  assert.deepEqual(r.adjustments, {
    countries: [
      { country: 'CH', addedKg: 0, subtractedKg: 250 },
      { country: 'KE', addedKg: 300, subtractedKg: 0 },
    ],
    uncountedKg: 50,
    balanceKg: 0,
  });
});

test('a reversal: its own buffer, then the pool, then unused units; what nothing covers is owed', () => {
  const used = retire('r', 'farmers', 200, 700);
  const r = auditRegister([issue('i1', 0), issue('i2', 1000), used, reversal('x', 900)]);
  assert.ok(r.sound, JSON.stringify(r.checks.filter(c => !c.ok)));
  assert.deepEqual([r.bufferKg, r.heldKg, r.retiredKg, r.cancelledKg, r.owedKg], [0, 800, 700, 500, 400]);
});

const ATTACKS: readonly (readonly [name: string, code: RefusalCode, events: readonly RemovalEvent[]])[] = [
  ['serial numbers again', 'issued-twice', [issue('i1', 0), issue('i2', 999)]],
  [
    'the same days again',
    'days-claimed-twice',
    [issue('i1', 0), issue('i2', 1000, { activity: 'plot i1', fromDay: 364, toDay: 700 })],
  ],
  ['the same event again', 'event-twice', [issue('i1', 0), issue('i1', 5000)]],
  ['a whole batch as buffer', 'bad-share', [issue('i1', 0, { bufferShare: 1 })]],
  ['nothing', 'bad-amount', [issue('i1', 0, { kilograms: 0 })]],
  ["another's units", 'not-held', [issue('i1', 0), transfer('t', 'farmers', 'a', 100, 200)]],
  ['units that are not there', 'not-held', [issue('i1', 0), transfer('t', 'farmers', 'a', 900, 200)]],
  ['used units', 'used-twice', [issue('i1', 0), retire('r', 'farmers', 300, 100), retire('s', 'farmers', 350, 100)]],
  [
    'used units sold',
    'used-twice',
    [issue('i1', 0), retire('r', 'farmers', 300, 100), transfer('t', 'farmers', 'a', 350, 100)],
  ],
  [
    'abroad without a letter',
    'not-authorised',
    [...PARTIES, issue('i1', 0), transfer('t', 'farmers', 'airline', 200, 100)],
  ],
  [
    'a letter of another country',
    'not-the-host',
    [...PARTIES, issue('i1', 0), authorise('l', 200, 100, { host: 'CH' })],
  ],
  ['a letter for used units', 'used-twice', [issue('i1', 0), retire('r', 'farmers', 200, 9), authorise('l', 200, 100)]],
  ['two letters', 'authorised-twice', [issue('i1', 0), authorise('l', 200, 100), authorise('m', 299, 100)]],
  ['a letter for another use', 'not-authorised', [...ABROAD, retire('p', 'airline', 450, 50, { programme: 'CORSIA' })]],
  [
    'a letter for another country',
    'not-authorised',
    [
      issue('i1', 0),
      authorise('l', 200, 9, { countries: ['SE'] }),
      adjust('a', 200, 9),
      retire('r', 'farmers', 200, 9, { country: 'CH' }),
    ],
  ],
  [
    'a letter taken back too late',
    'transferred-already',
    [...ABROAD, { kind: 'withdraw', id: 'w', host: 'KE', ...units(450, 10) }],
  ],
  [
    'no adjustment',
    'not-adjusted',
    [issue('i1', 0), authorise('l', 300, 100), retire('r', 'farmers', 300, 100, { country: 'CH' })],
  ],
  ['adjustment without a letter', 'not-authorised', [issue('i1', 0), adjust('a', 200, 10)]],
  ['adjusted again', 'adjusted-twice', [...ABROAD, adjust('b', 499, 10)]],
  ['adjusted by another country', 'not-the-host', [...ABROAD, adjust('b', 550, 10, 'CH')]],
  [
    'the host counts what it added back',
    'counted-by-host',
    [issue('i1', 0), authorise('l', 200, 9), adjust('a', 200, 9), retire('r', 'farmers', 200, 9, { country: 'KE' })],
  ],
  [
    'the host adds back what it counted',
    'counted-by-host',
    [issue('i1', 0), authorise('l', 200, 9), retire('r', 'farmers', 200, 9, { country: 'KE' }), adjust('a', 200, 9)],
  ],
  [
    'a hand without a name',
    'unknown-party',
    [...PARTIES, issue('i1', 0), transfer('t', 'farmers', 'nobody', 200, 100)],
  ],
  ['a second keeper', 'party-twice', [...PARTIES, party('other', 'keeper')]],
  ['a batch that is not there', 'no-such-issue', [reversal('x', 1)]],
  [
    'more out than in',
    'reversed-more-than-stored',
    [issue('i1', 0), issue('i2', 1000), reversal('x', 900), reversal('y', 101)],
  ],
];
for (const [name, code, events] of ATTACKS)
  test(`refused by name: ${name}`, () => {
    const r = auditRegister(events);
    assert.deepEqual(
      r.checks.filter(c => !c.ok).map(c => c.code),
      [code],
      JSON.stringify(r.checks.filter(c => !c.ok)),
    );
    assert.equal(r.sound, false);
    assert.equal(
      r.checks.findIndex(c => !c.ok),
      events.length - 1,
    );
  });

test('a letter may be taken back while the units are at home, and then they stay', () => {
  const events = [
    ...PARTIES,
    issue('i1', 0),
    authorise('l', 200, 100),
    { kind: 'withdraw', id: 'w', host: 'KE', ...units(200, 100) } as const,
  ];
  assert.ok(auditRegister(events).sound);
  assert.equal(
    auditRegister([...events, transfer('t', 'farmers', 'airline', 200, 1)]).checks.find(c => !c.ok)?.code,
    'not-authorised',
  );
});

test('every event needs its own signer, and the user’s country signs what it counts', () => {
  const signed = ABROAD.map(e => [...signersOf(e, 'office')]);
  assert.ok(auditRegister(ABROAD, signed).sound);
  assert.deepEqual(signed.at(-1), ['airline', 'CH']);
  ABROAD.forEach((e, i) => {
    const r = auditRegister(ABROAD, signed.with(i, signed[i].slice(1)));
    const first = r.checks.find(c => !c.ok);
    assert.deepEqual([first?.name, first?.code], [`${e.kind} ${e.id}`, 'wrong-signer']);
  });
});

/** A second register, kilogram by kilogram and without runs: who has each unit in its account. It believes what was taken and looks for a tonne in two. */
function accounts(events: readonly RemovalEvent[], taken: (e: RemovalEvent) => boolean) {
  const counted = new Map<number, string[]>();
  for (const e of events) {
    if (!taken(e) || !('first' in e)) continue;
    for (let u = e.first; u < e.first + e.kilograms; u++) {
      const who = counted.get(u) ?? [];
      if (e.kind === 'issue') counted.set(u, [...who, 'host']);
      if (e.kind === 'adjust') who.splice(who.indexOf('host'), who.includes('host') ? 1 : 0);
      if (e.kind === 'retire' && e.country !== undefined && e.country !== 'KE') who.push(e.country);
    }
  }
  return counted;
}

test('whatever is tried, no tonne is counted twice, none appears and none is lost', () => {
  const range = { first: fc.integer({ min: 0, max: 20 }), kilograms: fc.integer({ min: 0, max: 8 }) };
  const who = fc.constantFrom('farmers', 'airline', 'KE', 'CH');
  const country = fc.constantFrom('KE', 'CH');
  const of = <K extends RemovalEvent['kind']>(kind: K, rest: object) =>
    fc.record({ kind: fc.constant(kind), id: fc.uuid(), ...range, ...rest }) as unknown as fc.Arbitrary<RemovalEvent>;
  const event = fc.oneof(
    of('transfer', { from: who, to: who }),
    of('retire', { holder: who, claim: fc.constant('c'), country: fc.option(country, { nil: undefined }) }),
    of('retire', { holder: who, claim: fc.constant('c'), programme: fc.constant('CORSIA') }),
    of('authorise', {
      host: country,
      letter: fc.constant('l'),
      uses: fc.constantFrom(['target'], ['target', 'mitigation']),
    }),
    of('withdraw', { host: country }),
    of('adjust', { host: country }),
    of('reversal', { issue: fc.constantFrom('i1', 'i2') }),
    of('issue', { activity: fc.constantFrom('plot i1', 'p', 'q'), holder: who }).map(
      e => ({ ...issue('x', 0, { bufferShare: 0.1 }), ...e }) as RemovalEvent,
    ),
  );
  // The whole way abroad on one range, with something else tried in between.
  const way = fc
    .tuple(fc.record(range), fc.array(event, { maxLength: 2 }), fc.uuid())
    .map(([u, between, id]) => [
      authorise(`l ${id}`, u.first, u.kilograms),
      ...between,
      transfer(`t ${id}`, 'farmers', 'airline', u.first, u.kilograms),
      adjust(`a ${id}`, u.first, u.kilograms),
      retire(`r ${id}`, 'airline', u.first, u.kilograms, { country: 'CH' }),
    ]);
  const tries = fc
    .array(
      fc.oneof(
        way,
        event.map(e => [e]),
      ),
      { minLength: 3, maxLength: 25 },
    )
    .map(x => x.flat());
  const batch = { kilograms: 10, bufferShare: 0.2 };
  let abroad = 0;
  fc.assert(
    fc.property(tries, tried => {
      const events = [...PARTIES, issue('i1', 0, batch), issue('i2', 10, batch), ...tried];
      const r = auditRegister(events);
      const sums = r.checks.slice(events.length);
      assert.ok(sums.length === 5 && sums.every(c => c.ok), JSON.stringify(sums));
      assert.equal(r.heldKg + r.bufferKg + r.retiredKg + r.cancelledKg, r.issuedKg);
      const counted = accounts(events, e => r.checks[events.indexOf(e)].ok);
      assert.equal(counted.size, r.issuedKg);
      for (const [unit, hands] of counted)
        assert.ok(hands.length <= 1, `unit ${unit} is counted by ${hands.join(' and ')}`);
      abroad += [...counted.values()].filter(h => h.includes('CH')).length;
    }),
    { numRuns: 300 },
  );
  assert.ok(abroad > 0, 'no sequence reached a use abroad: the property says nothing');
});

test('what is no event is named by its field', () => {
  const good = issue('i1', 0);
  const said = (change: object) => {
    try {
      readRemovalEvent({ ...good, ...change });
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.equal(said({}), '');
  assert.deepEqual((readRemovalEvent({ ...good, bufferShare: '0.2' }) as EventOf<'issue'>).bufferShare, 0.2);
  assert.match(said({ kilograms: 1.5 }), /kilograms is 1\.5; it must be a whole number below 2\^53/);
  assert.match(said({ storage: { medium: 'soil' } }), /storage\.leakShareYear is missing/);
  assert.match(said({ bufferShare: 'much' }), /bufferShare is "much"/);
  assert.match(said({ kind: 'burn' }), /kind is "burn"; it must be one of party, key, approach/);
  assert.throws(() => readRemovalEvent({ ...authorise('l', 0, 1), uses: ['gift'] }), /uses is "gift"/);
  assert.throws(() => readRemovalEvent(null), /kind is missing/);
});

test('durability lies between nothing and all, and falls with loss', () => {
  const soil = { medium: 'soil', leakShareYear: 0.01, reversalChanceYear: 0.005 };
  assert.equal(durability({ medium: 'rock', leakShareYear: 0, reversalChanceYear: 0 }, 1000), 1);
  assert.equal(durability({ medium: 'air', leakShareYear: 1, reversalChanceYear: 0 }, 10), 0);
  assert.ok(durability(soil, 100) < durability(soil, 30) && durability(soil, 100) > expectedStored(soil, 100));
  assert.ok(Math.abs(fairBuffer(soil, 100) - (1 - (0.99 * 0.995) ** 100)) < 1e-12);
});

test('an issue that is refused is no batch', () => {
  const events = [...PARTIES, issue('one', 0), issue('two', 999)];
  const batches = batchesOf(events, auditRegister(events), 100);
  assert.deepEqual(
    batches.map(b => b.id),
    ['one'],
  );
});
