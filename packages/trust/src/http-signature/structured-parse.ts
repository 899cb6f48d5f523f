// Parsing of structured field values (RFC 9651 section 4.2). Trap: several lines of one field are joined with a comma before
// they come here; a list or dictionary may then go on over the joint, an item may not.
import { fromBase64, fromUtf8 } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';
import type { BareItem, Dictionary, InnerList, Item, Member, Parameters } from './structured-field.ts';

/** Everything below throws TrustError 'bad-syntax' with the place. */
export function parseDictionary(text: string): Dictionary {
  return whole(text, reader => {
    const dictionary = new Map<string, Member>();
    members(reader, () => {
      const key = parseKey(reader);
      const member = reader.take('=')
        ? parseMember(reader)
        : ({ kind: 'item', value: yes, parameters: parseParameters(reader) } as const);
      dictionary.set(key, member);
    });
    return dictionary;
  });
}

export function parseList(text: string): Member[] {
  return whole(text, reader => {
    const list: Member[] = [];
    members(reader, () => list.push(parseMember(reader)));
    return list;
  });
}

export function parseItem(text: string): Item {
  return whole(text, reader => {
    if (reader.ended()) throw reader.error('nothing here');
    return parseOneItem(reader);
  });
}

const yes: BareItem = { kind: 'boolean', value: true };

/** A place in a text. `match` takes a sticky regular expression from there. */
class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  ended(): boolean {
    return this.at === this.text.length;
  }

  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  error(why: string): TrustError {
    return new TrustError('bad-syntax', `structured field: ${why} at character ${this.at + 1}`);
  }
}

function whole<T>(text: string, parse: (reader: Reader) => T): T {
  const reader = new Reader(text);
  reader.match(/ */y);
  const value = parse(reader);
  reader.match(/ */y);
  if (!reader.ended()) throw reader.error('unexpected text');
  return value;
}

/** Members with commas between them; optional white space here includes tabs. */
function members(reader: Reader, one: () => void): void {
  while (!reader.ended()) {
    one();
    reader.match(/[ \t]*/y);
    if (reader.ended()) return;
    if (!reader.take(',')) throw reader.error('no comma');
    reader.match(/[ \t]*/y);
    if (reader.ended()) throw reader.error('nothing after a comma');
  }
}

function parseMember(reader: Reader): Member {
  return reader.text[reader.at] === '(' ? parseInnerList(reader) : parseOneItem(reader);
}

function parseInnerList(reader: Reader): InnerList {
  reader.take('(');
  const items: Item[] = [];
  for (;;) {
    reader.match(/ */y);
    if (reader.take(')')) return { kind: 'inner-list', items, parameters: parseParameters(reader) };
    if (reader.ended()) throw reader.error('an inner list that does not end');
    items.push(parseOneItem(reader));
    if (!/[ )]/.test(reader.text[reader.at] ?? '')) throw reader.error('no space in an inner list');
  }
}

function parseOneItem(reader: Reader): Item {
  return { kind: 'item', value: parseBareItem(reader), parameters: parseParameters(reader) };
}

function parseParameters(reader: Reader): Parameters {
  const parameters = new Map<string, BareItem>();
  while (reader.take(';')) {
    reader.match(/ */y);
    const key = parseKey(reader);
    parameters.set(key, reader.take('=') ? parseBareItem(reader) : yes);
  }
  return parameters;
}

function parseKey(reader: Reader): string {
  const key = reader.match(/[a-z*][a-z0-9_\-.*]*/y);
  if (key === undefined) throw reader.error('no key');
  return key;
}

function parseBareItem(reader: Reader): BareItem {
  const first = reader.text[reader.at] ?? '';
  if (/[-0-9]/.test(first)) return parseNumber(reader);
  if (/[A-Za-z*]/.test(first)) {
    return { kind: 'token', value: reader.match(/[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*/y) as string };
  }
  switch (first) {
    case '"': {
      const text = reader.match(/"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y);
      if (text === undefined) throw reader.error('a string that is not one');
      return { kind: 'string', value: text.slice(1, -1).replace(/\\(.)/g, '$1') };
    }
    case ':': {
      const text = reader.match(/:[A-Za-z0-9+/]*={0,2}:/y);
      if (text === undefined) throw reader.error('a byte sequence that is not one');
      return { kind: 'bytes', value: parseBytes(text.slice(1, -1), reader) };
    }
    case '?': {
      const text = reader.match(/\?[01]/y);
      if (text === undefined) throw reader.error('a boolean that is not one');
      return { kind: 'boolean', value: text === '?1' };
    }
    case '@': {
      reader.take('@');
      const { kind, value } = parseNumber(reader);
      if (kind !== 'integer') throw reader.error('a date that is not whole seconds');
      return { kind: 'date', value };
    }
    case '%': {
      const text = reader.match(/%"(?:[\x20\x21\x23\x24\x26-\x7e]|%[0-9a-f]{2})*"/y);
      if (text === undefined) throw reader.error('a display string that is not one');
      return { kind: 'display', value: parseDisplay(text.slice(2, -1), reader) };
    }
    default:
      throw reader.error('no item');
  }
}

function parseNumber(reader: Reader): { readonly kind: 'integer' | 'decimal'; readonly value: number } {
  const text = reader.match(/-?[0-9]+(?:\.[0-9]*)?/y);
  const parts = /^-?([0-9]+)(?:\.([0-9]*))?$/.exec(text ?? '');
  if (!parts) throw reader.error('a number that is not one');
  const [, whole, fraction] = parts;
  if (fraction === undefined) {
    if (whole.length > 15) throw reader.error('an integer of over 15 digits');
    return { kind: 'integer', value: Number(text) };
  }
  if (whole.length > 12 || fraction.length < 1 || fraction.length > 3) {
    throw reader.error('a decimal that is not 1 to 12 digits, a point, 1 to 3 digits');
  }
  return { kind: 'decimal', value: Number(text) };
}

/** Padding may be missing (section 4.2.7); bits past the end may not be set. */
function parseBytes(text: string, reader: Reader): Uint8Array {
  try {
    const bare = text.replace(/={1,2}$/, '');
    return fromBase64(bare + '='.repeat((4 - (bare.length % 4)) % 4));
  } catch {
    throw reader.error('a byte sequence that is not base64');
  }
}

function parseDisplay(text: string, reader: Reader): string {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '%') {
      bytes.push(Number.parseInt(text.slice(i + 1, i + 3), 16));
      i += 2;
    } else {
      bytes.push(text.charCodeAt(i));
    }
  }
  try {
    return fromUtf8(Uint8Array.from(bytes));
  } catch {
    throw reader.error('a display string that is not UTF-8');
  }
}
