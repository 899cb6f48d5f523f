// Structured field values for HTTP (RFC 9651, which is RFC 8941 with dates and display strings): the data model and its strict
// serialization (section 4.1). The parser is beside it. Trap: the serialized form is what gets signed, so there is exactly one.
import { toBase64, utf8 } from '../bytes/bytes.ts';
import { TrustError } from '../error.ts';

export type BareItem =
  | { readonly kind: 'integer' | 'decimal' | 'date'; readonly value: number }
  | { readonly kind: 'string' | 'token' | 'display'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'boolean'; readonly value: boolean };

/** In order of appearance; a repeated key keeps its first place and its last value. */
export type Parameters = ReadonlyMap<string, BareItem>;

export interface Item {
  readonly kind: 'item';
  readonly value: BareItem;
  readonly parameters: Parameters;
}

export interface InnerList {
  readonly kind: 'inner-list';
  readonly items: readonly Item[];
  readonly parameters: Parameters;
}

export type Member = Item | InnerList;
export type Dictionary = ReadonlyMap<string, Member>;

/** Integers have at most 15 digits. */
const maxInteger = 999_999_999_999_999;

export function item(value: BareItem, parameters: Parameters = new Map()): Item {
  return { kind: 'item', value, parameters };
}

export function serializeDictionary(dictionary: Dictionary): string {
  return [...dictionary]
    .map(([key, member]) =>
      member.kind === 'item' && member.value.kind === 'boolean' && member.value.value
        ? serializeKey(key) + serializeParameters(member.parameters)
        : `${serializeKey(key)}=${serializeMember(member)}`,
    )
    .join(', ');
}

export function serializeList(list: readonly Member[]): string {
  return list.map(serializeMember).join(', ');
}

export function serializeMember(member: Member): string {
  const value =
    member.kind === 'item' ? serializeBareItem(member.value) : `(${member.items.map(serializeMember).join(' ')})`;
  return value + serializeParameters(member.parameters);
}

function serializeParameters(parameters: Parameters): string {
  let text = '';
  for (const [key, value] of parameters) {
    text += `;${serializeKey(key)}`;
    if (!(value.kind === 'boolean' && value.value)) text += `=${serializeBareItem(value)}`;
  }
  return text;
}

function serializeKey(key: string): string {
  if (!/^[a-z*][a-z0-9_\-.*]*$/.test(key)) throw new TrustError('bad-syntax', `"${key}" cannot be a key`);
  return key;
}

function serializeBareItem(bare: BareItem): string {
  switch (bare.kind) {
    case 'integer':
      return serializeInteger(bare.value);
    case 'date':
      return `@${serializeInteger(bare.value)}`;
    case 'decimal':
      return serializeDecimal(bare.value);
    case 'string':
      if (!/^[\x20-\x7e]*$/.test(bare.value)) throw new TrustError('bad-syntax', 'a string is printable ASCII');
      return `"${bare.value.replace(/[\\"]/g, '\\$&')}"`;
    case 'token':
      if (!/^[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*$/.test(bare.value)) {
        throw new TrustError('bad-syntax', `"${bare.value}" is not a token`);
      }
      return bare.value;
    case 'bytes':
      return `:${toBase64(bare.value)}:`;
    case 'boolean':
      return bare.value ? '?1' : '?0';
    case 'display':
      return `%"${Array.from(utf8(bare.value), displayByte).join('')}"`;
  }
}

function displayByte(byte: number): string {
  const printable = byte >= 0x20 && byte < 0x7f && byte !== 0x25 && byte !== 0x22;
  return printable ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`;
}

function serializeInteger(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) > maxInteger) {
    throw new TrustError('bad-syntax', `${value} is not an integer of at most 15 digits`);
  }
  return String(value === 0 ? 0 : value);
}

/** Three digits after the point at most, one at least, halves to even. */
function serializeDecimal(value: number): string {
  const scaled = Math.abs(value) * 1000;
  const down = Math.floor(scaled);
  const rest = scaled - down;
  const rounded = rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
  if (!Number.isFinite(value) || rounded > maxInteger) {
    throw new TrustError('bad-syntax', `${value} is not a decimal of at most 12 digits before its point`);
  }
  const fraction = String(rounded % 1000)
    .padStart(3, '0')
    .replace(/0{1,2}$/, '');
  return `${value < 0 && rounded > 0 ? '-' : ''}${Math.floor(rounded / 1000)}.${fraction}`;
}
