// Accounting of removals: units with serial numbers, how long they last, and a proof that none is counted twice. A register is a list of events;
// everything is recomputed from it. Quantities are whole kilograms (BigInt-free: up to 9 million tonnes a batch), so that nothing is rounded away.
// After the Article 6.2 guidance (decision 2/CMA.3): what another country counts needs the host's corresponding adjustment. Who may authorise is not
// decided here. The buffers of all batches are one pool, as the voluntary registries have it.

/** Removal claimed for an activity (a plot, a plant) and a span of days; the serial numbers `first` to `first + kilograms - 1` are its units. */
export type RemovalEvent =
  | {
      readonly kind: 'issue';
      readonly id: string;
      readonly holder: string;
      readonly host: string;
      /** What removes; two batches of one activity may not overlap in time. */
      readonly activity: string;
      readonly fromDay: number;
      readonly toDay: number;
      readonly first: number;
      readonly kilograms: number;
      /** Share set aside for reversals, 0 to 1; these units cannot be transferred or retired. */
      readonly bufferShare: number;
      readonly storage: Storage;
    }
  | {
      readonly kind: 'transfer';
      readonly id: string;
      readonly from: string;
      readonly to: string;
      readonly first: number;
      readonly kilograms: number;
    }
  /** Used towards a claim; `country` is who counts it in its own target, absent for a voluntary claim. */
  | {
      readonly kind: 'retire';
      readonly id: string;
      readonly holder: string;
      readonly claim: string;
      readonly country?: string;
      readonly first: number;
      readonly kilograms: number;
    }
  /** The host country adds these units to its own emissions, so that another may count them. */
  | {
      readonly kind: 'adjust';
      readonly id: string;
      readonly host: string;
      readonly first: number;
      readonly kilograms: number;
    }
  /** Carbon came out again: units of the batch's buffer are cancelled, then of the others', then those of the batch that nobody has used. */
  | { readonly kind: 'reversal'; readonly id: string; readonly issue: string; readonly kilograms: number };

/** Loss of what is stored: a yearly share from the start (mineral or geological leakage), and the yearly chance of losing all (fire, harvest). */
export interface Storage {
  readonly medium: string;
  readonly leakShareYear: number;
  readonly reversalChanceYear: number;
}

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface Holding {
  readonly holder: string;
  readonly kilograms: number;
}

export interface Register {
  /** Item by item; the register is sound when all are ok. */
  readonly checks: readonly Check[];
  readonly sound: boolean;
  readonly issuedKg: number;
  readonly heldKg: number;
  readonly bufferKg: number;
  readonly retiredKg: number;
  readonly cancelledKg: number;
  /** What came out again and no buffer or unused unit covers: it must be made good. */
  readonly owedKg: number;
  readonly holdings: readonly Holding[];
}

/** A run of serial numbers in one state. Runs of the ledger never overlap and together cover what was issued. */
interface Run {
  readonly first: number;
  readonly end: number;
  readonly issue: string;
  readonly host: string;
  readonly state: 'held' | 'buffer' | 'retired' | 'cancelled';
  readonly holder: string;
  readonly adjusted: boolean;
  readonly country?: string;
}

/** Replays a register and checks every event; an event that fails changes nothing. */
export function auditRegister(events: readonly RemovalEvent[]): Register {
  const checks: Check[] = [];
  let runs: Run[] = [];
  const issues = new Map<string, Extract<RemovalEvent, { kind: 'issue' }>>();
  const reversed = new Map<string, number>();
  const ids = new Set<string>();
  let owedKg = 0;
  const say = (name: string, ok: boolean, detail: string) => {
    checks.push({ name, ok, detail });
    return ok;
  };
  const covered = (first: number, end: number, test: (r: Run) => boolean) =>
    runs.reduce((s, r) => s + (test(r) ? Math.max(0, Math.min(end, r.end) - Math.max(first, r.first)) : 0), 0);
  const change = (first: number, end: number, to: (r: Run) => Run) => {
    runs = runs.flatMap(r => {
      const [a, b] = [Math.max(first, r.first), Math.min(end, r.end)];
      if (a >= b) return [r];
      return [{ ...r, end: a }, to({ ...r, first: a, end: b }), { ...r, first: b }].filter(x => x.first < x.end);
    });
  };
  for (const e of events) {
    const name = `${e.kind} ${e.id}`;
    if (!say(name, !ids.has(e.id), ids.has(e.id) ? 'this event is there twice' : 'its name is new')) continue;
    ids.add(e.id);
    if (!Number.isSafeInteger(e.kilograms) || e.kilograms <= 0) {
      say(name, false, `${e.kilograms} is not a whole number of kilograms above 0`);
      continue;
    }
    if (e.kind === 'reversal') {
      const batch = issues.get(e.issue);
      if (!batch) {
        say(name, false, `there is no issue "${e.issue}"`);
        continue;
      }
      const gone = reversed.get(e.issue) ?? 0;
      const stored = batch.kilograms - gone;
      if (e.kilograms > stored) {
        say(name, false, `${e.kilograms} kg came out of a batch that holds ${stored}`);
        continue;
      }
      reversed.set(e.issue, gone + e.kilograms);
      const [own, pool] = [true, false].map(mine => (r: Run) => r.state === 'buffer' && (r.issue === e.issue) === mine);
      const unused = (r: Run) => r.state === 'held' && r.issue === e.issue;
      let left = e.kilograms;
      for (const cancels of [own, pool, unused])
        for (const r of runs.filter(cancels)) {
          const take = Math.min(left, r.end - r.first);
          change(r.first, r.first + take, x => ({ ...x, state: 'cancelled' }));
          left -= take;
        }
      owedKg += left;
      say(
        name,
        true,
        left > 0 ? `${left} kg of used units must be made good` : 'covered by the buffers and unused units',
      );
      continue;
    }
    const end = e.first + e.kilograms;
    if (e.kind === 'issue') {
      const serials = say(name, covered(e.first, end, () => true) === 0, 'its serial numbers are issued once');
      const overlap = [...issues.values()].find(
        o => o.activity === e.activity && o.host === e.host && o.fromDay <= e.toDay && e.fromDay <= o.toDay,
      );
      const span = say(
        name,
        !overlap && e.fromDay <= e.toDay,
        overlap
          ? `the activity "${e.activity}" already has ${overlap.id} for days of this span`
          : 'no other batch of the activity covers its days',
      );
      const share = say(name, e.bufferShare >= 0 && e.bufferShare < 1, `buffer share ${e.bufferShare}`);
      if (!serials || !span || !share) continue;
      issues.set(e.id, e);
      const buffer = Math.ceil(e.bufferShare * e.kilograms);
      const base = { issue: e.id, host: e.host, adjusted: false };
      if (buffer > 0) runs.push({ ...base, first: e.first, end: e.first + buffer, state: 'buffer', holder: 'buffer' });
      runs.push({ ...base, first: e.first + buffer, end, state: 'held', holder: e.holder });
      continue;
    }
    if (e.kind === 'adjust') {
      const mine = covered(e.first, end, r => r.host === e.host && !r.adjusted);
      if (
        say(
          name,
          mine === e.kilograms,
          mine === e.kilograms
            ? `${e.host} adjusts for the first time`
            : `only ${mine} of ${e.kilograms} kg are ${e.host}'s and not yet adjusted`,
        )
      )
        change(e.first, end, r => ({ ...r, adjusted: true }));
      continue;
    }
    const holder = e.kind === 'transfer' ? e.from : e.holder;
    const own = covered(e.first, end, r => r.state === 'held' && r.holder === holder);
    if (
      !say(
        name,
        own === e.kilograms,
        own === e.kilograms ? `${holder} holds all of it` : `${holder} holds only ${own} of ${e.kilograms} kg`,
      )
    )
      continue;
    if (e.kind === 'transfer') change(e.first, end, r => ({ ...r, holder: e.to }));
    else {
      const foreign = e.country === undefined ? 0 : covered(e.first, end, r => r.host !== e.country && !r.adjusted);
      if (
        say(
          name,
          foreign === 0,
          foreign === 0
            ? 'no other country counts it'
            : `${foreign} kg without the host's corresponding adjustment: both countries would count them`,
        )
      )
        change(e.first, end, r => ({
          ...r,
          state: 'retired',
          ...(e.country === undefined ? {} : { country: e.country }),
        }));
    }
  }
  const total = (test: (r: Run) => boolean) => runs.reduce((s, r) => s + (test(r) ? r.end - r.first : 0), 0);
  const issuedKg = [...issues.values()].reduce((s, i) => s + i.kilograms, 0);
  const sorted = [...runs].sort((a, b) => a.first - b.first);
  say(
    'every unit',
    sorted.every((r, i) => i === 0 || r.first >= sorted[i - 1].end),
    'is in one state and one hand',
  );
  say('all units', total(() => true) === issuedKg, 'held, buffer, retired and cancelled add up to what was issued');
  const reversedKg = [...reversed.values()].reduce((s, kg) => s + kg, 0);
  const cancelledKg = total(r => r.state === 'cancelled');
  say('reversals', cancelledKg + owedKg === reversedKg, 'cancelled and owed add up to what came out again');
  const hands = new Map<string, number>();
  for (const r of runs) if (r.state === 'held') hands.set(r.holder, (hands.get(r.holder) ?? 0) + r.end - r.first);
  return {
    checks,
    sound: checks.every(c => c.ok),
    issuedKg,
    heldKg: total(r => r.state === 'held'),
    bufferKg: total(r => r.state === 'buffer'),
    retiredKg: total(r => r.state === 'retired'),
    cancelledKg,
    owedKg,
    holdings: [...hands].map(([holder, kilograms]) => ({ holder, kilograms })),
  };
}

/** Expected share of a removal that is still stored after so many years. */
export function expectedStored(s: Storage, years: number): number {
  return ((1 - s.leakShareYear) * (1 - s.reversalChanceYear)) ** years;
}

/** Mean share stored over a horizon (years): the tonne-years kept over those of a removal that lasts. */
export function durability(s: Storage, horizonYears: number): number {
  const keep = (1 - s.leakShareYear) * (1 - s.reversalChanceYear);
  if (keep >= 1) return 1;
  return (1 - keep ** horizonYears) / (-Math.log(keep) * horizonYears);
}

/** Buffer share that covers the expected loss over a horizon. */
export const fairBuffer = (s: Storage, horizonYears: number): number => 1 - expectedStored(s, horizonYears);
