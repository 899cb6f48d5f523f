// Inputs that work as they stand: the quickest way to learn a format. For whoever shows one; no computation needs them.
import type { NetworkCase } from './network.ts';
import type { RemovalEvent } from './removals/events.ts';

export const NETWORK: NetworkCase = {
  phasesYears: [10, 15],
  discountRate: 0.05,
  targetMtYear: [1.5, 4],
  sources: [
    { name: 'cement works', mostMtYear: 2, costTonne: 60 },
    { name: 'steel works', mostMtYear: 3, costTonne: 75 },
  ],
  sinks: [
    { name: 'saline aquifer', mostMtYear: 5, capacityMt: 120, costTonne: 8, openMillion: 90 },
    { name: 'old gas field', mostMtYear: 2, capacityMt: 40, costTonne: 6, openMillion: 20 },
  ],
  junctions: ['crossing'],
  pipes: [
    { from: 'cement works', to: 'crossing', km: 30, existingMtYear: 0 },
    { from: 'steel works', to: 'crossing', km: 50, existingMtYear: 0 },
    { from: 'crossing', to: 'old gas field', km: 40, existingMtYear: 1 },
    { from: 'crossing', to: 'saline aquifer', km: 120, existingMtYear: 0 },
  ],
  sizes: [
    { name: '12 inch', mtYear: 2, millionKm: 0.7 },
    { name: '20 inch', mtYear: 6, millionKm: 1.3 },
  ],
  flowTonne100Km: 0.9,
};

/** A removal under a cooperative approach: issued at home, authorised, sold abroad, added back by the host and counted by the buyer's country; then some comes out again. */
export const REGISTER: readonly RemovalEvent[] = [
  { kind: 'party', id: 'p1', party: 'registry office', role: 'keeper' },
  { kind: 'party', id: 'p2', party: 'KE', role: 'country' },
  { kind: 'party', id: 'p3', party: 'CH', role: 'country' },
  { kind: 'party', id: 'p4', party: 'farmers', role: 'holder', country: 'KE' },
  { kind: 'party', id: 'p5', party: 'buyer', role: 'holder', country: 'CH' },
  {
    kind: 'approach',
    id: 'a1',
    approach: 'KE-CH',
    mechanism: 'article 6.2',
    countries: ['KE', 'CH'],
    adaptationShare: 0.05,
    mitigationShare: 0.02,
  },
  { kind: 'initial', id: 'r1', country: 'KE', fromYear: 2026, toYear: 2030, method: 'yearly' },
  { kind: 'initial', id: 'r2', country: 'CH', fromYear: 2026, toYear: 2030, method: 'yearly' },
  {
    kind: 'issue',
    id: 'i1',
    approach: 'KE-CH',
    holder: 'farmers',
    host: 'KE',
    activity: 'plot 7',
    fromDay: 20454,
    toDay: 20818,
    first: 0,
    kilograms: 1_000_000,
    bufferShare: 0.2,
    storage: { medium: 'soil', leakShareYear: 0.005, reversalChanceYear: 0.003 },
  },
  {
    kind: 'authorise',
    id: 'l1',
    host: 'KE',
    letter: 'KE/2026/7',
    uses: ['target'],
    countries: ['CH'],
    first: 270_000,
    kilograms: 400_000,
  },
  { kind: 'transfer', id: 't1', from: 'farmers', to: 'buyer', first: 270_000, kilograms: 400_000 },
  { kind: 'adjust', id: 'j1', host: 'KE', year: 2027, first: 270_000, kilograms: 400_000 },
  {
    kind: 'retire',
    id: 'u1',
    holder: 'buyer',
    claim: 'target of 2027',
    country: 'CH',
    year: 2027,
    first: 270_000,
    kilograms: 400_000,
  },
  { kind: 'reversal', id: 'x1', issue: 'i1', kilograms: 50_000 },
];
