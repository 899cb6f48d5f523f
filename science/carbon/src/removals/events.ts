// What can happen to units of removal, and who has to sign it. After the Article 6.2 guidance (decisions 2/CMA.3 and 4/CMA.6): the host country authorises
// uses by a letter, what is first transferred stays authorised, and what another counts the host adds back. Quantities are whole kilograms.

/** Loss of what is stored: a yearly share from the start (mineral or geological leakage), and the yearly chance of losing all (fire, harvest). */
export interface Storage {
  readonly medium: string;
  readonly leakShareYear: number;
  readonly reversalChanceYear: number;
}

/** Towards another country's target; towards an international mitigation programme (airlines); towards anything else. */
export type Use = 'target' | 'mitigation' | 'other';

/** Serial numbers `first` to `first + kilograms - 1`. */
interface Units {
  readonly first: number;
  readonly kilograms: number;
}

export type RemovalEvent = { readonly id: string } & (
  | {
      readonly kind: 'party';
      readonly party: string;
      /** The keeper keeps this register; a country authorises and counts; a holder holds units, in an account of `country`. */
      readonly role: 'keeper' | 'country' | 'holder';
      readonly country?: string;
      /** Of whoever signs for the party, for the caller's signatures. */
      readonly publicKey?: unknown;
    }
  /** A party's key is replaced; by the keeper alone when it was lost. */
  | { readonly kind: 'key'; readonly party: string; readonly lost?: boolean; readonly publicKey?: unknown }
  /** Countries that take part, and what of each batch goes to adaptation and is cancelled for overall mitigation: for Article 6.4 at least 5 and 2 %. */
  | {
      readonly kind: 'approach';
      readonly approach: string;
      readonly mechanism: 'article 6.2' | 'article 6.4';
      readonly countries: readonly string[];
      readonly adaptationShare: number;
      readonly mitigationShare: number;
    }
  /** A country's initial report: the years of its target, and whether adjustments are made year by year or as the average of the years gone by. */
  | {
      readonly kind: 'initial';
      readonly country: string;
      readonly fromYear: number;
      readonly toYear: number;
      readonly method: 'yearly' | 'average';
    }
  | ({
      readonly kind: 'issue';
      readonly approach?: string;
      readonly holder: string;
      readonly host: string;
      /** What removes (a plot, a plant); two batches of one activity may not overlap in time. */
      readonly activity: string;
      readonly fromDay: number;
      readonly toDay: number;
      /** Share set aside for reversals, from 0 to below 1; these units cannot be transferred or retired. */
      readonly bufferShare: number;
      readonly storage: Storage;
    } & Units)
  | ({
      readonly kind: 'authorise';
      readonly host: string;
      /** Reference of the letter of authorisation. */
      readonly letter: string;
      readonly uses: readonly Use[];
      /** What the first transfer is for uses that are no target: the letter itself, the issue, or the use. */
      readonly firstTransfer?: 'authorisation' | 'issuance' | 'use';
      /** Countries that may count the units; any when absent. */
      readonly countries?: readonly string[];
    } & Units)
  /** The host takes an authorisation back: only before the units have left the country. */
  | ({ readonly kind: 'withdraw'; readonly host: string } & Units)
  | ({ readonly kind: 'transfer'; readonly from: string; readonly to: string } & Units)
  /** The host adds these units to its own emissions, so that another may count them. */
  | ({ readonly kind: 'adjust'; readonly host: string; readonly year?: number } & Units)
  /** Used: by a `country` in its target, in a `programme` of international mitigation, or for a claim of the holder's own. */
  | ({
      readonly kind: 'retire';
      readonly holder: string;
      readonly claim: string;
      readonly country?: string;
      readonly programme?: string;
      /** Year of the country's target in which it counts. */
      readonly year?: number;
    } & Units)
  /** Carbon came out again: units of the batch's buffer are cancelled, then of the others', then those of the batch that nobody has used. */
  | { readonly kind: 'reversal'; readonly issue: string; readonly kilograms: number }
);

/** The event of one kind. */
export type EventOf<K extends RemovalEvent['kind']> = Extract<RemovalEvent, { kind: K }>;

/** Parties that must have signed an event; `keeper` is the register's own. */
export function signersOf(e: RemovalEvent, keeper: string): readonly string[] {
  switch (e.kind) {
    case 'party':
    case 'issue':
    case 'reversal':
      return [keeper];
    case 'key':
      return e.lost ? [keeper] : [...new Set([keeper, e.party])];
    case 'approach':
      return e.countries;
    case 'initial':
      return [e.country];
    case 'authorise':
    case 'withdraw':
    case 'adjust':
      return [e.host];
    case 'transfer':
      return [e.from];
    case 'retire':
      return e.country === undefined ? [e.holder] : [e.holder, e.country];
  }
}

type Type = 'text' | 'whole' | 'share' | 'texts' | 'yes';
const UNITS = { first: 'whole', kilograms: 'whole' } as const;
const FIELDS: Readonly<Record<RemovalEvent['kind'], Readonly<Record<string, Type>>>> = {
  party: { party: 'text', role: 'text', 'country?': 'text' },
  key: { party: 'text', 'lost?': 'yes' },
  approach: {
    approach: 'text',
    mechanism: 'text',
    countries: 'texts',
    adaptationShare: 'share',
    mitigationShare: 'share',
  },
  initial: { country: 'text', fromYear: 'whole', toYear: 'whole', method: 'text' },
  issue: {
    'approach?': 'text',
    holder: 'text',
    host: 'text',
    activity: 'text',
    fromDay: 'whole',
    toDay: 'whole',
    ...UNITS,
    bufferShare: 'share',
    'storage.medium': 'text',
    'storage.leakShareYear': 'share',
    'storage.reversalChanceYear': 'share',
  },
  authorise: { host: 'text', letter: 'text', uses: 'texts', 'firstTransfer?': 'text', 'countries?': 'texts', ...UNITS },
  withdraw: { host: 'text', ...UNITS },
  transfer: { from: 'text', to: 'text', ...UNITS },
  adjust: { host: 'text', 'year?': 'whole', ...UNITS },
  retire: { holder: 'text', claim: 'text', 'country?': 'text', 'programme?': 'text', 'year?': 'whole', ...UNITS },
  reversal: { issue: 'text', kilograms: 'whole' },
};

const TYPES: Readonly<Record<Type, readonly [is: (x: unknown) => boolean, want: string]>> = {
  text: [isText, 'a text that is not empty'],
  whole: [x => Number.isSafeInteger(x), 'a whole number below 2^53'],
  share: [x => Number(x) >= 0 && Number(x) <= 1, 'a number from 0 to 1 (or its decimals as a text)'],
  yes: [x => x === true, 'true, or left out'],
  texts: [x => Array.isArray(x) && x.length > 0 && x.every(isText), 'a list of texts'],
};
function isText(x: unknown): boolean {
  return typeof x === 'string' && x !== '';
}

/** Reads an event out of parsed JSON; shares may be decimals as texts, as signed forms have them. Throws naming the field, its value and what it should be. */
export function readRemovalEvent(json: unknown): RemovalEvent {
  const o = json as Record<string, unknown>;
  const kind = o?.['kind'] as RemovalEvent['kind'];
  if (typeof kind !== 'string' || !Object.hasOwn(FIELDS, kind))
    throw new Error(`kind is ${said(kind)}; it must be one of ${Object.keys(FIELDS).join(', ')}`);
  for (const [name, type] of Object.entries({ id: 'text' as Type, ...FIELDS[kind] })) {
    const path = name.replace('?', '').split('.');
    const value = path.reduce<unknown>((x, key) => (x as Record<string, unknown> | undefined)?.[key], o);
    const [is, want] = TYPES[type];
    if (value === undefined && name.endsWith('?')) continue;
    if (value === null || value === '' || !is(value))
      throw new Error(`${path.join('.')} is ${said(value)}; it must be ${want}`);
  }
  const one = (name: string, value: unknown, allowed: readonly string[]) => {
    if (!allowed.includes(value as string))
      throw new Error(`${name} is ${said(value)}; it must be one of ${allowed.join(', ')}`);
  };
  if (kind === 'party') one('role', o['role'], ['keeper', 'country', 'holder']);
  if (kind === 'approach') {
    one('mechanism', o['mechanism'], ['article 6.2', 'article 6.4']);
    return {
      ...o,
      adaptationShare: Number(o['adaptationShare']),
      mitigationShare: Number(o['mitigationShare']),
    } as never;
  }
  if (kind === 'initial') one('method', o['method'], ['yearly', 'average']);
  if (o['firstTransfer'] !== undefined) one('firstTransfer', o['firstTransfer'], ['authorisation', 'issuance', 'use']);
  if (kind === 'authorise')
    for (const use of o['uses'] as unknown[]) one('uses', use, ['target', 'mitigation', 'other']);
  if (kind !== 'issue') return o as unknown as RemovalEvent;
  const storage = o['storage'] as Record<string, unknown>;
  return {
    ...o,
    bufferShare: Number(o['bufferShare']),
    storage: {
      medium: storage['medium'],
      leakShareYear: Number(storage['leakShareYear']),
      reversalChanceYear: Number(storage['reversalChanceYear']),
    },
  } as unknown as RemovalEvent;
}

const said = (x: unknown) => (x === undefined ? 'missing' : JSON.stringify(x));
